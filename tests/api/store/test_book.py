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
    first = settle(filed, a_filing("m-1"), a_filing("m-1").taken(NOON, LATER))
    second = settle(filed, first, first.taken(NOON, LATER))
    with pytest.raises(LeaseLost, match="lease 1"):
        settle(filed, first, first.sent(NOON, None))
    assert filed.dossier("case-1").filings == (second,)


def test_a_filing_in_somebodys_hands_is_left_there_until_its_lease_ends(filed: SqlStore) -> None:
    put(filed, a_filing("m-1"))
    assert next_id(filed) == "m-1"
    settle(filed, a_filing("m-1"), a_filing("m-1").taken(NOON, LATER))
    assert next_id(filed) is None
    assert next_id(filed, minutes=2) == "m-1"


def test_an_earlier_filing_of_the_same_case_goes_first(filed: SqlStore) -> None:
    put(filed, a_filing("m-1"), a_filing("c-1", "cleaning"))
    taken = settle(filed, a_filing("m-1"), a_filing("m-1").taken(NOON, LATER))
    failed = settle(filed, taken, taken.failed("no", NOON + timedelta(minutes=5)))
    assert next_id(filed, minutes=4) is None
    assert next_id(filed, minutes=5) == "m-1"
    again = settle(filed, failed, failed.taken(NOON, LATER))
    settle(filed, again, again.held("nobody knows"))
    assert next_id(filed, minutes=5) == "c-1"


def test_a_department_has_two_filings_on_their_way_at_most_and_a_probe_goes_alone(filed: SqlStore) -> None:
    with filed.transaction() as book:
        for number in range(2, 6):
            book.open(Change(case=replace(a_case(), id=f"case-{number}"), entries=()), year=2026)
            filing = replace(a_filing(f"m-{number}"), case_id=f"case-{number}")
            book.write(Change(case=book.dossier(f"case-{number}").case, entries=(), filing=filing))

    def take(minutes: float = 0) -> str | None:
        now = NOON + timedelta(minutes=minutes)
        with filed.transaction() as book:
            if (filing := book.next_filing(now)) is not None:
                book.settle(filing, filing.taken(now, now + timedelta(minutes=1)))
            return filing.id if filing else None

    assert [take(), take(), take()] == ["m-2", "m-3", None]
    with filed.transaction() as book:
        opened = book.breaker("police").asked_to_wait(NOON + timedelta(minutes=9), "busy", now=NOON)
        book.keep_breaker(opened)
        assert book.breaker("police") == opened
    assert take(minutes=8) is None
    assert [take(minutes=9), take(minutes=9)] == ["m-4", None], "a probe is what was tried least"


def test_what_failed_is_tried_at_once_where_the_department_answers_again(filed: SqlStore) -> None:
    put(filed, a_filing("m-1"))
    taken = settle(filed, a_filing("m-1"), a_filing("m-1").taken(NOON, LATER))
    settle(filed, taken, taken.failed("no", NOON + timedelta(hours=20)))
    with filed.transaction() as book:
        book.hasten("cleaning", NOON)
    assert next_id(filed) is None
    with filed.transaction() as book:
        book.hasten("police", NOON)
    assert next_id(filed) == "m-1"
