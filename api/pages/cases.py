"""Cases: the list, the dossier, and the forms for the moves that are allowed."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Literal

from fastapi import Form, Request, Response, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import Doors, TheDoors
from api.moves import ConditionName, DepartmentName, MoveName, Reason, Version, Wish, make_move
from api.orders import steps_for as steps_for_order
from api.pages.choices import AnyKind, AnyState, PageNumber, chosen
from api.pages.deliveries import silent_departments
from api.pages.language import reject_reason
from api.pages.rendering import page
from api.permits import MOVERS, case_to_move, moves_for
from api.routes.listing import CaseId, Name
from api.subtasks import steps_for
from api.supervisions import steps_for as order_steps_for
from cases.case import Case
from cases.errors import MoveRefused, StaleVersion
from cases.standing import ReturnCause
from cases.states import CaseState
from inference.errors import PictureRefused

router = Router(include_in_schema=False)

SeesCases = Annotated[Caller, needs(Right.SEE_CASES)]
Moves = Annotated[Caller, needs(*MOVERS)]
A_PAGE = 25


@router.get("/cases", response_class=HTMLResponse)
def cases(
    request: Request,
    doors: TheDoors,
    who: SeesCases,
    state: AnyState = "",
    kind: AnyKind = "",
    department: Name = "",
    number: PageNumber = 1,
) -> HTMLResponse:
    """A table, newest first."""
    seen = doors.seen_by(who)
    found = seen.cases(
        states=(state,) if state else (),
        kind=chosen(kind),
        department=department or None,
        limit=A_PAGE,
        offset=(number - 1) * A_PAGE,
    )
    return page(
        request,
        "cases.html",
        found=found,
        crops=seen.crops([case.id for case in found.items]),
        state_chosen=state,
        kind_chosen=kind,
        department=department,
        number=number,
        pages=-(-found.total // A_PAGE),
    )


@router.get("/cases/{case_id}", response_class=HTMLResponse)
def case(
    request: Request, doors: TheDoors, who: SeesCases, case_id: CaseId, done: MoveName | None = None
) -> HTMLResponse:
    """One case with its evidence, history and deliveries, and what may be done to it."""
    return case_page(request, doors, who, case_id, done=done)


@router.post("/cases/{case_id}/{move}", response_class=HTMLResponse)
def make(
    request: Request,
    doors: TheDoors,
    who: Moves,
    case_id: CaseId,
    move: MoveName,
    version: Annotated[Version, Form()],
    reason: Annotated[Reason, Form()] = "",
    department: Annotated[DepartmentName, Form()] = "",
    cause: Annotated[ReturnCause | Literal[""], Form()] = "",
    until: Annotated[date | Literal[""], Form()] = "",
    condition: Annotated[ConditionName, Form()] = "",
    picture: UploadFile | None = None,
    back: Annotated[str, Form(pattern=r"^(|inbox)$")] = "",
) -> Response:
    """Make a move, then show the case as it is; where somebody else was first, say so and show what they did."""
    case_to_move(who, move, doors.seen_by(who), case_id)
    if move.needs_reason and not reason:
        return case_page(request, doors, who, case_id, status=422, trouble="no_reason")
    data = picture.file.read() if picture is not None else b""
    wish = Wish(
        case_id=case_id,
        version=version,
        by=who.label,
        reason=reason,
        department=department,
        why=reject_reason(reason),
        cause=cause or None,
        until=until or None,
        picture=data,
        condition=condition,
    )

    def place(moved: Case) -> str:
        return f"{f'/inbox/{moved.department}' if back == 'inbox' else f'/cases/{case_id}'}?done={move}"

    return led_on(request, doors, who, case_id, lambda: make_move(doors, move, wish), place)


def led_on(
    request: Request,
    doors: Doors,
    who: Caller,
    case_id: str,
    do: Callable[[], Case],
    place: Callable[[Case], str] = lambda case: f"/cases/{case.id}",
) -> Response:
    """What a form leads to: another page when it was done, else its case with the reason why nothing was.

    Args:
        request: who asks.
        doors: the doors.
        who: who asks.
        case_id: which case the form was about.
        do: does what the form says.
        place: where to go on, with the case as it is then.
    """
    try:
        done = do()
    except StaleVersion:
        return case_page(request, doors, who, case_id, status=409, trouble="stale")
    except MoveRefused as refused:
        return case_page(request, doors, who, case_id, status=409, trouble="refused", detail=str(refused))
    except PictureRefused as refused:
        return case_page(request, doors, who, case_id, status=422, trouble="picture", detail=str(refused))
    return RedirectResponse(place(done), 303)


def case_page(
    request: Request,
    doors: Doors,
    who: Caller,
    case_id: str,
    *,
    status: int = 200,
    done: MoveName | None = None,
    trouble: str = "",
    detail: str = "",
) -> HTMLResponse:
    """A case with everything that belongs to it, and what its reader may do about it.

    Args:
        request: who asks.
        doors: the doors.
        who: who asks.
        case_id: which case.
        status: HTTP status.
        done: the move that was just made.
        trouble: why nothing was done, as the word `trouble.` and this says it.
        detail: the same in one sentence.
    """
    seen = doors.seen_by(who)
    dossier = seen.dossier(case_id)
    waiting = seen.cases(states=(CaseState.CANDIDATE,), limit=2).items
    return page(
        request,
        "case.html",
        status=status,
        dossier=dossier,
        asked=doors.store.rechecks(case_id),
        allowed=moves_for(who, dossier.case),
        case=dossier.case,
        steps_of_order={one.number: order_steps_for(who, dossier.case, one) for one in dossier.case.supervisions},
        order_steps={order.id: steps_for_order(who, order) for order in dossier.case.orders},
        silent_departments=silent_departments(doors),
        is_watched=seen.is_watched(case_id, who.id),
        steps_of={part.department: steps_for(who, dossier.case, part) for part in dossier.case.subtasks},
        next_case=next((other for other in waiting if other.id != case_id), None) if who.may(Right.JUDGE) else None,
        done=done,
        trouble=trouble,
        detail=detail,
    )
