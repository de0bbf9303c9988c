"""What people do with direct orders, and who may do what."""

from enum import StrEnum

from starlette.exceptions import HTTPException

from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import Doors
from cases.case import Case
from cases.direct_order import DirectOrder


class OrderStep(StrEnum):
    """What a unit does with an order."""

    RECEIPT = "receipt"
    REPLY = "reply"


def may_answer(who: Caller, order: DirectOrder) -> bool:
    """Whether somebody may answer for the unit of an order: its department, or a dispatcher whom it has telephoned."""
    return who.may(Right.HANDLE) and (who.may(Right.DISPATCH) or order.department in who.departments)


def steps_left(order: DirectOrder) -> tuple[OrderStep, ...]:
    """What is still expected of the unit."""
    if order.replied_at is not None:
        return ()
    return (OrderStep.REPLY,) if order.read_at is not None else (OrderStep.RECEIPT, OrderStep.REPLY)


def steps_for(who: Caller, order: DirectOrder) -> tuple[OrderStep, ...]:
    """What this person may do with an order now."""
    return steps_left(order) if may_answer(who, order) else ()


def allow_answer(who: Caller, case: Case, order_id: str) -> None:
    """Let somebody answer an order of a case that they see; one that is not there is refused by the desk.

    Raises:
        HTTPException: 403, it was given to another department.
    """
    if any(order.id == order_id and not may_answer(who, order) for order in case.orders):
        raise HTTPException(403, "your account may not answer this order: it was given to another department")


def answer(doors: Doors, step: OrderStep, case_id: str, order_id: str, *, version: int, by: str, text: str) -> Case:
    """Acknowledge an order or reply to it; see `CommandDesk`."""
    if step is OrderStep.RECEIPT:
        return doors.command.acknowledge(case_id, order_id, version=version, by=by)
    return doors.command.reply(case_id, order_id, version=version, by=by, text=text)
