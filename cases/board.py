"""The dispatch board: which of the open cases wait for whom."""

from datetime import datetime
from enum import StrEnum

from cases.case import Case
from cases.states import OPEN, CaseState


class Queue(StrEnum):
    """A part of the open cases, called after what they wait for; a case may stand in several."""

    ALL = "all"
    VERIFY = "verify"
    DISPATCH = "dispatch"
    HANDLE = "handle"
    CHECK = "check"
    LATE = "late"
    JOINT = "joint"


STATES_OF: dict[Queue, frozenset[CaseState]] = {
    Queue.ALL: OPEN,
    Queue.VERIFY: frozenset({CaseState.CANDIDATE}),
    Queue.DISPATCH: frozenset({CaseState.FILED, CaseState.RETURNED}),
    Queue.HANDLE: frozenset({CaseState.DISPATCHED, CaseState.ACCEPTED, CaseState.REWORK, CaseState.SUSPENDED}),
    Queue.CHECK: frozenset({CaseState.HANDLED}),
    Queue.LATE: OPEN - {CaseState.HANDLED},
    Queue.JOINT: OPEN,
}
"""States of the cases in each queue. Of those in `LATE` the deadline has passed, those in `JOINT` await a part."""


def time_used(case: Case, now: datetime) -> float | None:
    """How much of its time a case has used, 0..1; None where no clock runs.

    Args:
        case: any case.
        now: aware UTC.
    """
    if case.deadline_at is None or case.filed_at is None or not case.state.is_open or case.state is CaseState.HANDLED:
        return None
    given = (case.deadline_at - case.filed_at).total_seconds()
    return min(1.0, max(0.0, (now - case.filed_at).total_seconds() / given)) if given > 0 else 1.0
