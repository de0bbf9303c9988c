"""Frames that patrol vehicles send to us, each with its place."""

from datetime import datetime
from typing import Annotated

from fastapi import Header, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.digest import ContentDigest, check_digest
from api.doors import Doors, TheDoors
from api.patrols.inlet import PatrolInlet, TakenFrame
from api.patrols.stated_fix import StatedFix, StatedInHeaders, fix_of
from api.problems import problems
from api.quotas import take_one
from api.routes.pictures import jpeg_body, jpeg_request
from api.routes.records import Record
from inference.patrol.fix import Fix
from inference.sources.exif import read_exif
from inference.sources.jpeg_header import jpeg_header
from inference.sources.still_picture import still_picture

router = Router(prefix="/v1", tags=["patrols"])

FRAMES_AT_ONCE, FRAMES_A_SECOND = 600, 10.0
"""Of one vehicle: a minute of its pictures after a tunnel, then what no worker has a use for more of."""

Vehicle = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$", examples=["patrol-1"])]


class PatrolFrameRecord(Record):
    """What became of a frame. `known`: it had been sent before. `waiting`: frames before the worker, this one included.

    `place` is WGS84, whatever was sent.
    """

    vehicle: str
    captured_at: datetime
    lat: float
    lon: float
    sha256: str
    known: bool
    waiting: int


@router.post(
    "/patrols/{vehicle}/frames",
    status_code=202,
    summary="Send a frame with its place",
    responses=problems(401, 403, 404, 409, 413, 415, 422, 429, 503),
    openapi_extra=jpeg_request(),
)
async def push(
    doors: TheDoors,
    who: Annotated[Caller, needs(Right.PUSH_FRAMES)],
    request: Request,
    vehicle: Vehicle,
    headers: Annotated[StatedInHeaders, Header()],
    query: Annotated[StatedFix, Query()],
    digest: ContentDigest = None,
) -> PatrolFrameRecord:
    """One JPEG of a vehicle. It is kept on the disk before the answer, and looked at in order of time.

    Time and place stand in headers or in the address, or the place in the picture's EXIF block. The same frame may be
    sent again after an answer was lost.
    """
    inlet = inlet_for(doors, who, vehicle)
    take_a_turn(request, vehicle)
    data = await jpeg_body(request)
    check_digest(data, digest)
    fix, taken = await run_in_threadpool(taken_in, doors, inlet, vehicle, data, query, headers)
    return frame_record(vehicle, fix, taken)


def inlet_for(doors: Doors, who: Caller, vehicle: str) -> PatrolInlet:
    """The way in for a vehicle that shows its own key.

    Raises:
        HTTPException: 403 for another's key, 404 where the city has no such vehicle, 503 where nothing is taken in.
    """
    if vehicle != who.camera:
        raise HTTPException(403, "this key is of another camera; `jiexun key add --camera` makes one for each")
    if not any(part.id == vehicle and part.moving for part in doors.city.file.cameras):
        raise HTTPException(404, "the city file has no camera of this name with `moving: true`; add it there")
    if doors.patrols is None:
        raise HTTPException(
            503, "this process takes nothing of patrols; send it to the one that `jiexun serve` started"
        )
    return doors.patrols


def take_a_turn(connection: HTTPConnection, vehicle: str) -> None:
    """Use one up of what a vehicle may send, by whichever door its frame comes.

    Raises:
        HTTPException: 429, it sends too fast.
    """
    take_one(connection, "patrol frames", burst=FRAMES_AT_ONCE, every=1 / FRAMES_A_SECOND, whose=vehicle)


def taken_in(
    doors: Doors, inlet: PatrolInlet, vehicle: str, data: bytes, stated: StatedFix, otherwise: StatedFix | None
) -> tuple[Fix, TakenFrame]:
    """Check one frame and keep it.

    Raises:
        HTTPException: 422 where time or place are missing or cannot be right.
        PictureRefused: the bytes must not be decoded.
        UploadRefused: newer pictures have been looked at.
        PatrolError: it cannot be kept.
    """
    header = jpeg_header(data)
    still_picture(data, header)
    fix = fix_of(stated, otherwise, read_exif(header.exif).position, doors.clock())
    return fix, inlet.take(vehicle, fix, data)


def frame_record(vehicle: str, fix: Fix, taken: TakenFrame) -> PatrolFrameRecord:
    """The answer to one frame."""
    return PatrolFrameRecord(
        vehicle=vehicle,
        captured_at=fix.at,
        lat=fix.where.lat,
        lon=fix.where.lon,
        sha256=taken.sha256,
        known=taken.known,
        waiting=taken.waiting,
    )
