"""The sets of cases that every figure is a count of, so that each figure can be opened down to its cases.

Vocabulary of GB/T 30428.4, definitions as systems in use publish them: 应处置 = dispatched and not void; 处置 =
handled or later; 按期处置 = handled before the deadline, or without one, or exempt by appeal; 超期未处置 = pending
with the mark that the timer set; 返工 = was sent back for rework; 应结案 = was handled at least once;
派遣 = reached a department, 准确派遣 = and none returned it; 评价 = whoever reported it said whether it is done,
满意 = and last that it is. A case that was not filed counts in 受理 alone, one that was made void nowhere.

All sets follow from the case itself. What depends on time (the overdue mark) is set by the timer, so a figure never
changes because somebody looks at it later.
"""

from datetime import datetime, timedelta
from enum import IntFlag, auto

from cases.case import Case
from cases.states import CaseState


class CaseSet(IntFlag):
    """One set each; a case lies in several."""

    REPORTED = auto()
    FILED = auto()
    DUE_HANDLING = auto()
    HANDLED = auto()
    HANDLED_IN_TIME = auto()
    PENDING_OVERDUE = auto()
    EXTENDED = auto()
    DUE_CLOSING = auto()
    CLOSED = auto()
    CLOSED_IN_TIME = auto()
    REWORKED = auto()
    RECURRENT = auto()
    DISPATCHED = auto()
    DISPATCHED_ACCURATELY = auto()
    ANSWERED = auto()
    SATISFIED = auto()


def sets_of(case: Case) -> CaseSet:
    """Every set that the case lies in."""
    if case.state is CaseState.VOID:
        return CaseSet(0)
    if case.filed_at is None:
        return CaseSet.REPORTED
    sets = CaseSet.REPORTED | CaseSet.FILED
    if case.recurrence_of is not None:
        sets |= CaseSet.RECURRENT
    # A case that was returned (回退) waits for another department, but has been dispatched all the same.
    if case.dispatched_at is not None or case.return_count:
        sets |= CaseSet.DISPATCHED
        if not case.return_count:
            sets |= CaseSet.DISPATCHED_ACCURATELY
    if case.dispatched_at is None:
        return sets
    return sets | _handling(case) | _closing(case)


def appraised_at(case: Case) -> datetime:
    """The instant whose month the case belongs to: its deadline with extensions; aware UTC.

    While it rests (挂账) it has none, so the day it goes on counts; before it is filed, the day it came in.
    """
    resting = case.suspended_until if case.state is CaseState.SUSPENDED else None
    return case.deadline_at or resting or case.opened_at


def handling_time(case: Case) -> timedelta:
    """From dispatch to handled; nothing while it is not handled."""
    if case.handled_at is None or case.dispatched_at is None:
        return timedelta(0)
    return max(case.handled_at - case.dispatched_at, timedelta(0))


def _handling(case: Case) -> CaseSet:
    sets = CaseSet.DUE_HANDLING
    if case.extension_count:
        sets |= CaseSet.EXTENDED
    if case.handled_at is None:
        return sets | CaseSet.PENDING_OVERDUE if case.overdue_at and not case.is_exempt else sets
    sets |= CaseSet.HANDLED
    unmarked = case.overdue_at is None and (case.deadline_at is None or case.handled_at <= case.deadline_at)
    return sets | CaseSet.HANDLED_IN_TIME if case.is_exempt or unmarked else sets


def _closing(case: Case) -> CaseSet:
    sets = CaseSet(0)
    if case.handled_at is not None or case.rework_count:
        sets |= CaseSet.DUE_CLOSING
    if case.rework_count:
        sets |= CaseSet.REWORKED
    if case.satisfied is not None:
        sets |= CaseSet.ANSWERED | (CaseSet.SATISFIED if case.satisfied else CaseSet(0))
    if case.state is CaseState.CLOSED:
        sets |= CaseSet.CLOSED
        in_time = case.deadline_at is None or (case.ended_at is not None and case.ended_at <= case.deadline_at)
        if case.is_exempt or in_time:
            sets |= CaseSet.CLOSED_IN_TIME
    return sets
