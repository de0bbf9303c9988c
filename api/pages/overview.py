"""The first page: what is there, what waits, and whether the cameras see."""

from typing import Annotated

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import Doors, TheDoors
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
    last_looks = {camera: doors.store.camera_memory(camera) for camera in _cameras(doors, who)}
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


def _cameras(doors: Doors, who: Caller) -> tuple[str, ...]:
    """The cameras that somebody may see: those in their areas."""
    if not who.may(Right.SEE_CAMERAS):
        return ()
    areas = who.reach.areas
    return tuple(part.id for part in doors.city.file.cameras if areas is None or part.area in areas)
