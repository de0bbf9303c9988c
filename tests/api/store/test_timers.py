"""The timers of candidates, from the door on, in memory and on SQLite."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from api.store.store import SqlStore
from cases.dossier import Dossier
from cases.escalation import Audience
from cases.intake import Intake
from cases.policy import AutoFilePolicy, AutoFileRule
from cases.ports import Store
from cases.states import Act, CaseState
from cases.timekeeper import Timekeeper
from cases.timers import TimerKind
from cases.unmerging import Unmerging
from cases.verification import Verification, VerificationResult
from cases.verifying import Verifying
from inference.findings import ViolationKind
from tests.case_builders import NOON, CountedIds, HandClock, a_city, a_finding, a_report
from tests.case_fakes import MemoryStore
from tests.rigs.databases import SqliteFiles

SURE = AutoFileRule(kind=ViolationKind.ILLEGAL_PARKING, minimum_confidence=0.7)
CITY = replace(a_city(), policy=AutoFilePolicy(rules=(SURE,)))

TOO_LATE = [(100, Audience.ACCEPTOR)]


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, sqlite_files: SqliteFiles) -> Iterator[Store]:
    if request.param == "memory":
        yield MemoryStore()
        return
    with sqlite_files.upgraded() as url, SqlStore(url) as opened:
        yield opened


@dataclass
class Office:
    """The door and the timekeeper of a city that files at once what is sure."""

    store: Store
    clock: HandClock = field(default_factory=HandClock)

    def __post_init__(self) -> None:
        self.intake = Intake(self.store, CITY, clock=self.clock, new_id=CountedIds())
        self.verifying = Verifying(self.store, CITY, clock=self.clock, new_id=CountedIds(100))
        self.timekeeper = Timekeeper(self.store, CITY, clock=self.clock)

    def wait(self, **by: float) -> None:
        self.clock.forward(**by)
        while self.timekeeper.tick():
            pass

    def dossier(self) -> Dossier:
        with self.store.transaction() as book:
            return book.dossier("id-1")

    def report(self) -> Verification:
        """A resident reports something; somebody of the grid is asked to look within half an hour."""
        with self.store.transaction() as book:
            self.intake.receive(book, a_report())
            task = book.verification("id-2")
        assert task is not None
        return task

    def told(self) -> list[tuple[int, Audience]]:
        notices = self.dossier().notices
        return sorted((each.step, each.audience) for each in notices if each.about == TimerKind.ACCEPTANCE)


def test_what_a_later_finding_files_becomes_overdue_too(store: Store) -> None:
    office = Office(store)
    office.intake.take(a_finding(confidence=0.6))
    assert office.dossier().case.state is CaseState.CANDIDATE
    office.wait(minutes=10)
    office.intake.take(a_finding("2", confidence=0.75))
    assert office.dossier().case.deadline_at == NOON + timedelta(hours=2, minutes=10)
    office.wait(hours=2, seconds=1)
    dossier = office.dossier()
    assert dossier.case.overdue_at == NOON + timedelta(hours=2, minutes=10)
    assert [entry.act for entry in dossier.history] == [Act.OPEN, Act.MERGE, Act.FILE, Act.OVERDUE]


def test_people_are_told_of_a_candidate_that_nobody_judges(store: Store) -> None:
    office = Office(store)
    office.intake.take(a_finding(confidence=0.6))
    office.wait(minutes=15)
    assert office.told() == []
    office.wait(seconds=1)
    assert office.told() == TOO_LATE
    office.wait(days=1)
    assert office.told() == [*TOO_LATE, (150, Audience.ACCEPTOR), (150, Audience.LEADERS)]


def test_what_is_filed_by_machine_waits_for_no_verdict(store: Store) -> None:
    office = Office(store)
    office.intake.take(a_finding(confidence=0.6))
    office.wait(minutes=10)
    office.intake.take(a_finding("2", confidence=0.75))
    waited = office.dossier().timers[0]
    assert (waited.kind, waited.due_at) == (TimerKind.ACCEPTANCE, None)
    assert waited.spent == pytest.approx(10 / 60)
    office.wait(days=1)
    assert office.told() == []


def test_a_candidate_that_was_late_is_told_of_although_it_is_filed_before_the_next_round(store: Store) -> None:
    office = Office(store)
    office.intake.take(a_finding(confidence=0.6))
    office.clock.forward(minutes=16)
    office.intake.take(a_finding("2", confidence=0.75))
    assert office.told() == TOO_LATE


def test_what_is_sure_from_the_start_waits_for_no_verdict(store: Store) -> None:
    office = Office(store)
    office.intake.take(a_finding(confidence=0.75))
    assert TimerKind.ACCEPTANCE not in {timer.kind for timer in office.dossier().timers}


def test_the_verdict_waits_while_somebody_looks_on_the_spot(store: Store) -> None:
    office = Office(store)
    task = office.report()
    office.wait(minutes=20)
    assert office.told() == []
    office.verifying.answer(task.id, VerificationResult.UNABLE, by="wang", note="locked gate")
    office.wait(minutes=15)
    assert office.told() == []
    office.wait(seconds=1)
    assert office.told() == TOO_LATE


def test_a_look_on_the_spot_that_never_comes_forgets_no_candidate(store: Store) -> None:
    office = Office(store)
    task = office.report()
    office.wait(minutes=45)
    assert office.told() == []
    office.wait(seconds=1)
    assert office.told() == TOO_LATE
    office.verifying.answer(task.id, VerificationResult.UNABLE, by="wang", note="locked gate")
    office.wait(minutes=7)
    assert office.told() == TOO_LATE
    office.wait(minutes=1)
    assert (150, Audience.LEADERS) in office.told()


def test_what_is_taken_apart_waits_for_a_verdict_of_its_own(store: Store) -> None:
    office = Office(store)
    office.intake.take(a_finding(confidence=0.6))
    office.intake.take(a_finding("2", confidence=0.6))
    new = Unmerging(store, CITY, clock=office.clock, new_id=CountedIds(50)).separate(
        "id-1", "2", version=2, by="li", reason="another car"
    )
    with store.transaction() as book:
        [timer] = book.dossier(new.id).timers
    assert (timer.kind, timer.due_at) == (TimerKind.ACCEPTANCE, NOON + timedelta(minutes=15))


def test_a_case_that_rests_is_passed_over(store: Store) -> None:
    office = Office(store)
    office.intake.take(a_finding(confidence=0.6))
    with store.transaction() as book:
        assert book.next_timer(NOON + timedelta(hours=1), but=["id-1"]) is None
        assert book.next_timer(NOON + timedelta(hours=1), but=["id-2"]) is not None
