"""The steps that people make on sub-tasks of joint cases, as pages and programs name them, and who may make which."""

from dataclasses import dataclass
from enum import StrEnum

from starlette.exceptions import HTTPException

from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import Doors
from api.moves import kept_proof
from cases.case import Case
from cases.subtask import Subtask, SubtaskState


class SubtaskStep(StrEnum):
    """What a person may do to a sub-task, what carries it forward first."""

    DONE = "done"
    RETURN = "return"
    AGAIN = "again"
    WITHDRAW = "withdraw"

    @property
    def needs_reason(self) -> bool:
        """Whether a person must say why."""
        return self in (SubtaskStep.RETURN, SubtaskStep.WITHDRAW)

    @property
    def right(self) -> Right:
        """What it asks for: departments answer, dispatchers give and withdraw."""
        return Right.HANDLE if self in (SubtaskStep.DONE, SubtaskStep.RETURN) else Right.DISPATCH


_STEPS = {
    SubtaskState.OPEN: (SubtaskStep.DONE, SubtaskStep.RETURN, SubtaskStep.WITHDRAW),
    SubtaskState.RETURNED: (SubtaskStep.AGAIN, SubtaskStep.WITHDRAW),
    SubtaskState.DONE: (SubtaskStep.AGAIN,),
    SubtaskState.WITHDRAWN: (SubtaskStep.AGAIN,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SubtaskWish:
    """What somebody wants done to a sub-task.

    Attributes:
        case_id: of which case.
        department: whose sub-task.
        version: the version of the case that they saw.
        by: who they are.
        words: the note or reason; what is to be done, where it is given.
        hours: how long it may take, where it is given; None for the case's own limit.
        picture: a JPEG or PNG that shows that it is done.
    """

    case_id: str
    department: str
    version: int
    by: str
    words: str = ""
    hours: float | None = None
    picture: bytes = b""


def may_step(who: Caller, step: SubtaskStep, department: str) -> bool:
    """Whether somebody may make this step on the sub-task of a department.

    A department answers for itself, or a dispatcher enters what it says on the telephone.
    """
    if not who.may(step.right):
        return False
    return step.right is not Right.HANDLE or who.may(Right.DISPATCH) or department in who.departments


def steps_for(who: Caller, case: Case, part: Subtask) -> tuple[SubtaskStep, ...]:
    """The steps that a sub-task allows and that this person may make."""
    if part.state not in (SubtaskState.OPEN, SubtaskState.RETURNED) and not case.takes_help:
        return ()
    return tuple(step for step in _STEPS[part.state] if may_step(who, step, part.department))


def allow_step(who: Caller, step: SubtaskStep, department: str) -> None:
    """Let somebody make a step.

    Raises:
        HTTPException: 403, they may not make it, or not for this department.
    """
    if not who.may(step.right):
        raise HTTPException(403, f"your account may not {step} sub-tasks; ask an administrator for the right")
    if not may_step(who, step, department):
        raise HTTPException(403, f"your account may not answer for {department}: it is another department")


def give_subtask(doors: Doors, wish: SubtaskWish) -> Case:
    """Ask a department to help; see `JointDesk.give`."""
    return doors.joint.give(
        wish.case_id, wish.department, version=wish.version, by=wish.by, task=wish.words, hours=wish.hours
    )


def make_step(doors: Doors, step: SubtaskStep, wish: SubtaskWish) -> Case:
    """Do it. A picture is kept first, so that the case never names one that is not there.

    Raises:
        CaseNotFound, StaleVersion, MoveRefused: as `JointDesk` says.
        PictureRefused: the picture must not be decoded.
        EvidenceError: the picture cannot be kept.
    """
    if step is SubtaskStep.AGAIN:
        return give_subtask(doors, wish)
    case_id, department, version, by, words = wish.case_id, wish.department, wish.version, wish.by, wish.words
    if step is SubtaskStep.RETURN:
        return doors.joint.send_back(case_id, department, version=version, by=by, reason=words)
    if step is SubtaskStep.WITHDRAW:
        return doors.joint.withdraw(case_id, department, version=version, by=by, reason=words)
    proofs = kept_proof(doors, wish.picture)
    return doors.joint.done(case_id, department, version=version, by=by, note=words, proofs=proofs)
