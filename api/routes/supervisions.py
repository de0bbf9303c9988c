"""Supervision orders (督办): supervisors and leaders give and lift them, departments reply."""

from datetime import UTC
from typing import Annotated

from fastapi import Path, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import TheDoors
from api.moves import PlainText, Version
from api.problems import problems
from api.routes.listing import CaseId
from api.routes.records import CaseRecord
from api.supervisions import SupervisionStep, make_step
from cases.case import Case
from cases.supervision import SupervisionKind, SupervisionLevel

router = Router(prefix="/v1", tags=["cases"])

Supervises = Annotated[Caller, needs(Right.SUPERVISE)]
RepliesOrLifts = Annotated[Caller, needs(Right.HANDLE, Right.SUPERVISE)]
OrderNumber = Annotated[int, Path(ge=1, le=10_000, description="of the order within its case", examples=[1])]
Requirement = Annotated[PlainText, Field(min_length=1, max_length=2000, description="what the department is to do")]
Words = Annotated[PlainText, Field(min_length=1, max_length=2000, description="the reply, or why it is lifted")]


class OrderRequest(BaseModel):
    """Why the case is supervised, what is to be done, and by when a reply is needed, if one is."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "version": 4,
                    "kind": "important",
                    "level": "key",
                    "requirement": "clear it before the fair opens",
                    "reply_by": "2026-03-02T18:00:00+08:00",
                }
            ]
        },
    )

    version: Version
    kind: SupervisionKind
    requirement: Requirement
    level: SupervisionLevel = SupervisionLevel.ORDINARY
    reply_by: Annotated[AwareDatetime | None, Field(description="with its offset; none: no reply needed")] = None


class StepRequest(BaseModel):
    """What is said about an order."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"version": 5, "reason": "two crews are on their way"}]}
    )

    version: Version
    reason: Words


@router.post(
    "/cases/{case_id}/supervisions",
    status_code=201,
    summary="Put a case under supervision",
    responses=problems(400, 401, 403, 404, 409, 413, 422, 503),
)
def order(doors: TheDoors, who: Supervises, case_id: CaseId, body: OrderRequest, response: Response) -> CaseRecord:
    """The department is told, and its inbox marks the case. Of each kind one order can stand at a time."""
    seen = doors.seen_by(who).dossier(case_id).case  # what is beyond their reach does not exist for them
    case = doors.supervision.order(
        seen.id,
        version=body.version,
        by=who.label,
        kind=body.kind,
        level=body.level,
        requirement=body.requirement,
        reply_by=body.reply_by.astimezone(UTC) if body.reply_by else None,
    )
    return _record(case, response)


@router.post(
    "/cases/{case_id}/supervisions/{number}/{step}",
    summary="Reply to or lift a supervision order",
    responses=problems(400, 401, 403, 404, 409, 413, 422, 503),
)
def step(
    doors: TheDoors,
    who: RepliesOrLifts,
    case_id: CaseId,
    number: OrderNumber,
    step: SupervisionStep,
    body: StepRequest,
    response: Response,
) -> CaseRecord:
    """The department replies; whoever supervises lifts, and says why. The end of a case lifts what still stands."""
    return _record(make_step(doors, who, step, case_id, number, version=body.version, words=body.reason), response)


def _record(case: Case, response: Response) -> CaseRecord:
    response.headers["ETag"] = f'"{case.version}"'
    return CaseRecord.model_validate(case)
