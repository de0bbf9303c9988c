"""Deliveries: what waits for a person, which departments do not answer, and the form for a decision."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.doors import TheDoors
from api.moves import Actor
from api.pages.rendering import page, remember_actor
from api.routes.deliveries import FilingId, Reference, Why
from api.routes.listing import CaseId
from cases.breaker import BreakerState
from cases.deliveries import Decision

router = APIRouter(include_in_schema=False)


@router.get("/deliveries", response_class=HTMLResponse)
def deliveries(request: Request, doors: TheDoors) -> HTMLResponse:
    """What waits for a person, and who does not answer."""
    now = doors.clock()
    waiting = doors.store.needs_a_person()
    silent = [each for each in doors.store.breakers() if each.state(now) is not BreakerState.CLOSED]
    cases = {filing.case_id: doors.store.dossier(filing.case_id).case for filing in waiting}
    return page(request, "deliveries.html", waiting=waiting, cases=cases, silent=silent, decisions=tuple(Decision))


@router.post("/cases/{case_id}/filings/{filing_id}", response_class=HTMLResponse)
def decide(
    doors: TheDoors,
    case_id: CaseId,
    filing_id: FilingId,
    decision: Annotated[Decision, Form()],
    by: Annotated[Actor, Form()],
    reason: Annotated[Why, Form()],
    reference: Annotated[Reference, Form()] = "",
) -> RedirectResponse:
    """Settle a delivery that only a person can settle, then show its case."""
    doors.deliveries.decide(case_id, filing_id, decision, by=by, reason=reason, reference=reference)
    answer = RedirectResponse(f"/cases/{case_id}", 303)
    remember_actor(answer, by)
    return answer
