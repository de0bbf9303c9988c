"""The forms with which sub-tasks of joint cases are given, answered and withdrawn."""

from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import Form, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import Doors, TheDoors
from api.moves import DepartmentName, Reason, Version
from api.pages.cases import case_page
from api.routes.listing import CaseId
from api.routes.subtasks import DepartmentId
from api.subtasks import SubtaskStep, SubtaskWish, allow_step, give_subtask, make_step
from cases.case import Case
from cases.errors import MoveRefused, StaleVersion
from inference.errors import PictureRefused

router = Router(include_in_schema=False)

Hours = Annotated[Annotated[float, Form(gt=0, le=8784)] | Literal[""], Form()]


@router.post("/cases/{case_id}/subtasks")
def give(
    request: Request,
    doors: TheDoors,
    who: Annotated[Caller, needs(Right.DISPATCH)],
    case_id: CaseId,
    version: Annotated[Version, Form()],
    department: Annotated[DepartmentName, Form()],
    task: Annotated[Reason, Form()] = "",
    hours: Hours = "",
) -> Response:
    """Ask a department to help."""
    doors.seen_by(who).dossier(case_id)
    wish = SubtaskWish(
        case_id=case_id, department=department, version=version, by=who.label, words=task, hours=hours or None
    )
    return _done(request, doors, who, wish, lambda: give_subtask(doors, wish))


@router.post("/cases/{case_id}/subtasks/{department}/{step}")
def step(
    request: Request,
    doors: TheDoors,
    who: Annotated[Caller, needs(Right.HANDLE, Right.DISPATCH)],
    case_id: CaseId,
    department: DepartmentId,
    step: SubtaskStep,
    version: Annotated[Version, Form()],
    reason: Annotated[Reason, Form()] = "",
    picture: UploadFile | None = None,
    back: Annotated[str, Form(pattern=r"^(|inbox)$")] = "",
) -> Response:
    """Answer, withdraw or renew a sub-task, then show the case, or the inbox that the form stood in."""
    doors.seen_by(who).dossier(case_id)
    allow_step(who, step, department)
    data = picture.file.read() if picture is not None else b""
    wish = SubtaskWish(
        case_id=case_id, department=department, version=version, by=who.label, words=reason, picture=data
    )
    place = f"/inbox/{department}" if back else ""
    return _done(request, doors, who, wish, lambda: make_step(doors, step, wish), place)


def _done(
    request: Request, doors: Doors, who: Caller, wish: SubtaskWish, do: Callable[[], Case], place: str = ""
) -> Response:
    try:
        do()
    except StaleVersion:
        return case_page(request, doors, who, wish.case_id, status=409, trouble="stale")
    except MoveRefused as refused:
        return case_page(request, doors, who, wish.case_id, status=409, trouble="refused", detail=str(refused))
    except PictureRefused as refused:
        return case_page(request, doors, who, wish.case_id, status=422, trouble="picture", detail=str(refused))
    return RedirectResponse(place or f"/cases/{wish.case_id}", 303)
