"""Verifications: tasks to look on the spot, and their answers."""

from datetime import datetime
from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import TheDoors
from api.moves import Reason
from api.problems import problems
from api.routes.listing import Limit, Name
from api.routes.records import PlaceRecord, Record
from cases.errors import CaseNotFound
from cases.verification import VerificationResult
from cases.verifying import Verifying

router = Router(prefix="/v1", tags=["reports"])

Looks = Annotated[Caller, needs(Right.CHECK, Right.REPORT)]
TaskId = Annotated[str, Path(pattern=r"^[0-9A-Za-z_-]{1,64}$", description="the task's `id`", examples=["9f" * 16])]


class VerificationRecord(Record):
    """One task. `assignee` is the nearest of the grid staff; `rank` 0 is most urgent."""

    id: str
    case_id: str
    assignee: str | None
    rank: int
    place: PlaceRecord | None
    address: str
    created_at: datetime
    due_at: datetime
    result: VerificationResult | None
    answered_by: str | None
    answered_at: datetime | None
    note: str


class AnswerRequest(BaseModel):
    """What was found on the spot; the note is needed where nothing was found or nobody could look."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"result": "exist"}]})

    result: VerificationResult
    note: Reason = ""


@router.get("/verifications", summary="List open verifications", responses=problems(401, 403, 422, 503))
def verifications(
    doors: TheDoors, who: Looks, assignee: Name | None = None, limit: Limit = 50
) -> tuple[VerificationRecord, ...]:
    """Tasks that nobody has answered, the most urgent first."""
    tasks = doors.seen_by(who).verifications(assignee=assignee, limit=limit)
    return tuple(VerificationRecord.model_validate(task) for task in tasks)


@router.post(
    "/verifications/{id}",
    summary="Answer a verification",
    responses=problems(400, 401, 403, 404, 409, 413, 422, 503),
)
def answer(doors: TheDoors, who: Looks, id: TaskId, body: AnswerRequest) -> VerificationRecord:
    """It exists, does not exist, or nobody was able to look. The answer goes into the history of the case."""
    task = doors.store.verification(id)
    if task is None:
        raise CaseNotFound("there is no such verification; look it up in the list")
    doors.seen_by(who).dossier(task.case_id)  # what is beyond their reach does not exist for them
    desk = Verifying(doors.store, doors.order, clock=doors.clock, new_id=doors.new_id)
    return VerificationRecord.model_validate(desk.answer(id, body.result, by=who.label, note=body.note))
