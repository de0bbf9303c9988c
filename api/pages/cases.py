"""Cases: the list, the dossier, and the forms for the moves that are allowed."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse

from api.doors import Doors, TheDoors
from api.moves import Actor, DepartmentName, MoveName, Reason, Version, Wish, allowed_moves, make_move
from api.pages.choices import AnyKind, AnyState, PageNumber, chosen
from api.pages.rendering import page, remember_actor
from api.routes.listing import CaseId, Name
from cases.errors import MoveRefused, StaleVersion
from cases.states import CaseState
from inference.errors import PictureRefused

router = APIRouter(include_in_schema=False)

A_PAGE = 25


@router.get("/cases", response_class=HTMLResponse)
def cases(
    request: Request,
    doors: TheDoors,
    state: AnyState = "",
    kind: AnyKind = "",
    department: Name = "",
    number: PageNumber = 1,
) -> HTMLResponse:
    """A table, newest first."""
    found = doors.store.cases(
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
        crops=doors.store.crops([case.id for case in found.items]),
        state_chosen=state,
        kind_chosen=kind,
        department=department,
        number=number,
        pages=-(-found.total // A_PAGE),
    )


@router.get("/cases/{case_id}", response_class=HTMLResponse)
def case(request: Request, doors: TheDoors, case_id: CaseId, done: MoveName | None = None) -> HTMLResponse:
    """One case with its evidence, history and deliveries, and what may be done to it."""
    return _case_page(request, doors, case_id, done=done)


@router.post("/cases/{case_id}/{move}", response_class=HTMLResponse)
def make(
    request: Request,
    doors: TheDoors,
    case_id: CaseId,
    move: MoveName,
    version: Annotated[Version, Form()],
    by: Annotated[Actor, Form()],
    reason: Annotated[Reason, Form()] = "",
    department: Annotated[DepartmentName, Form()] = "",
    picture: UploadFile | None = None,
    back: Annotated[str, Form(pattern=r"^(|inbox)$")] = "",
) -> Response:
    """Make a move, then show the case as it is; where somebody else was first, say so and show what they did."""
    if move.needs_reason and not reason:
        return _case_page(request, doors, case_id, status=422, trouble="no_reason")
    data = picture.file.read() if picture is not None else b""
    wish = Wish(case_id=case_id, version=version, by=by, reason=reason, department=department, picture=data)
    try:
        moved = make_move(doors, move, wish)
    except StaleVersion:
        return _case_page(request, doors, case_id, status=409, trouble="stale")
    except MoveRefused as refused:
        return _case_page(request, doors, case_id, status=409, trouble="refused", detail=str(refused))
    except PictureRefused as refused:
        return _case_page(request, doors, case_id, status=422, trouble="picture", detail=str(refused))
    place = f"/inbox/{moved.department}" if back == "inbox" else f"/cases/{case_id}"
    answer = RedirectResponse(f"{place}?done={move}", 303)
    remember_actor(answer, by)
    return answer


def _case_page(
    request: Request,
    doors: Doors,
    case_id: str,
    *,
    status: int = 200,
    done: MoveName | None = None,
    trouble: str = "",
    detail: str = "",
) -> HTMLResponse:
    dossier = doors.store.dossier(case_id)
    waiting = doors.store.cases(states=(CaseState.CANDIDATE,), limit=2).items
    return page(
        request,
        "case.html",
        status=status,
        dossier=dossier,
        allowed=allowed_moves(dossier.case.state),
        case=dossier.case,
        next_case=next((other for other in waiting if other.id != case_id), None),
        done=done,
        trouble=trouble,
        detail=detail,
    )
