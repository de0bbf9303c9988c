"""Cameras: how they are doing, and what is drawn on their pictures."""

import json
from typing import Annotated

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import TheDoors
from api.pages.language import Words
from api.pages.rendering import page, words_for
from api.routes.cameras import CameraId, camera_of, drawing_in_force, glances
from inference.findings import ViolationKind
from inference.zones.zone import ZoneKind

router = Router(include_in_schema=False)

SeesCameras = Annotated[Caller, needs(Right.SEE_CAMERAS)]


@router.get("/cameras", response_class=HTMLResponse)
def cameras(request: Request, doors: TheDoors, who: SeesCameras) -> HTMLResponse:
    """All cameras within somebody's areas."""
    return page(request, "cameras.html", cameras=glances(doors, who))


@router.get("/cameras/{camera}", response_class=HTMLResponse)
def camera(request: Request, doors: TheDoors, who: SeesCameras, camera: CameraId) -> HTMLResponse:
    """One camera: its last picture, and the zones on it."""
    part = camera_of(doors, who, camera)
    [glance] = [one for one in glances(doors, who) if one.part.id == part.id]
    times = doors.ring_of(part.id).times() if doors.ring_of else ()
    record = drawing_in_force(doors, part)
    return page(
        request,
        "camera.html",
        camera=glance,
        presets=[one for one in doors.cameras_seen_by(who) if part.preset and one.sender == part.sender],
        record=record,
        times=times,
        editions=doors.store.cameras.editions(part.id),
        kinds=tuple(ZoneKind),
        can_draw=who.may(Right.MANAGE_CAMERAS),
        known=json.loads(record.model_dump_json()),
        words=_words(words_for(request)),
    )


def _words(t: Words) -> dict[str, object]:
    """What the script says, in the person's language."""
    said = (
        "saved",
        "not_sent",
        "point",
        "nothing_found",
        "would_find",
        "worst",
        "exact",
        "draw_hint",
    )
    return {
        "language": t.language.value,
        "zone": str(t.zone),
        "kinds": {kind.value: t(f"zone.{kind.value}") for kind in ZoneKind},
        "violations": {kind.value: t(f"kind.{kind.value}") for kind in ViolationKind},
        "objects": t.objects,
        **{key: t(f"drawing.{key}") for key in said},
    }
