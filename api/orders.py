"""What people do with direct orders, and who may do what."""

from enum import StrEnum

from starlette.exceptions import HTTPException

from api.accounts.person import Caller, Person
from api.accounts.roles import Right, rights_of
from api.doors import Doors
from cases.case import Case
from cases.direct_order import DirectOrder
from cases.errors import MoveRefused
from cases.recipient import Recipient


class OrderStep(StrEnum):
    """What a unit does with an order."""

    RECEIPT = "receipt"
    REPLY = "reply"


def may_answer(who: Caller, order: DirectOrder) -> bool:
    """Whether somebody may answer an order: its person or department, or a dispatcher whom they have telephoned."""
    theirs = order.person == who.id if order.person else order.department in who.departments
    return who.may(Right.HANDLE) and (who.may(Right.DISPATCH) or theirs)


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


def recipient_of(doors: Doors, unit: str, person: str) -> str | Recipient:
    """Whom an order is for: a unit, or the account of this name.

    Raises:
        MoveRefused: both are named or neither, or nobody has this name who could answer.
    """
    if bool(unit) == bool(person):
        raise MoveRefused("name either the unit or the person whom the order is for")
    if unit:
        return unit
    named = next((one for one in may_be_ordered(doors) if one.name == person), None)
    if named is None:
        raise MoveRefused(f"nobody is called {person} who could answer an order; choose a handler or a dispatcher")
    works_for = sorted(named.departments)[0] if named.departments else ""
    return Recipient(unit=named.label, department=works_for, person=named.id)


def may_be_ordered(doors: Doors) -> tuple[Person, ...]:
    """Who can be given an order by name, because they can answer it."""
    people = (one for one in doors.accounts.book.people() if not one.disabled)
    return tuple(one for one in people if Right.HANDLE in rights_of(one.roles))


def answer_instruction(doors: Doors, who: Caller, order_id: str, step: OrderStep, text: str) -> DirectOrder:
    """Acknowledge an order that is about no case, or reply to it; see `InstructionDesk`.

    Raises:
        CaseNotFound: there is no such order for them.
        HTTPException: 403, it is somebody else's.
    """
    if not may_answer(who, doors.seen_by(who).instruction(order_id, who.id)):
        raise HTTPException(403, "your account may not answer this order: it was given to somebody else")
    if step is OrderStep.RECEIPT:
        return doors.instructions.acknowledge(order_id, by=who.label)
    return doors.instructions.reply(order_id, by=who.label, text=text)
