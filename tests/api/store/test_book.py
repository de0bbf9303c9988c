"""The last line of defence is in the SQL itself: versions, leases, and the order of a department's queue."""

from dataclasses import replace
from datetime import timedelta

import pytest

from api.store.store import SqlStore
from cases.dossier import Change
from cases.errors import LeaseLost, StaleVersion
from cases.filing import Channel, Filing, FilingState
from tests.case_builders import NOON, a_case

LATER = NOON + timedelta(minutes=2)


def a_filing(name: str, department: str = "police") -> Filing:
    return Filing(
        id=name,
        case_id="case-1",
        department=department,
        channel=Channel.WEBHOOK,
        state=FilingState.DUE,
        created_at=NOON,
        next_try_at=NOON,
    )


@pytest.fixture
def filed(store: SqlStore) -> SqlStore:
    with store.transaction() as book:
        book.open(Change(case=a_case(), entries=()), year=2026)
    return store


def put(store: SqlStore, *filings: Filing) -> None:
    for filing in filings:
        with store.transaction() as book:
            book.write(Change(case=book.dossier("case-1").case, entries=(), filing=filing))


def settle(store: SqlStore, was: Filing, now: Filing) -> Filing:
    with store.transaction() as book:
        book.settle(was, now)
    return now


def next_id(store: SqlStore, minutes: float = 0) -> str | None:
    with store.transaction() as book:
        filing = book.next_filing(NOON + timedelta(minutes=minutes))
        return filing.id if filing else None


def test_an_older_version_is_not_written(filed: SqlStore) -> None:
    case = filed.dossier("case-1").case
    with filed.transaction() as book:
        book.write(Change(case=replace(case, confidence=0.9), entries=()))
    with pytest.raises(StaleVersion), filed.transaction() as book:
        book.write(Change(case=replace(case, confidence=0.1), entries=()))
    assert (filed.dossier("case-1").case.confidence, filed.dossier("case-1").case.version) == (0.9, 2)


def test_an_older_lease_settles_nothing(filed: SqlStore) -> None:
    put(filed, a_filing("m-1"))
    first = settle(filed, a_filing("m-1"), a_filing("m-1").taken(LATER))
    second = settle(filed, first, first.taken(LATER))
    with pytest.raises(LeaseLost, match="lease 1"):
        settle(filed, first, first.sent(NOON, None))
    assert filed.dossier("case-1").filings == (second,)


def test_the_head_of_a_departments_queue_holds_it_up_until_it_is_settled(filed: SqlStore) -> None:
    put(filed, a_filing("m-1"), a_filing("m-2"), replace(a_filing("c-1", "cleaning"), next_try_at=LATER))
    assert next_id(filed) == "m-1"
    taken = settle(filed, a_filing("m-1"), a_filing("m-1").taken(LATER))
    assert next_id(filed) is None
    assert next_id(filed, minutes=2) == "m-1"
    failed = settle(filed, taken, taken.failed("no", NOON + timedelta(minutes=5)))
    assert next_id(filed, minutes=2) == "c-1"
    assert next_id(filed, minutes=5) == "c-1"
    again = settle(filed, failed, failed.taken(LATER))
    settle(filed, again, again.dead("gone"))
    assert next_id(filed) == "m-2"
