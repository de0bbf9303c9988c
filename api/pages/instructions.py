"""Direct orders on pages: all that somebody sees, giving one that is about no case, and the answers to it."""

from typing import Annotated, Literal

from fastapi import Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import TheDoors
from api.moves import Reason
from api.orders import OrderStep, answer_instruction, may_be_ordered, recipient_of, steps_for
from api.pages.choices import PageNumber
from api.pages.rendering import page
from api.routes.orders import OrderId, PersonName, SeesCases, Unit

router = Router(include_in_schema=False)

A_PAGE = 25


@router.get("/orders", response_class=HTMLResponse)
def orders(
    request: Request, doors: TheDoors, who: SeesCases, number: PageNumber = 1, show: Literal["open", "all"] = "open"
) -> HTMLResponse:
    """Orders, newest first; who may command finds the form for one that is about no case."""
    found = doors.seen_by(who).orders(
        person=who.id, unanswered=show == "open", limit=A_PAGE, offset=(number - 1) * A_PAGE
    )
    return page(
        request,
        "orders.html",
        found=found,
        show=show,
        steps={about.order.id: steps_for(who, about.order) for about in found.items},
        people=may_be_ordered(doors) if who.may(Right.COMMAND) else (),
        number=number,
        pages=-(-found.total // A_PAGE),
    )


@router.post("/orders")
def give(
    doors: TheDoors,
    who: Annotated[Caller, needs(Right.COMMAND)],
    unit: Annotated[Unit, Form()] = "",
    person: Annotated[PersonName, Form()] = "",
    text: Annotated[Reason, Form()] = "",
    minutes: Annotated[Annotated[int, Form(ge=1, le=10080)] | Literal[""], Form()] = "",
) -> Response:
    """Give a direct order that is about no case."""
    whom = recipient_of(doors, unit, person)
    doors.instructions.give(whom, by=who.label, issuer=who.id, text=text, minutes=minutes or None)
    return RedirectResponse("/orders", 303)


@router.post("/orders/{order_id}/{step}")
def step(
    doors: TheDoors,
    who: Annotated[Caller, needs(Right.HANDLE)],
    order_id: OrderId,
    step: OrderStep,
    text: Annotated[Reason, Form()] = "",
) -> Response:
    """Acknowledge it, or reply to it."""
    answer_instruction(doors, who, order_id, step, text)
    return RedirectResponse("/orders", 303)
