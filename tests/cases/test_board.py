"""The queues of the dispatch board."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cases.board import STATES_OF, Queue, time_used
from cases.states import OPEN, CaseState
from tests.case_builders import NOON, a_case


def test_every_open_case_waits_for_somebody() -> None:
    one_of = [STATES_OF[queue] for queue in (Queue.VERIFY, Queue.DISPATCH, Queue.HANDLE, Queue.CHECK)]
    assert frozenset[CaseState]().union(*one_of) == OPEN
    assert sum(map(len, one_of)) == len(OPEN)


@pytest.mark.parametrize(("hours", "used"), [(0, 0.0), (1, 0.25), (4, 1.0), (9, 1.0)])
def test_a_case_uses_its_time_up(hours: float, used: float) -> None:
    case = replace(a_case(), state=CaseState.ACCEPTED, filed_at=NOON, deadline_at=NOON + timedelta(hours=4))
    assert time_used(case, NOON + timedelta(hours=hours)) == used


@pytest.mark.parametrize("state", [CaseState.HANDLED, CaseState.CLOSED])
def test_no_clock_runs_where_nothing_is_to_be_handled(state: CaseState) -> None:
    case = replace(a_case(), state=state, filed_at=NOON, deadline_at=NOON + timedelta(hours=4))
    assert time_used(case, NOON) is None
    assert time_used(replace(case, state=CaseState.ACCEPTED, deadline_at=None), NOON) is None
