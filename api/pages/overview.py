"""The first page: what is there, what waits, and whether the cameras see."""

from typing import Annotated

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import TheDoors
from api.pages.rendering import page
from cases.states import WITH_DEPARTMENT, CaseState

router = Router(include_in_schema=False)

LATEST = 8


@router.get("/", response_class=HTMLResponse)
def overview(request: Request, doors: TheDoors, who: Annotated[Caller, needs(Right.SEE_CASES)]) -> HTMLResponse:
    """Counts, the latest cases and the cameras."""
    seen = doors.seen_by(who)
    summary = seen.summary()
    latest = [seen.dossier(case.id) for case in seen.cases(limit=LATEST).items]
    last_looks = {part.id: doors.store.camera_memory(part.id) for part in doors.cameras_seen_by(who)}
    with_departments = seen.cases(states=WITH_DEPARTMENT | {CaseState.FILED}, limit=200).items
    return page(
        request,
        "overview.html",
        summary=summary,
        latest=latest,
        last_looks=last_looks,
        overdue=sum(case.is_overdue(doors.clock()) for case in with_departments),
        waiting=seen.needs_a_person(),
        with_departments=sum(summary.by_state[state] for state in WITH_DEPARTMENT | {CaseState.FILED}),
    )
