"""Deliveries that wait for a person, what a person decides about them, and which departments do not answer."""

from datetime import datetime
from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import TheDoors
from api.moves import PlainText
from api.problems import problems
from api.routes.listing import CaseId
from api.routes.records import FilingRecord, Record
from cases.breaker import BreakerState
from cases.deliveries import Decision

router = Router(prefix="/v1", tags=["deliveries"])

Dispatches = Annotated[Caller, needs(Right.DISPATCH)]

FilingId = Annotated[
    str, Path(pattern=r"^[0-9A-Za-z_-]{1,64}$", description="the delivery's `id`", examples=["7c" * 16])
]
Why = Annotated[PlainText, Field(min_length=1, max_length=2000, description="how you know, or why it is given up")]
Reference = Annotated[PlainText, Field(max_length=200, description="the department's own name for the case")]


class DecisionRequest(BaseModel):
    """What is known, and how."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "rang them up, they have it"}]}
    )

    reason: Why
    reference: Reference = ""


class WaitingRecord(Record):
    """A delivery that waits for a person, and its case."""

    case_id: str
    delivery: FilingRecord


class BreakerRecord(Record):
    """What the senders know about one department."""

    department: str
    state: BreakerState
    since: datetime | None
    open_until: datetime | None
    error: str | None


@router.get("/deliveries", summary="List deliveries that wait for a person", responses=problems(401, 403, 503))
def waiting(doors: TheDoors, who: Dispatches) -> tuple[WaitingRecord, ...]:
    """Deliveries that are dead, or of which nobody can find out whether they arrived, oldest first."""
    return tuple(
        WaitingRecord(case_id=filing.case_id, delivery=FilingRecord.model_validate(filing))
        for filing in doors.seen_by(who).needs_a_person()
    )


@router.get("/breakers", summary="List which departments answer", responses=problems(401, 403, 503))
def breakers(doors: TheDoors, _: Dispatches) -> tuple[BreakerRecord, ...]:
    """Every department that something was sent out to, and whether anything is let through to it now."""
    now = doors.clock()
    return tuple(
        BreakerRecord(
            department=breaker.department,
            state=breaker.state(now),
            since=breaker.since,
            open_until=breaker.open_until,
            error=breaker.error,
        )
        for breaker in doors.store.breakers()
    )


@router.post(
    "/cases/{case_id}/filings/{filing_id}/{decision}",
    summary="Decide about a delivery",
    responses=problems(401, 403, 404, 409, 413, 422, 503),
)
def decide(
    doors: TheDoors, who: Dispatches, case_id: CaseId, filing_id: FilingId, decision: Decision, body: DecisionRequest
) -> FilingRecord:
    """Say that a delivery has arrived, is to be sent again, or is given up. Only for those that wait for a person."""
    doors.seen_by(who).dossier(case_id)  # what lies beyond their reach is not there
    settled = doors.deliveries.decide(
        case_id, filing_id, decision, by=who.label, reason=body.reason, reference=body.reference
    )
    return FilingRecord.model_validate(settled)
