"""The forms with which sub-tasks of joint cases are given, answered and withdrawn."""

from typing import Annotated, Literal

from fastapi import Form, Request, Response, UploadFile

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import TheDoors
from api.moves import DepartmentName, Reason, Version
from api.pages.cases import led_on
from api.routes.listing import CaseId
from api.routes.subtasks import DepartmentId
from api.subtasks import SubtaskStep, SubtaskWish, allow_step, give_subtask, make_step

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
    return led_on(request, doors, who, case_id, lambda: give_subtask(doors, wish))


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
    place = f"/inbox/{department}" if back else f"/cases/{case_id}"
    return led_on(request, doors, who, case_id, lambda: make_step(doors, step, wish), lambda _: place)
