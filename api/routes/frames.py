"""Frames that cameras send to us."""

import hashlib
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Header, Path, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.city.city import City
from api.digest import ContentDigest, check_digest
from api.doors import Doors, TheDoors
from api.problems import problems
from api.routes.pictures import jpeg_body, jpeg_request
from api.routes.records import Finite, Record
from inference.sources.pushed import Mailbox, frame_from_jpeg
from inference.sources.watchdogs import clock_skew

router = Router(prefix="/v1", tags=["cameras"])


class FrameRecord(Record):
    """What became of a frame. `shed`: frames of this camera that newer ones have pushed out so far.

    `clock_skew`: seconds by which the sender's clock is ahead (behind: negative) where that is more than five.
    """

    camera: str
    captured_at: datetime
    sha256: str
    waiting: int
    shed: int
    clock_skew: Finite | None


@router.post(
    "/cameras/{camera}/frames",
    status_code=202,
    summary="Send a frame",
    responses=problems(401, 403, 404, 413, 415, 422, 503),
    openapi_extra=jpeg_request(),
)
async def push(
    doors: TheDoors,
    who: Annotated[Caller, needs(Right.PUSH_FRAMES)],
    request: Request,
    camera: Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$", examples=["east-gate-1"])],
    captured_at: Annotated[
        str | None,
        Header(alias="X-Captured-At", max_length=40, examples=["2026-03-01T08:00:00Z"], description="with a zone"),
    ] = None,
    preset: Annotated[
        str | None,
        Header(alias="X-Preset", max_length=64, examples=["market"], description="where a camera that turns looked"),
    ] = None,
    digest: ContentDigest = None,
) -> FrameRecord:
    """One JPEG of a camera. The newest frame wins; the time of receipt counts, and the answer says if clocks differ."""
    if camera != who.camera:
        raise HTTPException(403, "this key is of another camera; `jiexun key add --camera` makes one for each")
    camera = look_of(doors.city, camera, preset)
    mailbox_of(doors, camera)
    sender_time = instant_of(captured_at)
    data = await jpeg_body(request)
    return await run_in_threadpool(take_frame, doors, camera, data, sender_time, digest)


def take_frame(doors: Doors, camera: str, data: bytes, sender_time: datetime | None, digest: str | None) -> FrameRecord:
    """Hand a JPEG to the worker of its camera.

    Args:
        doors: with the camera's mailbox.
        camera: whose frame it is; of one that turns, the entry of the preset.
        data: the file.
        sender_time: aware UTC, when the sender says it was taken.
        digest: its `Content-Digest`, where one came along.

    Raises:
        HTTPException: nobody watches the camera here, or the bytes are not what the digest says.
        PictureRefused: the bytes must not be decoded.
    """
    mailbox = mailbox_of(doors, camera)
    check_digest(data, digest)
    frame = frame_from_jpeg(camera, data, doors.clock(), sender_time=sender_time)
    mailbox.offer(frame)
    counts = mailbox.counts
    return FrameRecord(
        camera=camera,
        captured_at=frame.captured_at,
        sha256=hashlib.sha256(data).hexdigest(),
        waiting=counts.waiting,
        shed=counts.shed,
        clock_skew=clock_skew(sender_time, frame.captured_at) if sender_time else None,
    )


def look_of(city: City, camera: str, preset: str | None) -> str:
    """The entry of the city file by whose zones a frame is judged: that of its preset where the camera turns.

    Args:
        city: the city.
        camera: as its sender is called.
        preset: that the frame names.

    Raises:
        HTTPException: 422 where nobody knows by which zones: no preset is named, or one that is not in the file.
    """
    presets = city.presets_of(camera)
    known = ", ".join(presets)
    if presets and preset is None:
        raise HTTPException(422, f"this camera turns: say with each frame which preset it shows, one of: {known}")
    if not presets and preset is not None:
        raise HTTPException(422, "the city file knows no presets of this camera; add them there, or name none")
    if preset is None:
        return camera
    if preset not in presets:
        raise HTTPException(422, f"no zones are drawn for this preset; add it to the city file, which has: {known}")
    return presets[preset]


def mailbox_of(doors: Doors, camera: str) -> Mailbox:
    """Where the frames of a camera go.

    Raises:
        HTTPException: 404 where the city has no such camera, 503 where no worker of this process takes its frames.
    """
    if camera in doors.mailboxes:
        return doors.mailboxes[camera]
    if camera not in doors.city.views:
        raise HTTPException(404, "the city file has no camera of this name; add it there or correct the address")
    raise HTTPException(
        503, "no worker of this process takes frames of this camera; give it `source: push` and start its worker here"
    )


def instant_of(text: str | None) -> datetime | None:
    """When a sender says that a frame was taken, aware UTC; None where it says nothing.

    Raises:
        HTTPException: 422, it is no time with a zone.
    """
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None or not 1970 < instant.year < 9999:
        raise HTTPException(422, "X-Captured-At must be a time with its zone, such as 2026-03-01T08:00:00Z")
    return instant.astimezone(UTC)
