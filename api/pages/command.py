"""The forms of the case page beside its moves: direct orders, records of consultations, watching; and watched cases."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import TheDoors
from api.moves import DepartmentName, PlainText, Reason, Version
from api.orders import OrderStep, allow_answer, answer
from api.pages.cases import A_PAGE, led_on
from api.pages.choices import PageNumber
from api.pages.rendering import page
from api.routes.listing import CaseId
from api.routes.orders import OrderId

router = Router(include_in_schema=False)

SeesCases = Annotated[Caller, needs(Right.SEE_CASES)]
Commands = Annotated[Caller, needs(Right.COMMAND)]


@router.get("/watched", response_class=HTMLResponse)
def watched(request: Request, doors: TheDoors, who: SeesCases, number: PageNumber = 1) -> HTMLResponse:
    """The cases that somebody watches."""
    seen = doors.seen_by(who)
    found = seen.watched(who.id, limit=A_PAGE, offset=(number - 1) * A_PAGE)
    crops = seen.crops([case.id for case in found.items])
    return page(request, "watched.html", found=found, crops=crops, number=number, pages=-(-found.total // A_PAGE))


@router.post("/cases/{case_id}/watch")
def watch(doors: TheDoors, who: SeesCases, case_id: CaseId, watch: Annotated[bool, Form()]) -> Response:
    """Watch a case, or no more."""
    doors.seen_by(who).dossier(case_id)
    with doors.store.transaction() as book:
        if watch:
            book.watch(case_id, who.id, by=who.label, at=doors.clock())
        else:
            book.unwatch(case_id, who.id, by=who.label)
    return RedirectResponse(f"/cases/{case_id}", 303)


@router.post("/cases/{case_id}/orders")
def order(
    request: Request,
    doors: TheDoors,
    who: Commands,
    case_id: CaseId,
    version: Annotated[Version, Form()],
    unit: Annotated[DepartmentName, Form()],
    text: Annotated[Reason, Form()] = "",
    minutes: Annotated[Annotated[int, Form(ge=1, le=10080)] | Literal[""], Form()] = "",
) -> Response:
    """Give a direct order."""
    doors.seen_by(who).dossier(case_id)
    return led_on(
        request,
        doors,
        who,
        case_id,
        lambda: doors.command.order(
            case_id, unit, version=version, by=who.label, issuer=who.id, text=text, minutes=minutes or None
        ),
    )


@router.post("/cases/{case_id}/orders/{order_id}/{step}")
def order_step(
    request: Request,
    doors: TheDoors,
    who: Annotated[Caller, needs(Right.HANDLE)],
    case_id: CaseId,
    order_id: OrderId,
    step: OrderStep,
    version: Annotated[Version, Form()],
    text: Annotated[Reason, Form()] = "",
) -> Response:
    """Acknowledge an order, or reply to it."""
    allow_answer(who, doors.seen_by(who).dossier(case_id).case, order_id)
    return led_on(
        request,
        doors,
        who,
        case_id,
        lambda: answer(doors, step, case_id, order_id, version=version, by=who.label, text=text),
    )


@router.post("/cases/{case_id}/consultations")
def consult(
    request: Request,
    doors: TheDoors,
    who: Commands,
    case_id: CaseId,
    version: Annotated[Version, Form()],
    held_at: Annotated[datetime, Form()],
    participants: Annotated[PlainText, Form(max_length=4000)],
    decision: Annotated[Reason, Form()] = "",
) -> Response:
    """Write down a consultation; participants stand one a line, the time is the city's."""
    doors.seen_by(who).dossier(case_id)
    when = held_at if held_at.tzinfo else held_at.replace(tzinfo=doors.city.calendar.zone)
    return led_on(
        request,
        doors,
        who,
        case_id,
        lambda: doors.command.consult(
            case_id,
            version=version,
            by=who.label,
            held_at=when.astimezone(UTC),
            participants=tuple(participants.splitlines()),
            decision=decision,
        ),
    )
