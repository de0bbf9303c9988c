"""The first page: what is there, what waits, and whether the cameras see."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.doors import TheDoors
from api.pages.rendering import page
from cases.states import WITH_DEPARTMENT, CaseState

router = APIRouter(include_in_schema=False)

LATEST = 8


@router.get("/", response_class=HTMLResponse)
def overview(request: Request, doors: TheDoors) -> HTMLResponse:
    """Counts, the latest cases and the cameras."""
    summary = doors.store.summary()
    latest = [doors.store.dossier(case.id) for case in doors.store.cases(limit=LATEST).items]
    last_looks = {camera: doors.store.camera_memory(camera) for camera in doors.city.views}
    with_departments = doors.store.cases(states=WITH_DEPARTMENT | {CaseState.FILED}, limit=200).items
    return page(
        request,
        "overview.html",
        summary=summary,
        latest=latest,
        last_looks=last_looks,
        overdue=sum(case.is_overdue(doors.clock()) for case in with_departments),
        waiting=doors.store.needs_a_person(),
        with_departments=sum(summary.by_state[state] for state in WITH_DEPARTMENT | {CaseState.FILED}),
    )
