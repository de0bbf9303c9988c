"""Departments are merged and split: inboxes are united, nothing is lost, and what is over stays as it was."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.city import Department
from cases.desk import Desk
from cases.errors import MoveRefused
from cases.filing import FilingState
from cases.intake import Intake
from cases.reorganisation import Reorganisation, Transfer, hand_over
from cases.states import OPEN, Act, CaseState
from inference.findings import ViolationKind
from tests.case_builders import NOON, CountedIds, HandClock, a_city, a_finding, a_proof
from tests.case_fakes import MemoryStore

CITY = a_city(auto_file=True)
AFTER = replace(CITY, departments={**CITY.departments, "urban": Department(id="urban", name="Urban services")})
MERGE = Reorganisation(
    name="Reform 2026",
    valid_from=NOON,
    transfers=(Transfer(sources=frozenset({"police", "cleaning"}), heir="urban"),),
)


class Office:
    """A store with cases of all departments, at different stages."""

    def __init__(self) -> None:
        self.store, self.clock, self.new_id = MemoryStore(), HandClock(), CountedIds()
        self.intake = Intake(self.store, CITY, clock=self.clock, new_id=self.new_id)
        self.desk = Desk(self.store, CITY, clock=self.clock, new_id=self.new_id)

    def case(self, kind: ViolationKind, stage: int) -> None:
        """One more case; stage 0 is filed, 1 accepted, 2 handled, 3 closed."""
        place = (10.0 * len(self.store.book.cases) * 50, 0.0, 10.0 * len(self.store.book.cases) * 50 + 20, 20.0)
        [taken] = [self.intake.take(a_finding(self.new_id(), kind=kind, box=place))]
        assert taken.case is not None
        name = taken.case.id
        if stage > 0:
            self.desk.accept(name, version=1, by="wang")
        if stage > 1:
            self.desk.handle(name, version=2, by="wang", proofs=(a_proof(),))
        if stage > 2:
            self.desk.close(name, version=3, by="li")

    def reorganise(self, plan: Reorganisation = MERGE) -> None:
        for name in list(self.store.book.cases):
            hand_over(self.store, AFTER, plan, name, by="chen", clock=self.clock, new_id=self.new_id)

    def open_cases(self, *departments: str) -> set[str]:
        cases = self.store.book.cases.values()
        return {case.id for case in cases if case.state in OPEN and case.department in departments}


KINDS = st.sampled_from(
    [ViolationKind.ILLEGAL_PARKING, ViolationKind.EXPOSED_GARBAGE, ViolationKind.STALL_ENCROACHMENT]
)


@settings(max_examples=25, deadline=None)
@given(cases=st.lists(st.tuples(KINDS, st.integers(0, 3)), max_size=8))
def test_the_heir_has_the_union_of_the_inboxes_and_the_past_is_unchanged(
    cases: list[tuple[ViolationKind, int]],
) -> None:
    office = Office()
    for kind, stage in cases:
        office.case(kind, stage)
    before, old_lines = dict(office.store.book.cases), list(office.store.book.entries)
    inboxes = office.open_cases("police", "cleaning")
    office.reorganise()
    after = office.store.book.cases
    assert office.open_cases("urban") == inboxes
    assert office.open_cases("police", "cleaning") == set()
    assert office.store.book.entries[: len(old_lines)] == old_lines
    for name, case in before.items():
        if name in inboxes:
            assert after[name] == replace(case, department="urban", version=case.version + 1)
        else:
            assert after[name] == case
    office.reorganise()
    assert office.store.book.cases == after


def test_the_history_says_who_had_the_case_and_a_new_delivery_goes_out() -> None:
    office = Office()
    office.case(ViolationKind.ILLEGAL_PARKING, 0)
    office.reorganise()
    _, line = office.store.book.entries[-1]
    assert (line.act, line.actor, line.before, line.after) == (
        Act.TRANSFER,
        "chen",
        CaseState.FILED,
        CaseState.FILED,
    )
    assert line.reason == "Reform 2026: police → urban"
    deliveries = [(filing.department, filing.state) for filing in office.store.book.filings.values()]
    assert deliveries == [("police", FilingState.GIVEN_UP), ("urban", FilingState.DUE)]


def test_a_department_is_split_by_subject_and_the_rest_stays() -> None:
    office = Office()
    office.case(ViolationKind.ILLEGAL_PARKING, 1)
    office.case(ViolationKind.EXPOSED_GARBAGE, 1)
    by_code = Transfer(sources=frozenset({"police", "cleaning"}), heir="urban", codes=frozenset({"0102"}))
    office.reorganise(replace(MERGE, transfers=(by_code,)))
    assert [case.department for case in office.store.book.cases.values()] == ["police", "urban"]


def test_before_its_day_nothing_moves() -> None:
    office = Office()
    office.case(ViolationKind.ILLEGAL_PARKING, 0)
    with pytest.raises(MoveRefused, match="Reform 2026 holds from 2026-03-02T12:00:01"):
        office.reorganise(replace(MERGE, valid_from=NOON + timedelta(seconds=1)))
    assert office.open_cases("police")
