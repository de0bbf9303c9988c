"""What people do to cases."""

import pytest

from cases.city import Department
from cases.desk import Desk
from cases.errors import CaseNotFound, MoveRefused, StaleVersion
from cases.filing import FilingState
from cases.intake import Intake
from cases.states import Act, CaseState
from tests.case_builders import NOON, CountedIds, HandClock, a_city, a_finding, a_proof
from tests.case_fakes import MemoryStore


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def desk(store: MemoryStore) -> Desk:
    ids = CountedIds()
    Intake(store, a_city(), clock=HandClock(), new_id=ids).take(a_finding())
    return Desk(store, a_city(), clock=HandClock(), new_id=ids)


CASE = "id-1"


def test_the_whole_life_leaves_its_history(desk: Desk, store: MemoryStore) -> None:
    desk.confirm(CASE, version=1, by="li", reason="clear")
    desk.accept(CASE, version=2, by="police")
    desk.handle(CASE, version=3, by="police", note="towed", proofs=(a_proof(),))
    closed = desk.close(CASE, version=4, by="li")
    assert (closed.state, closed.version, closed.ended_at) == (CaseState.CLOSED, 5, NOON)
    told = [(entry.act, entry.actor, entry.reason) for entry in store.book.dossier(CASE).history]
    assert told == [
        (Act.OPEN, "jiexun", "stay-1"),
        (Act.FILE, "li", "clear"),
        (Act.ACCEPT, "police", ""),
        (Act.HANDLE, "police", "towed"),
        (Act.CLOSE, "li", ""),
    ]


def test_confirming_makes_a_delivery_due_and_rejecting_makes_none(desk: Desk, store: MemoryStore) -> None:
    desk.reject(CASE, version=1, by="li", reason="a bay")
    assert not store.book.filings
    with pytest.raises(MoveRefused):
        desk.confirm(CASE, version=2, by="wang")
    assert not store.book.filings


def test_who_saw_an_older_version_is_refused_and_nothing_happens(desk: Desk, store: MemoryStore) -> None:
    desk.confirm(CASE, version=1, by="li")
    before = store.book
    with pytest.raises(StaleVersion, match="version 1"):
        desk.reject(CASE, version=1, by="wang", reason="no")
    assert store.book == before


def test_an_unknown_case_is_said_so(desk: Desk) -> None:
    with pytest.raises(CaseNotFound):
        desk.confirm("nothing", version=1, by="li")


def test_the_departments_answer_shows_that_its_delivery_arrived(desk: Desk, store: MemoryStore) -> None:
    desk.confirm(CASE, version=1, by="li")
    desk.accept(CASE, version=2, by="police")
    assert [filing.state for filing in store.book.filings.values()] == [FilingState.ACKNOWLEDGED]


def test_a_returned_case_goes_to_another_department(desk: Desk, store: MemoryStore) -> None:
    deadline = desk.confirm(CASE, version=1, by="li").deadline_at
    desk.send_back(CASE, version=2, by="police", reason="not our road")
    with pytest.raises(MoveRefused, match="no department is called nobody"):
        desk.reassign(CASE, version=3, by="wang", department="nobody", reason="theirs")
    case = desk.reassign(CASE, version=3, by="wang", department="street", reason="theirs")
    assert (case.state, case.department, case.deadline_at) == (CaseState.FILED, "street", deadline)
    assert [(filing.department, filing.state) for filing in store.book.filings.values()] == [
        ("police", FilingState.ACKNOWLEDGED),
        ("street", FilingState.DUE),
    ]


def test_departments_get_their_cases_in_the_inbox_unless_told_otherwise() -> None:
    assert a_city().channel_of("unlisted") is Department(id="x", name="x").channel
