"""The forms with which supervision orders (督办) are given, answered and lifted."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import Form, Request, Response
from pydantic import NaiveDatetime

from api.access import Router
from api.doors import Doors, TheDoors
from api.moves import Version
from api.pages.cases import led_on
from api.routes.listing import CaseId
from api.routes.supervisions import OrderNumber, RepliesOrLifts, Requirement, Supervises, Words
from api.supervisions import SupervisionStep, make_step
from cases.supervision import SupervisionKind, SupervisionLevel

router = Router(include_in_schema=False)

LocalTime = Annotated[NaiveDatetime | Literal[""], Form()]
"""As a browser sends it: a time of day in the city, without a zone."""


@router.post("/cases/{case_id}/supervisions")
def order(
    request: Request,
    doors: TheDoors,
    who: Supervises,
    case_id: CaseId,
    version: Annotated[Version, Form()],
    kind: Annotated[SupervisionKind, Form()],
    requirement: Annotated[Requirement, Form()],
    level: Annotated[SupervisionLevel, Form()] = SupervisionLevel.ORDINARY,
    reply_by: LocalTime = "",
) -> Response:
    """Put a case under supervision."""
    doors.seen_by(who).dossier(case_id)
    wanted = _in_the_city(doors, reply_by) if reply_by else None
    return led_on(
        request,
        doors,
        who,
        case_id,
        lambda: doors.supervision.order(
            case_id, version=version, by=who.label, kind=kind, level=level, requirement=requirement, reply_by=wanted
        ),
    )


@router.post("/cases/{case_id}/supervisions/{number}/{step}")
def step(
    request: Request,
    doors: TheDoors,
    who: RepliesOrLifts,
    case_id: CaseId,
    number: OrderNumber,
    step: SupervisionStep,
    version: Annotated[Version, Form()],
    reason: Annotated[Words, Form()],
) -> Response:
    """Reply to an order or lift it, then show the case."""
    return led_on(
        request,
        doors,
        who,
        case_id,
        lambda: make_step(doors, who, step, case_id, number, version=version, words=reason),
    )


def _in_the_city(doors: Doors, local: datetime) -> datetime:
    return local.replace(tzinfo=doors.order.calendar.days.zone).astimezone(UTC)
