"""The built-in inbox: what a department has to see to, and what it may do about it."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from api.doors import TheDoors
from api.moves import BY_DEPARTMENT, MoveName, allowed_moves
from api.pages.choices import PageNumber
from api.pages.rendering import page

router = APIRouter(include_in_schema=False)

A_PAGE = 25


@router.get("/inbox", response_class=HTMLResponse)
def inboxes(request: Request, doors: TheDoors) -> HTMLResponse:
    """All departments, and how much waits for each."""
    now = doors.clock()
    waiting = {department: doors.store.inbox(department, limit=200) for department in doors.order.departments}
    overdue = {name: sum(case.is_overdue(now) for case in box.items) for name, box in waiting.items()}
    return page(request, "inboxes.html", waiting=waiting, overdue=overdue)


@router.get("/inbox/{department}", response_class=HTMLResponse)
def inbox(
    request: Request, doors: TheDoors, department: str, number: PageNumber = 1, done: MoveName | None = None
) -> HTMLResponse:
    """One department's cases, nearest deadline first."""
    if department not in doors.order.departments:
        raise HTTPException(404, "the city file has no such department; choose one from the list of inboxes")
    found = doors.store.inbox(department, limit=A_PAGE, offset=(number - 1) * A_PAGE)
    moves = {
        case.id: tuple(move for move in BY_DEPARTMENT if move in allowed_moves(case.state)) for case in found.items
    }
    return page(
        request,
        "inbox.html",
        department=department,
        found=found,
        crops=doors.store.crops([case.id for case in found.items]),
        moves=moves,
        number=number,
        pages=-(-found.total // A_PAGE),
        done=done,
    )
