"""Sub-tasks of joint cases (联勤任务): dispatchers give and withdraw them, co-departments answer."""

from typing import Annotated

from fastapi import Path, Response
from pydantic import BaseModel, ConfigDict, Field

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import TheDoors
from api.moves import PlainText, Reason, Version
from api.problems import problems
from api.routes.cases import Base64Picture
from api.routes.listing import CaseId, Limit, Name
from api.routes.records import CaseRecord
from api.subtasks import SubtaskStep, SubtaskWish, allow_step, give_subtask, make_step

router = Router(prefix="/v1", tags=["cases"])

SeesCases = Annotated[Caller, needs(Right.SEE_CASES)]
Dispatches = Annotated[Caller, needs(Right.DISPATCH)]
DepartmentId = Annotated[
    str, Path(pattern=r"^[^\x00-\x1f/]{1,64}$", description="the co-department", examples=["police"])
]
Hours = Annotated[
    float | None,
    Field(gt=0, le=8784, description="how long it may take, around the clock; the case's own limit where left out"),
]
WhatToDo = Annotated[PlainText, Field(max_length=2000, description="what the department is to do")]


class GiveRequest(BaseModel):
    """Who is to help, and with what. One that had a sub-task gets it again, with new words if there are any."""

    model_config = ConfigDict(
        extra="forbid",
        allow_inf_nan=False,
        json_schema_extra={"examples": [{"version": 3, "department": "police", "task": "close the lane"}]},
    )

    version: Version
    department: Annotated[PlainText, Field(min_length=1, max_length=64)]
    task: WhatToDo = ""
    hours: Hours = None


class StepRequest(BaseModel):
    """What is said about it: the note of `done`, the reason of `return` and `withdraw`, the words of `again`."""

    model_config = ConfigDict(
        extra="forbid", allow_inf_nan=False, json_schema_extra={"examples": [{"version": 4, "reason": "lane closed"}]}
    )

    version: Version
    reason: Reason = ""
    hours: Hours = None
    picture: Base64Picture = b""


@router.get("/subtasks", summary="List what co-departments have to do", responses=problems(401, 403, 422, 503))
def subtasks(doors: TheDoors, who: SeesCases, department: Name, limit: Limit = 50) -> tuple[CaseRecord, ...]:
    """Cases in which the department has an open sub-task, the one that is due first before all others."""
    found = doors.seen_by(who).helping(department, limit=limit).items
    return tuple(CaseRecord.model_validate(case) for case in found)


@router.post(
    "/cases/{case_id}/subtasks",
    status_code=201,
    summary="Ask a department to help",
    responses=problems(400, 401, 403, 404, 409, 413, 422, 503),
)
def give(doors: TheDoors, who: Dispatches, case_id: CaseId, body: GiveRequest, response: Response) -> CaseRecord:
    """The case is joint from then on: it can be handled only when every co-department has reported its part as done."""
    doors.seen_by(who).dossier(case_id)  # what is beyond their reach does not exist for them
    wish = SubtaskWish(
        case_id=case_id,
        department=body.department,
        version=body.version,
        by=who.label,
        words=body.task,
        hours=body.hours,
    )
    return _record(give_subtask(doors, wish), response)


@router.post(
    "/cases/{case_id}/subtasks/{department}/{step}",
    summary="Answer, withdraw or renew a sub-task",
    responses=problems(400, 401, 403, 404, 409, 413, 422, 503),
)
def step(
    doors: TheDoors,
    who: Annotated[Caller, needs(Right.HANDLE, Right.DISPATCH)],
    case_id: CaseId,
    department: DepartmentId,
    step: SubtaskStep,
    body: StepRequest,
    response: Response,
) -> CaseRecord:
    """The co-department says `done`, with a picture if it has one, or `return` and why; a dispatcher says the rest."""
    doors.seen_by(who).dossier(case_id)
    allow_step(who, step, department)
    wish = SubtaskWish(
        case_id=case_id,
        department=department,
        version=body.version,
        by=who.label,
        words=body.reason,
        hours=body.hours,
        picture=body.picture,
    )
    return _record(make_step(doors, step, wish), response)


def _record(case: object, response: Response) -> CaseRecord:
    record = CaseRecord.model_validate(case)
    response.headers["ETag"] = f'"{record.version}"'
    return record
