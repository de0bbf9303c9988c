"""Comments of observers on cases."""

from typing import Annotated

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import TheDoors
from api.moves import PlainText
from api.problems import problems
from api.routes.listing import CaseId
from api.routes.records import EntryRecord
from cases.participation.commenting import comment as write_down

router = Router(prefix="/v1", tags=["cases"])


class CommentRequest(BaseModel):
    """What an observer says."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"text": "the stall is back at night"}]})

    text: Annotated[PlainText, Field(min_length=1, max_length=2000)]


@router.post(
    "/cases/{case_id}/comments",
    status_code=201,
    summary="Comment on a case",
    responses=problems(400, 401, 403, 404, 409, 413, 422, 503),
)
def comment(
    doors: TheDoors,
    who: Annotated[Caller, needs(Right.COMMENT)],
    case_id: CaseId,
    body: CommentRequest,
    response: Response,
) -> EntryRecord:
    """It becomes a line of the case's history, under the observer's name; the case stays where it stands."""
    doors.seen_by(who).dossier(case_id)  # what is beyond their reach does not exist for them
    case, entry = write_down(doors.store, case_id, by=who.label, text=body.text, clock=doors.clock)
    response.headers["ETag"] = f'"{case.version}"'
    return EntryRecord.model_validate(entry)
