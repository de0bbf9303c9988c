"""Which sets a case lies in, and which month it belongs to."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.appraisal.indicators import FORMULAS
from cases.appraisal.sets import CaseSet, appraised_at, handling_time, sets_of
from cases.case import Case
from cases.standing import Appeal
from cases.states import CaseState
from tests.case_builders import NOON, a_case

S = CaseSet
RETURNED = S.REPORTED | S.FILED | S.DUE_HANDLING | S.DISPATCHED
BASE = RETURNED | S.DISPATCHED_ACCURATELY


def hours(number: float) -> datetime:
    return NOON + timedelta(hours=number)


def filed(state: CaseState = CaseState.DISPATCHED, **facts: Any) -> Case:
    """Filed at noon, dispatched five minutes later, due two hours after noon."""
    times = {"filed_at": NOON, "dispatched_at": hours(1 / 12), "deadline_at": hours(2)}
    return replace(a_case(state), **{**times, **facts})


@pytest.mark.parametrize(
    ("case", "sets"),
    [
        (a_case(), S.REPORTED),
        (a_case(CaseState.REJECTED), S.REPORTED),
        (filed(CaseState.VOID), S(0)),
        (filed(CaseState.FILED, dispatched_at=None), S.REPORTED | S.FILED),
        (filed(), BASE),
        (filed(CaseState.RETURNED, return_count=1), RETURNED),
        (filed(CaseState.FILED, dispatched_at=None, return_count=1), S.REPORTED | S.FILED | S.DISPATCHED),
        (filed(CaseState.ACCEPTED, return_count=2), RETURNED),
        (filed(CaseState.VOID, return_count=1), S(0)),
        (filed(recurrence_of="case-0"), BASE | S.RECURRENT),
        (filed(overdue_at=hours(2)), BASE | S.PENDING_OVERDUE),
        (filed(overdue_at=hours(2), appeal=Appeal.GRANTED), BASE),
        (filed(extension_count=1), BASE | S.EXTENDED),
        (filed(CaseState.HANDLED, handled_at=hours(2)), BASE | S.HANDLED | S.HANDLED_IN_TIME | S.DUE_CLOSING),
        (filed(CaseState.HANDLED, handled_at=hours(2.01)), BASE | S.HANDLED | S.DUE_CLOSING),
        (filed(CaseState.HANDLED, handled_at=hours(1), overdue_at=hours(1)), BASE | S.HANDLED | S.DUE_CLOSING),
        (
            filed(CaseState.HANDLED, handled_at=hours(3), overdue_at=hours(2), appeal=Appeal.GRANTED),
            BASE | S.HANDLED | S.HANDLED_IN_TIME | S.DUE_CLOSING,
        ),
        (filed(CaseState.REWORK, rework_count=1), BASE | S.REWORKED | S.DUE_CLOSING),
        (
            filed(CaseState.CLOSED, handled_at=hours(1), ended_at=hours(1.5), deadline_at=None),
            BASE | S.HANDLED | S.HANDLED_IN_TIME | S.DUE_CLOSING | S.CLOSED | S.CLOSED_IN_TIME,
        ),
        (
            filed(CaseState.CLOSED, handled_at=hours(1), ended_at=hours(5)),
            BASE | S.HANDLED | S.HANDLED_IN_TIME | S.DUE_CLOSING | S.CLOSED,
        ),
    ],
)
def test_a_case_lies_in_the_sets_that_the_definitions_say(case: Case, sets: CaseSet) -> None:
    assert sets_of(case) == sets


def test_a_case_belongs_to_the_month_of_its_deadline() -> None:
    assert appraised_at(a_case()) == NOON
    assert appraised_at(filed(deadline_at=hours(900))) == hours(900)
    resting = filed(CaseState.SUSPENDED, deadline_at=None, suspended_until=hours(500))
    assert appraised_at(resting) == hours(500)
    assert appraised_at(replace(resting, state=CaseState.CLOSED)) == NOON


def test_handling_runs_from_dispatch_to_handled() -> None:
    assert handling_time(filed()) == timedelta(0)
    assert handling_time(filed(handled_at=hours(1))) == timedelta(minutes=55)


some_time = st.one_of(st.none(), st.floats(0, 50).map(hours))


@given(
    state=st.sampled_from(CaseState),
    times=st.fixed_dictionaries(
        dict.fromkeys(("filed_at", "dispatched_at", "handled_at", "ended_at", "deadline_at", "overdue_at"), some_time)
    ),
    rework=st.integers(0, 2),
    returns=st.integers(0, 2),
    appeal=st.one_of(st.none(), st.sampled_from(Appeal)),
)
def test_no_share_can_ever_exceed_one(
    state: CaseState, times: dict[str, Any], rework: int, returns: int, appeal: Appeal | None
) -> None:
    if state is CaseState.CLOSED:  # the table lets only handled cases be closed
        times = {**times, "handled_at": times["handled_at"] or NOON}
    sets = sets_of(replace(a_case(state), **times, rework_count=rework, return_count=returns, appeal=appeal))
    for formula in FORMULAS.values():
        assert formula.counted not in sets or formula.of in sets
