"""Who may make which move on a case that they see."""

from collections.abc import Mapping
from types import MappingProxyType

from starlette.exceptions import HTTPException

from api.accounts.person import Caller
from api.accounts.roles import Right
from api.moves import MoveName, allowed_moves
from api.store.questions import Questions
from cases.case import Case

RIGHT_FOR: Mapping[MoveName, Right] = MappingProxyType(
    {
        MoveName.CONFIRM: Right.JUDGE,
        MoveName.REJECT: Right.JUDGE,
        MoveName.ACCEPT: Right.HANDLE,
        MoveName.HANDLE: Right.HANDLE,
        MoveName.RETURN: Right.HANDLE,
        MoveName.REASSIGN: Right.DISPATCH,
        MoveName.REWORK: Right.CHECK,
        MoveName.CLOSE: Right.CHECK,
        MoveName.ASK_EXTENSION: Right.HANDLE,
        MoveName.EXTEND: Right.DISPATCH,
        MoveName.REFUSE_EXTENSION: Right.DISPATCH,
        MoveName.SUSPEND: Right.DISPATCH,
        MoveName.RESUME: Right.DISPATCH,
        MoveName.VOID: Right.DISPATCH,
        MoveName.REOPEN: Right.CHECK,
        MoveName.APPEAL: Right.HANDLE,
        MoveName.UPHOLD: Right.CHECK,
        MoveName.DISMISS: Right.CHECK,
    }
)
"""What each move asks for. A move that is missing here can be made by nobody."""

MOVERS = tuple(frozenset(RIGHT_FOR.values()))
"""Rights with which at least one move can be made."""


def may_make(who: Caller, move: MoveName, case: Case) -> bool:
    """Whether somebody may make this move on this case, whatever its state.

    A department's moves are made by its own handlers, or by a dispatcher who enters what it says on the telephone.
    """
    right = RIGHT_FOR.get(move)
    if right is None or not who.may(right):
        return False
    return right is not Right.HANDLE or who.may(Right.DISPATCH) or case.department in who.departments


def moves_for(who: Caller, case: Case) -> tuple[MoveName, ...]:
    """The moves that the case's state allows and that this person may make."""
    return tuple(move for move in allowed_moves(case) if may_make(who, move, case))


def case_to_move(who: Caller, move: MoveName, seen: Questions, case_id: str) -> Case:
    """The case that somebody wants to make a move on.

    Raises:
        HTTPException: 403, they may not make this move, or not on this case.
        CaseNotFound: there is none within their reach.
    """
    right = RIGHT_FOR.get(move)
    if right is None or not who.may(right):
        raise HTTPException(403, f"your account may not {move} cases; ask an administrator for the right")
    case = seen.dossier(case_id).case
    if not may_make(who, move, case):
        raise HTTPException(403, f"your account may not {move} this case: it belongs to another department")
    return case
