"""Records of consultations (会商记录) about a case."""

from typing import Annotated

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import TheDoors
from api.moves import PlainText, Reason, Version
from api.problems import problems
from api.routes.listing import CaseId
from api.routes.records import ConsultationRecord
from api.routes.reports import Instant

router = Router(prefix="/v1", tags=["cases"])

Participant = Annotated[PlainText, Field(min_length=1, max_length=128)]


class ConsultationRequest(BaseModel):
    """Who met when, and what they decided."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "version": 3,
                    "held_at": "2026-03-02T10:00:00+08:00",
                    "participants": ["police", "sanitation"],
                    "decision": "the police close the lane from 22:00, sanitation washes it",
                }
            ]
        },
    )

    version: Version
    held_at: Instant
    participants: Annotated[tuple[Participant, ...], Field(min_length=2, max_length=50)]
    decision: Reason


@router.post(
    "/cases/{case_id}/consultations",
    status_code=201,
    summary="Write down a consultation",
    responses=problems(400, 401, 403, 404, 409, 413, 422, 503),
)
def consult(
    doors: TheDoors,
    who: Annotated[Caller, needs(Right.COMMAND)],
    case_id: CaseId,
    body: ConsultationRequest,
    response: Response,
) -> ConsultationRecord:
    """It stays as it is written; what was wrong is put right by another record."""
    doors.seen_by(who).dossier(case_id)  # what is beyond their reach does not exist for them
    case = doors.command.consult(
        case_id,
        version=body.version,
        by=who.label,
        held_at=body.held_at,
        participants=body.participants,
        decision=body.decision,
    )
    response.headers["ETag"] = f'"{case.version}"'
    return ConsultationRecord.model_validate(case.consultations[-1])
