"""The page of workers: who watches which camera, and how that goes."""

from typing import Annotated

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import TheDoors
from api.pages.rendering import page
from api.routes.workers import workers_seen_by

router = Router(include_in_schema=False)


@router.get("/workers", response_class=HTMLResponse)
def workers(request: Request, doors: TheDoors, who: Annotated[Caller, needs(Right.SEE_CAMERAS)]) -> HTMLResponse:
    """Each worker with its load and its cameras, and the cameras that nobody watches."""
    found = workers_seen_by(doors, who)
    watched = {one.camera for worker in found if not worker.silent for one in worker.cameras}
    looks = {part.id: doors.store.camera_memory(part.id) for part in doors.cameras_seen_by(who)}
    looked_at_elsewhere = watched | doors.mailboxes.keys()  # and what vehicles send waits on the disk
    fixed = [part.id for part in doors.cameras_seen_by(who) if not part.moving]
    alone = [camera for camera in fixed if camera not in looked_at_elsewhere]
    return page(request, "workers.html", workers=found, looks=looks, unwatched=alone)
