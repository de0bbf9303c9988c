"""Deliveries: what waits for a person, which departments do not answer, and the form for a decision."""

from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.access import Router
from api.doors import Doors, TheDoors
from api.pages.rendering import page
from api.routes.deliveries import Dispatches, FilingId, Reference, Why
from api.routes.listing import CaseId
from cases.breaker import Breaker, BreakerState
from cases.deliveries import Decision

router = Router(include_in_schema=False)


def silent_departments(doors: Doors) -> dict[str, Breaker]:
    """Who does not answer now, by department; what waits for them goes out when they do."""
    now = doors.clock()
    return {each.department: each for each in doors.store.breakers() if each.state(now) is not BreakerState.CLOSED}


@router.get("/deliveries", response_class=HTMLResponse)
def deliveries(request: Request, doors: TheDoors, who: Dispatches) -> HTMLResponse:
    """What waits for a person, and who does not answer."""
    seen = doors.seen_by(who)
    waiting = seen.needs_a_person()
    silent = tuple(silent_departments(doors).values())
    cases = {filing.case_id: seen.dossier(filing.case_id).case for filing in waiting}
    return page(request, "deliveries.html", waiting=waiting, cases=cases, silent=silent, decisions=tuple(Decision))


@router.post("/cases/{case_id}/filings/{filing_id}", response_class=HTMLResponse)
def decide(
    doors: TheDoors,
    who: Dispatches,
    case_id: CaseId,
    filing_id: FilingId,
    decision: Annotated[Decision, Form()],
    reason: Annotated[Why, Form()],
    reference: Annotated[Reference, Form()] = "",
) -> RedirectResponse:
    """Settle a delivery that only a person can settle, then show its case."""
    doors.seen_by(who).dossier(case_id)  # what lies beyond their reach is not there
    doors.deliveries.decide(case_id, filing_id, decision, by=who.label, reason=reason, reference=reference)
    return RedirectResponse(f"/cases/{case_id}", 303)
