"""Cameras: how they are doing, their last pictures, what is drawn on them, and what that would find."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Body, Depends, Path, Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.city.cameras import CameraPart, ReferencePointPart, ground_of
from api.city.drawing import Drawing, read_drawing, sentence_about
from api.doors import Doors, TheDoors
from api.dry_run import Trial, try_out
from api.problems import problems
from api.routes.detect import slots_of
from api.routes.records import Finite, Record
from api.routes.workers import WatchedRecord, workers_seen_by
from api.store.cameras import Edition
from cases.audit.entry import Deed
from inference.findings import ViolationKind

router = Router(prefix="/v1", tags=["cameras"])

SeesCameras = Annotated[Caller, needs(Right.SEE_CAMERAS)]
Draws = Annotated[Caller, needs(Right.MANAGE_CAMERAS)]
CameraId = Annotated[
    str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$", description="the camera", examples=["east-gate-1"])
]

Drawn = Annotated[
    dict[str, Any],
    Body(
        description="`zones` and `reference_points` as under `cameras[]` of the city file",
        examples=[{"zones": [{"id": "kerb", "kind": "no_parking", "polygon": [[0, 0.5], [1, 0.5], [1, 1]]}]}],
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraGlance:
    """What lists show of a camera: what it is, and how it is doing."""

    part: CameraPart
    state: str
    said: str
    key_interval: float | None
    seen_at: datetime | None
    edition: int
    zones: int


class CameraRecord(Record):
    """A camera. `key_interval` in seconds: how late it shows things. `edition` 0 is what the city file says."""

    id: str
    name: str
    name_en: str
    moving: bool
    state: Annotated[str, Field(description="as a worker says it", examples=["live", "failed", "no_worker"])]
    said: str
    key_interval: Finite | None
    seen_at: datetime | None
    edition: int
    zones: int


class DrawingRecord(Record):
    """What is drawn on a camera's picture. Send `edition` back with what you draw instead."""

    edition: int
    made_by: str
    made_at: datetime | None
    drawing: dict[str, Any]


class DrawRequest(BaseModel):
    """What holds from now on."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    instead_of: Annotated[int, Field(ge=0, le=2**31 - 1, description="the edition that you saw", examples=[0])]
    drawing: Drawn


class TrialRecord(Record):
    """What a rule would have found. `box` in fractions of the picture, `seen_for` in seconds."""

    kind: ViolationKind
    zone: str
    object_class: str
    confidence: Finite
    first_seen: datetime
    last_seen: datetime
    seen_for: Finite
    box: tuple[Finite, Finite, Finite, Finite]


class TrialsRecord(Record):
    """What zones would have found in the pictures that are at hand."""

    pictures: int
    looked_at: int
    lost: int
    since: datetime | None
    until: datetime | None
    findings: tuple[TrialRecord, ...]


class CalibrationRecord(Record):
    """By how many metres each reference point is missed, in their order; four always fit exactly."""

    residuals: tuple[Finite, ...]
    worst: Finite


def camera_of(doors: Doors, who: Caller, camera: str) -> CameraPart:
    """A camera that somebody may see.

    Raises:
        HTTPException: 404, there is none within their areas.
    """
    for part in doors.cameras_seen_by(who):
        if part.id == camera:
            return part
    raise HTTPException(404, "there is no such camera; look it up in the list of cameras")


def glances(doors: Doors, who: Caller) -> tuple[CameraGlance, ...]:
    """All cameras that somebody may see, and how they are doing."""
    watched = {one.camera: one for worker in workers_seen_by(doors, who) if not worker.silent for one in worker.cameras}
    editions = doors.store.cameras.in_force()
    return tuple(
        _glance(doors, part, watched.get(part.id), editions.get(part.id)) for part in doors.cameras_seen_by(who)
    )


def _glance(doors: Doors, part: CameraPart, watched: WatchedRecord | None, edition: Edition | None) -> CameraGlance:
    memory = doors.store.camera_memory(part.id)
    return CameraGlance(
        part=part,
        state=watched.state if watched else "reading" if part.id in doors.mailboxes else "no_worker",
        said=(watched.error or "") if watched else "",
        key_interval=watched.key_interval if watched else None,
        seen_at=memory.captured_at if memory else None,
        edition=edition.edition if edition else 0,
        zones=len(edition.drawing["zones"]) if edition else len(part.zones),
    )


@router.get("/cameras", summary="List cameras", responses=problems(401, 403, 503))
def cameras(doors: TheDoors, who: SeesCameras) -> tuple[CameraRecord, ...]:
    """Cameras and vehicles in your areas, and how they are doing."""
    return tuple(
        CameraRecord(
            id=one.part.id,
            name=one.part.name.zh,
            name_en=one.part.name.en,
            moving=one.part.moving,
            state=one.state,
            said=one.said,
            key_interval=one.key_interval,
            seen_at=one.seen_at,
            edition=one.edition,
            zones=one.zones,
        )
        for one in glances(doors, who)
    )


@router.get(
    "/cameras/{camera}/picture",
    summary="See a camera's last picture",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}}, **problems(401, 403, 404, 422, 503)},
)
def picture(
    doors: TheDoors,
    who: SeesCameras,
    camera: CameraId,
    at: Annotated[
        AwareDatetime | None, Query(description="one of the times that are at hand; without it the last")
    ] = None,
) -> Response:
    """The last one, or one of the last quarter of an hour. That you looked is written into the audit log."""
    part = camera_of(doors, who, camera)
    found = doors.ring_of(part.id).picture(at) if doors.ring_of else None
    if found is None:
        raise HTTPException(404, "there is no such picture on this machine; its worker keeps those of 15 minutes")
    taken_at, jpeg = found
    deed = Deed(actor=who.label, what="camera.viewed", object=part.id, payload={"taken_at": taken_at.isoformat()})
    doors.store.record(deed)
    return Response(jpeg, media_type="image/jpeg", headers={"X-Captured-At": taken_at.isoformat()})


@router.get("/cameras/{camera}/drawing", summary="Read a camera's zones", responses=problems(401, 403, 404, 422, 503))
def drawing(doors: TheDoors, who: SeesCameras, camera: CameraId) -> DrawingRecord:
    """What is in force: the last edition that somebody drew, else what the city file says."""
    return drawing_in_force(doors, camera_of(doors, who, camera))


def drawing_in_force(doors: Doors, part: CameraPart) -> DrawingRecord:
    """What is drawn on a camera's picture now."""
    kept = doors.store.cameras.in_force().get(part.id)
    if kept is None:
        return DrawingRecord(edition=0, made_by="", made_at=None, drawing=Drawing.of(part).plain())
    return DrawingRecord(edition=kept.edition, made_by=kept.made_by, made_at=kept.made_at, drawing=dict(kept.drawing))


@router.get(
    "/cameras/{camera}/drawing.yaml",
    summary="Export a camera's zones",
    response_class=Response,
    responses={200: {"content": {"application/yaml": {}}}, **problems(401, 403, 404, 422, 503)},
)
def exported(doors: TheDoors, who: SeesCameras, camera: CameraId) -> Response:
    """What is in force, as a fragment to be put under the camera in the city file."""
    part = camera_of(doors, who, camera)
    text = read_drawing(drawing_in_force(doors, part).drawing).as_yaml()
    headers = {"Content-Disposition": f'attachment; filename="{part.id}.yaml"'}
    return Response(text, media_type="application/yaml", headers=headers)


@router.put(
    "/cameras/{camera}/drawing",
    summary="Draw a camera's zones",
    responses=problems(400, 401, 403, 404, 409, 413, 422, 503),
)
def draw(doors: TheDoors, who: Draws, camera: CameraId, body: DrawRequest) -> DrawingRecord:
    """A new edition; the camera's worker goes on with it within seconds, and nothing that stands is forgotten."""
    part = camera_of(doors, who, camera)
    plain = checked(body.drawing).plain()
    doors.store.cameras.draw(part.id, plain, instead_of=body.instead_of, by=who.label)
    return drawing_in_force(doors, part)


def checked(drawn: Mapping[str, Any]) -> Drawing:
    """A drawing that somebody sent.

    Raises:
        HTTPException: 422, with what is wrong where.
    """
    try:
        return Drawing.model_validate(dict(drawn))
    except ValidationError as error:
        raise HTTPException(422, f"this cannot be drawn: {sentence_about(error)}") from None


@router.post(
    "/cameras/{camera}/dry-run",
    summary="Try zones out",
    responses=problems(400, 401, 403, 404, 413, 422, 503),
)
async def dry_run(
    doors: TheDoors,
    who: Draws,
    camera: CameraId,
    drawn: Drawn,
    slots: Annotated[threading.BoundedSemaphore, Depends(slots_of)],
) -> TrialsRecord:
    """What these zones would have found in the pictures of the last quarter of an hour. Nothing is kept of it."""
    part, wanted = camera_of(doors, who, camera), checked(drawn)
    if doors.seeing is None or doors.ring_of is None:
        raise HTTPException(503, "this process has no model; put one into models/ and start it again")
    if not slots.acquire(blocking=False):
        raise HTTPException(503, "too many pictures at once; try again in a second", {"Retry-After": "1"})
    try:
        view = wanted.on(doors.city.view(part.id), doors.city.calendar)
        ring, zone = doors.ring_of(part.id), doors.city.calendar.zone
        trial = await run_in_threadpool(try_out, view, doors.seeing(), ring, zone)
    finally:
        slots.release()
    return _trials(trial)


def _trials(trial: Trial) -> TrialsRecord:
    times = trial.times
    return TrialsRecord(
        pictures=len(times),
        looked_at=trial.looked_at,
        lost=trial.lost,
        since=times[0] if times else None,
        until=times[-1] if times else None,
        findings=tuple(TrialRecord.model_validate(one) for one in trial.found),
    )


@router.post(
    "/cameras/{camera}/calibration",
    summary="Try reference points out",
    responses=problems(400, 401, 403, 404, 413, 422, 503),
)
def calibrate(
    doors: TheDoors,
    who: Draws,
    camera: CameraId,
    points: Annotated[tuple[ReferencePointPart, ...], Body(max_length=30)],
) -> CalibrationRecord:
    """How well a flat ground fits them. Nothing is kept of it."""
    camera_of(doors, who, camera)
    try:
        ground = ground_of(points)
    except ValueError as error:
        raise HTTPException(422, f"these points do not fit: {error}") from None
    if ground is None:
        raise HTTPException(422, "these points do not fit: four reference points or more are needed")
    return CalibrationRecord(residuals=ground.residuals, worst=max(ground.residuals))
