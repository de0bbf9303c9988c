"""The built-in inbox: what a department has to see to, and what it may do about it."""

from typing import Annotated

from fastapi import Request
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import Doors, TheDoors
from api.moves import BY_DEPARTMENT, MoveName
from api.orders import steps_for as steps_for_order
from api.pages.choices import PageNumber
from api.pages.rendering import page
from api.permits import moves_for
from api.subtasks import steps_for

router = Router(include_in_schema=False)

SeesCases = Annotated[Caller, needs(Right.SEE_CASES)]
A_PAGE = 25
MOST_PARTS = 100
"""Sub-tasks and orders that an inbox shows; the rest follows when these are done."""


@router.get("/inbox", response_class=HTMLResponse)
def inboxes(request: Request, doors: TheDoors, who: SeesCases) -> HTMLResponse:
    """All departments, and how much waits for each."""
    now, seen = doors.clock(), doors.seen_by(who)
    waiting = {department: seen.inbox(department, limit=200) for department in departments_of(doors, who)}
    overdue = {name: sum(case.is_overdue(now) for case in box.items) for name, box in waiting.items()}
    helping = {department: seen.helping(department, limit=1).total for department in waiting}
    return page(request, "inboxes.html", waiting=waiting, helping=helping, overdue=overdue)


@router.get("/inbox/{department}", response_class=HTMLResponse)
def inbox(
    request: Request,
    doors: TheDoors,
    who: SeesCases,
    department: str,
    number: PageNumber = 1,
    done: MoveName | None = None,
) -> HTMLResponse:
    """One department's cases, nearest deadline first."""
    if department not in departments_of(doors, who):
        raise HTTPException(404, "the city file has no such department; choose one from the list of inboxes")
    seen = doors.seen_by(who)
    found = seen.inbox(department, limit=A_PAGE, offset=(number - 1) * A_PAGE)
    helping = [
        (case, part, steps_for(who, case, part))
        for case in seen.helping(department, limit=MOST_PARTS).items
        for part in case.subtasks
        if part.department == department
    ]
    orders = [
        (about, about.case_version, steps_for_order(who, about.order))
        for about in seen.orders(department, person=who.id, limit=MOST_PARTS).items
    ]
    shown = [case.id for case in found.items] + [case.id for case, _, _ in helping]
    moves = {case.id: tuple(move for move in BY_DEPARTMENT if move in moves_for(who, case)) for case in found.items}
    return page(
        request,
        "inbox.html",
        department=department,
        found=found,
        crops=seen.crops(shown),
        helping=helping,
        orders=orders,
        moves=moves,
        number=number,
        pages=-(-found.total // A_PAGE),
        done=done,
    )


def departments_of(doors: Doors, who: Caller) -> tuple[str, ...]:
    """The departments whose inboxes somebody sees: a handler their own, all others every one."""
    only_own = who.reach.areas is not None and not who.reach.areas
    return tuple(name for name in doors.order.departments if not only_own or name in who.departments)
