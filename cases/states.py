"""The life of a case: its states, and the one table of moves between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from cases.errors import MoveRefused


class CaseState(StrEnum):
    """Where a case stands."""

    CANDIDATE = "candidate"
    FILED = "filed"
    DISPATCHED = "dispatched"
    ACCEPTED = "accepted"
    HANDLED = "handled"
    CLOSED = "closed"
    REJECTED = "rejected"
    RETURNED = "returned"
    SUSPENDED = "suspended"
    REWORK = "rework"
    VOID = "void"

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done about the case."""
        return self not in ENDED


ENDED = frozenset({CaseState.CLOSED, CaseState.REJECTED, CaseState.VOID})
"""States in which nothing more is to be done. Only what is closed can be reopened or appealed against."""

OPEN = frozenset(CaseState) - ENDED
"""States in which something is still to be done."""

WITH_DEPARTMENT = frozenset(
    {CaseState.DISPATCHED, CaseState.ACCEPTED, CaseState.REWORK, CaseState.SUSPENDED, CaseState.HANDLED}
)
"""States in which the department has the case in its inbox."""

JOINABLE = OPEN - {CaseState.CANDIDATE, CaseState.HANDLED}
"""States in which another department may be asked to help: the lead has not said that it is done."""


class Act(StrEnum):
    """What somebody or something did to a case. Those before `FILE` move nothing; all others are in `MOVES`.

    `DELIVERY`: a person decided what became of a delivery. `NOTICE`: the department said something about the matter.
    `TRANSFER`: departments were merged or split, and another one is responsible now. `TASK_…`: a co-department of a
    joint case got, did, returned or lost its sub-task. `ORDER_…`: a unit got a direct order, read it, replied to it.
    `SUPERVISE`, `SUPERVISION_…`: the department was put under a supervision order, replied to it, is rid of it.
    `ANSWER`: whoever reported it said whether it is done. `COMMENT`: an observer said something about it.
    `UNLISTED`: the duty list in force has no line for the code that the case was opened under.
    """

    OPEN = "open"
    MERGE = "merge"
    RECHECK = "recheck"
    VERIFY = "verify"
    UNMERGE = "unmerge"
    DELIVERY = "delivery"
    NOTICE = "notice"
    TRANSFER = "transfer"
    TASK_GIVEN = "task_given"
    TASK_DONE = "task_done"
    TASK_RETURNED = "task_returned"
    TASK_WITHDRAWN = "task_withdrawn"
    ORDER_GIVEN = "order_given"
    ORDER_READ = "order_read"
    ORDER_ANSWERED = "order_answered"
    CONSULTATION = "consultation"
    UNLISTED = "unlisted"
    ANSWER = "answer"
    COMMENT = "comment"
    SUPERVISE = "supervise"
    SUPERVISION_ANSWERED = "supervision_answered"
    SUPERVISION_LIFTED = "supervision_lifted"
    FILE = "file"
    REJECT = "reject"
    DISPATCH = "dispatch"
    ACCEPT = "accept"
    RETURN = "return"
    REASSIGN = "reassign"
    HANDLE = "handle"
    REWORK = "rework"
    CLOSE = "close"
    ASK_EXTENSION = "ask_extension"
    EXTEND = "extend"
    REFUSE_EXTENSION = "refuse_extension"
    SUSPEND = "suspend"
    RESUME = "resume"
    VOID = "void"
    REOPEN = "reopen"
    OVERDUE = "overdue"
    APPEAL = "appeal"
    UPHOLD = "uphold"
    DISMISS = "dismiss"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One row of the table.

    Attributes:
        before: states the act may start from.
        after: the state it leads to; None where the state stays.
        needs_reason: a person must say why.
        needs_proof: a picture or document must show it.
    """

    before: frozenset[CaseState]
    after: CaseState | None
    needs_reason: bool = False
    needs_proof: bool = False


def _step(*before: CaseState, to: CaseState, reason: bool = False, proof: bool = False) -> Step:
    return Step(before=frozenset(before), after=to, needs_reason=reason, needs_proof=proof)


def _stay(*states: CaseState, reason: bool = False) -> Step:
    return Step(before=frozenset(states), after=None, needs_reason=reason)


_S = CaseState

MOVES: Mapping[Act, Step] = MappingProxyType(
    {
        Act.FILE: _step(_S.CANDIDATE, to=_S.FILED),
        Act.REJECT: _step(_S.CANDIDATE, to=_S.REJECTED, reason=True),
        Act.DISPATCH: _step(_S.FILED, to=_S.DISPATCHED),
        # A department can answer before the receipt of its delivery is written down: hence from FILED, too.
        Act.ACCEPT: _step(_S.FILED, _S.DISPATCHED, to=_S.ACCEPTED),
        Act.RETURN: _step(_S.FILED, _S.DISPATCHED, _S.ACCEPTED, to=_S.RETURNED, reason=True),
        Act.REASSIGN: _step(_S.RETURNED, to=_S.FILED, reason=True),
        Act.HANDLE: _step(_S.ACCEPTED, _S.REWORK, to=_S.HANDLED),
        Act.REWORK: _step(_S.HANDLED, to=_S.REWORK, reason=True),
        Act.CLOSE: _step(_S.HANDLED, to=_S.CLOSED, proof=True),
        # 延期: the department asks, the dispatcher decides.
        Act.ASK_EXTENSION: _stay(_S.ACCEPTED, _S.REWORK, reason=True),
        Act.EXTEND: _stay(_S.ACCEPTED, _S.REWORK),
        Act.REFUSE_EXTENSION: _stay(_S.ACCEPTED, _S.REWORK, reason=True),
        # 挂账.
        Act.SUSPEND: _step(_S.ACCEPTED, _S.REWORK, to=_S.SUSPENDED, reason=True),
        Act.RESUME: _step(_S.SUSPENDED, to=_S.ACCEPTED),
        Act.VOID: _step(_S.FILED, _S.RETURNED, to=_S.VOID, reason=True),
        Act.REOPEN: _step(_S.CLOSED, to=_S.REWORK, reason=True),
        # Marked by the timer, also when somebody was faster than the timer's next round.
        Act.OVERDUE: _stay(_S.FILED, _S.DISPATCHED, _S.ACCEPTED, _S.REWORK),
        # 申诉 against that mark: lodged by the department, reviewed twice.
        Act.APPEAL: _stay(_S.CLOSED, reason=True),
        Act.UPHOLD: _stay(_S.CLOSED),
        Act.DISMISS: _stay(_S.CLOSED, reason=True),
    }
)
"""Every allowed move. What is not in here cannot happen."""


def step_for(state: CaseState, act: Act) -> Step:
    """The row of the table for `act`, if it may start from `state`.

    Raises:
        MoveRefused: the table has no such move.

    >>> step_for(CaseState.CANDIDATE, Act.FILE).after.value
    'filed'
    """
    step = MOVES.get(act)
    if step is None or state not in step.before:
        allowed = ", ".join(acts_from(state)) or "nothing"
        raise MoveRefused(f"a case that is {state} does not allow to {act} it; allowed now: {allowed}")
    return step


def acts_from(state: CaseState) -> tuple[Act, ...]:
    """What may be done to a case in this state, in the order of the table.

    >>> [act.value for act in acts_from(CaseState.CANDIDATE)]
    ['file', 'reject']
    """
    return tuple(act for act, step in MOVES.items() if state in step.before)
