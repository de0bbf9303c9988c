"""Months in the database: counted live, frozen when published, never changed once locked."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from api.store.store import SqlStore
from cases.appraisal.desk import AppraisalDesk
from cases.appraisal.league import Unit
from cases.appraisal.period import PeriodAct, PeriodState
from cases.appraisal.sets import CaseSet
from cases.case import Case
from cases.city import CityOrder
from cases.desk import Desk
from cases.errors import AppraisalError
from cases.grid import Area, AreaLevel, Grid
from cases.intake import Intake
from tests.case_builders import BOX, CountedIds, HandClock, a_city, a_finding

MARCH = "2026-03"
APRIL_FIRST = datetime(2026, 4, 1, 0, 1, tzinfo=UTC)
GRID = Grid(
    [
        Area(code="d", level=AreaLevel.DISTRICT, name="District"),
        *(Area(code=code, level=AreaLevel.STREET, name=code, parent="d") for code in ("s1", "s2")),
        *(Area(code=f"{street}-c", level=AreaLevel.COMMUNITY, name="c", parent=street) for street in ("s1", "s2")),
    ]
)


def district() -> CityOrder:
    return replace(a_city(auto_file=True, areas={"cam-1": "s1-c", "cam-2": "s2-c"}), grid=GRID)


class Month:
    """Cases of March, and the desk where they are appraised."""

    def __init__(self, store: SqlStore) -> None:
        self.store, self.clock = store, HandClock()
        self._order, ids = district(), CountedIds()
        self._intake = Intake(store, self._order, clock=self.clock, new_id=ids)
        self._cases = Desk(store, self._order, clock=self.clock, new_id=ids)
        self.desk = AppraisalDesk(store.appraisal, self._order, clock=self.clock)

    def case(self, number: int, camera: str = "cam-1") -> Case:
        finding = a_finding(
            f"stay-{number}", camera=camera, box=(BOX[0] + 300 * number, *BOX[1:2], BOX[2] + 300 * number, BOX[3])
        )
        [taken] = self._intake.record_look(
            camera=camera, memory=b"", position=0.0, captured_at=self.clock(), findings=[finding]
        )
        assert taken.case is not None
        return taken.case

    def handled(self, case: Case) -> Case:
        accepted = self._cases.accept(case.id, version=case.version, by="Li")
        return self._cases.handle(case.id, version=accepted.version, by="Li", note="gone", proofs=())

    def counts(self, unit: Unit = Unit.DEPARTMENT) -> dict[str, tuple[int, int]]:
        table = self.desk.table(MARCH, unit)
        return {one.unit: (one.tally.cases, one.tally.count(CaseSet.HANDLED)) for one in table.standings}


def test_an_open_month_counts_its_cases_as_they_are(store: SqlStore) -> None:
    month = Month(store)
    first, _ = month.case(1), month.case(2, "cam-2")
    assert month.counts() == {"police": (2, 0)}
    month.handled(first)
    assert month.counts() == {"police": (2, 1)}
    assert month.counts(Unit.STREET) == {"s1": (1, 1), "s2": (1, 0)}
    assert month.counts(Unit.DISTRICT) == {"d": (2, 1)}
    assert [one.number for one in month.desk.members(MARCH, Unit.STREET, "s1", CaseSet.HANDLED)] == [first.number]
    assert month.desk.table("2026-04", Unit.DEPARTMENT).standings == ()


def test_published_figures_stand_whatever_happens_to_the_cases(store: SqlStore) -> None:
    month = Month(store)
    late = month.case(1)
    month.clock.now = APRIL_FIRST
    month.desk.move(MARCH, PeriodAct.PUBLISH, by="Wang")
    month.handled(month.store.dossier(late.id).case)
    assert month.counts() == {"police": (1, 0)}
    month.desk.move(MARCH, PeriodAct.REPUBLISH, by="Wang", reason="the case was handled in time after all")
    assert month.counts() == {"police": (1, 1)}
    locked = month.desk.move(MARCH, PeriodAct.LOCK, by="Zhao")
    assert (locked.state, locked.revision) == (PeriodState.LOCKED, 2)
    with pytest.raises(AppraisalError, match="is locked"):
        month.desk.move(MARCH, PeriodAct.REPUBLISH, by="Wang", reason="once more")


def test_a_month_that_is_not_over_is_not_published(store: SqlStore) -> None:
    month = Month(store)
    with pytest.raises(AppraisalError, match="not over yet"):
        month.desk.move(MARCH, PeriodAct.PUBLISH, by="Wang")


def test_of_two_who_move_a_month_at_once_one_is_refused(store: SqlStore) -> None:
    month = Month(store)
    month.clock.now = APRIL_FIRST
    was = store.appraisal.period(MARCH)
    span = was.span(UTC)
    scheme = month.desk.table(MARCH, Unit.DEPARTMENT).scheme
    wang, zhao = (was.moved(PeriodAct.PUBLISH, by=by, at=APRIL_FIRST, scheme=scheme) for by in ("Wang", "Zhao"))
    store.appraisal.move(was, wang, span)
    with pytest.raises(AppraisalError, match="meanwhile"):
        store.appraisal.move(was, zhao, span)
    assert store.appraisal.period(MARCH) == wang


def test_a_street_votes_anew_while_the_month_is_open_and_not_afterwards(store: SqlStore) -> None:
    month = Month(store)
    for points in (60.0, 80.0):
        month.desk.vote(MARCH, street="s1", department="police", points=points, by="Zhao")
    month.desk.vote(MARCH, street="s2", department="police", points=90.0, by="Qian")
    assert [(vote.street, vote.points) for vote in month.desk.votes(MARCH)] == [("s1", 80.0), ("s2", 90.0)]
    month.clock.now = APRIL_FIRST
    month.desk.move(MARCH, PeriodAct.PUBLISH, by="Wang")
    with pytest.raises(AppraisalError, match="its votes stand"):
        month.desk.vote(MARCH, street="s1", department="police", points=100.0, by="Zhao")


@pytest.mark.parametrize(("street", "department"), [("d", "police"), ("nowhere", "police"), ("s1", "nobody")])
def test_only_streets_score_and_only_departments_are_scored(store: SqlStore, street: str, department: str) -> None:
    with pytest.raises(AppraisalError):
        Month(store).desk.vote(MARCH, street=street, department=department, points=50.0, by="Zhao")
