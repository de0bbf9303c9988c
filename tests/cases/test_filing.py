"""The states of a delivery."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from cases.errors import MoveRefused
from cases.filing import FILING_MOVES, Channel, Filing, FilingState
from tests.case_builders import NOON

F = FilingState
LATER = NOON + timedelta(minutes=2)

ALLOWED = {
    (F.DUE, F.SENDING),
    (F.DUE, F.GIVEN_UP),
    (F.DUE, F.ACKNOWLEDGED),
    (F.SENDING, F.SENDING),
    (F.SENDING, F.SENT),
    (F.SENDING, F.FAILED),
    (F.SENDING, F.UNKNOWN),
    (F.SENDING, F.HELD),
    (F.SENDING, F.DEAD),
    (F.SENDING, F.ACKNOWLEDGED),
    (F.SENT, F.ACKNOWLEDGED),
    (F.FAILED, F.DUE),
    (F.FAILED, F.GIVEN_UP),
    (F.FAILED, F.ACKNOWLEDGED),
    (F.UNKNOWN, F.UNKNOWN),
    (F.UNKNOWN, F.DUE),
    (F.UNKNOWN, F.SENT),
    (F.UNKNOWN, F.HELD),
    (F.UNKNOWN, F.DEAD),
    (F.UNKNOWN, F.ACKNOWLEDGED),
    (F.HELD, F.DUE),
    (F.HELD, F.SENT),
    (F.HELD, F.GIVEN_UP),
    (F.HELD, F.ACKNOWLEDGED),
    (F.DEAD, F.DUE),
    (F.DEAD, F.SENT),
    (F.DEAD, F.GIVEN_UP),
    (F.DEAD, F.ACKNOWLEDGED),
    (F.GIVEN_UP, F.ACKNOWLEDGED),
}

STEPS: dict[FilingState, Callable[[Filing], Filing]] = {
    F.SENT: lambda filing: filing.sent(NOON, "r"),
    F.FAILED: lambda filing: filing.failed("no", LATER),
    F.UNKNOWN: lambda filing: filing.unknown("no", LATER),
    F.HELD: lambda filing: filing.held("no"),
    F.GIVEN_UP: lambda filing: filing.given_up(),
    F.DEAD: lambda filing: filing.dead("no"),
    F.ACKNOWLEDGED: lambda filing: filing.acknowledged(),
    F.DUE: lambda filing: filing.again(LATER),
}


def a_filing(state: FilingState = F.DUE) -> Filing:
    return Filing(
        id="m-1",
        case_id="case-1",
        department="police",
        channel=Channel.WEBHOOK,
        state=state,
        created_at=NOON,
        next_try_at=NOON,
    )


def test_the_table_is_the_one_agreed() -> None:
    assert {(before, after) for before, afters in FILING_MOVES.items() for after in afters} == ALLOWED
    assert set(FILING_MOVES) == set(FilingState)


@pytest.mark.parametrize("after", list(STEPS))
@pytest.mark.parametrize("before", list(FilingState))
def test_only_the_moves_of_the_table_happen(before: FilingState, after: FilingState) -> None:
    if (before, after) in ALLOWED:
        assert STEPS[after](a_filing(before)).state is after
    else:
        with pytest.raises(MoveRefused):
            STEPS[after](a_filing(before))


@pytest.mark.parametrize("state", list(FilingState))
def test_only_due_failed_and_forsaken_filings_are_taken(state: FilingState) -> None:
    filing = replace(a_filing(state), lease=4, attempts=2)
    if state in (F.DUE, F.FAILED, F.SENDING):
        taken = filing.taken(NOON, LATER)
        assert (taken.state, taken.lease, taken.attempts, taken.leased_until) == (F.SENDING, 5, 3, LATER)
    else:
        with pytest.raises(MoveRefused):
            filing.taken(NOON, LATER)


def test_a_person_may_start_over() -> None:
    dead = replace(a_filing(F.DEAD), attempts=10)
    assert (dead.again(LATER).attempts, dead.again(LATER).next_try_at) == (0, LATER)
