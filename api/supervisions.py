"""The steps that people make on supervision orders (督办), as pages and programs name them, and who may make which."""

from enum import StrEnum

from starlette.exceptions import HTTPException

from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import Doors
from cases.case import Case
from cases.supervision import Supervision, SupervisionState


class SupervisionStep(StrEnum):
    """What a person may do about an order."""

    REPLY = "reply"
    LIFT = "lift"

    @property
    def right(self) -> Right:
        """What it asks for: departments reply, whoever supervises lifts."""
        return Right.HANDLE if self is SupervisionStep.REPLY else Right.SUPERVISE


def may_step(who: Caller, step: SupervisionStep, case: Case) -> bool:
    """Whether somebody may make this step on an order about this case.

    A department replies for itself, or a dispatcher enters what it says on the telephone.
    """
    if not who.may(step.right):
        return False
    return step is SupervisionStep.LIFT or who.may(Right.DISPATCH) or case.department in who.departments


def steps_for(who: Caller, case: Case, order: Supervision) -> tuple[SupervisionStep, ...]:
    """The steps that an order allows and that this person may make."""
    if not order.stands:
        return ()
    possible = tuple(SupervisionStep) if order.state is SupervisionState.OPEN else (SupervisionStep.LIFT,)
    return tuple(step for step in possible if may_step(who, step, case))


def make_step(
    doors: Doors, who: Caller, step: SupervisionStep, case_id: str, number: int, *, version: int, words: str
) -> Case:
    """Do it.

    Raises:
        HTTPException: 403, they may not make this step, or not for this department.
        CaseNotFound, StaleVersion, MoveRefused: as `SupervisionDesk` says.
    """
    if not who.may(step.right):
        raise HTTPException(403, f"your account may not {step} supervision orders; ask an administrator for the right")
    if not may_step(who, step, doors.seen_by(who).dossier(case_id).case):
        raise HTTPException(403, "your account may not reply to this order: the case belongs to another department")
    if step is SupervisionStep.REPLY:
        return doors.supervision.reply(case_id, number, version=version, by=who.label, reply=words)
    return doors.supervision.lift(case_id, number, version=version, by=who.label, reason=words)
