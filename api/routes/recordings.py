"""Recordings of patrols: announced first, then sent in parts that go on where they stopped."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Header, Path, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.digest import ContentDigest, check_digest
from api.doors import TheDoors
from api.moves import PlainText
from api.patrols.inlet import PatrolInlet, Plan, announced
from api.patrols.recording_files import MOST_PART_BYTES
from api.patrols.stated_fix import Instant
from api.problems import problems
from api.quotas import take_one
from api.routes.patrols import Vehicle, inlet_for
from api.routes.records import Record
from cases.patrolling.recording import Recording, RecordingState
from inference.datum import Datum

router = Router(prefix="/v1", tags=["patrols"])

ANNOUNCED_AT_ONCE, ANNOUNCED_EVERY = 60, 10.0
"""Recordings of one vehicle: a day of files of three minutes takes under two hours; seconds."""
PARTS_AT_ONCE, PARTS_A_SECOND = 64, 8.0
"""Of one vehicle: parts of 8 MiB fill half a gigabit a second, small ones do not keep the disk busy for nothing."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
FileName = Annotated[PlainText, Field(min_length=3, max_length=200, pattern=r"^[^/\\\x00-\x1f]+$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, frozen=True)


class FileRequest(_Part):
    """A file: its name, whose end says what form it has, its length and the hex SHA-256 of all its bytes."""

    name: Annotated[FileName, Field(examples=["2026-03-02-morning.mp4"])]
    size_bytes: Annotated[int, Field(ge=1)]
    sha256: Sha256


class RecordingRequest(_Part):
    """A video and its track. Without `track` it lies in the video (GoPro); without `started_at` they say when."""

    video: FileRequest
    track: FileRequest | None = None
    coordinates: Annotated[Datum, Field(description="of the track's places")] = Datum.WGS84
    started_at: Annotated[Instant | None, Field(description="when the video began, with a zone")] = None


class PartRecord(Record):
    """How much of a file is there; `offset` is the next byte that is awaited."""

    offset: int
    size_bytes: int


class RecordingRecord(Record):
    """A recording: `receiving` bytes, `waiting` for the worker, `done`, or `refused` with a reason."""

    id: str
    vehicle: str
    name: str
    state: RecordingState
    reason: str
    created_at: datetime
    finished_at: datetime | None
    video: PartRecord
    track: PartRecord | None


RecordingId = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,64}$", examples=["3f9c1e2ab04d4f6e8a57c1d2e3f40516"])]


@router.post(
    "/patrols/{vehicle}/recordings",
    status_code=201,
    summary="Announce a recording",
    responses=problems(401, 403, 404, 409, 413, 422, 429, 503),
)
def announce(
    doors: TheDoors,
    who: Annotated[Caller, needs(Right.PUSH_FRAMES)],
    request: Request,
    vehicle: Vehicle,
    asked: RecordingRequest,
) -> RecordingRecord:
    """Open a recording; the same video again leads to the one that is there, with what is missing."""
    inlet = inlet_for(doors, who, vehicle)
    take_one(request, "patrol recordings", burst=ANNOUNCED_AT_ONCE, every=ANNOUNCED_EVERY, whose=vehicle)
    track = asked.track
    plan = Plan(
        name=asked.video.name,
        video=announced(asked.video.name, asked.video.size_bytes, asked.video.sha256),
        track=announced(track.name, track.size_bytes, track.sha256, track=True) if track else None,
        coordinates=asked.coordinates,
        started_at=asked.started_at,
    )
    recording = inlet.announce(vehicle, plan)
    return _record(inlet, inlet.settled(recording))


@router.get(
    "/patrols/{vehicle}/recordings/{recording}",
    summary="How far a recording is",
    responses=problems(401, 403, 404, 409, 503),
)
def progress(
    doors: TheDoors, who: Annotated[Caller, needs(Right.PUSH_FRAMES)], vehicle: Vehicle, recording: RecordingId
) -> RecordingRecord:
    """Where it stands, and from which byte on to go on."""
    inlet = inlet_for(doors, who, vehicle)
    return _record(inlet, inlet.settled(_known(inlet, vehicle, recording)))


@router.patch(
    "/patrols/{vehicle}/recordings/{recording}/{part}",
    summary="Send bytes of a recording",
    responses=problems(401, 403, 404, 409, 413, 422, 429, 503),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/octet-stream": {
                    "schema": {"type": "string", "format": "binary", "maxLength": MOST_PART_BYTES}
                }
            },
        }
    },
)
async def send(
    doors: TheDoors,
    who: Annotated[Caller, needs(Right.PUSH_FRAMES)],
    request: Request,
    vehicle: Vehicle,
    recording: RecordingId,
    part: Annotated[Literal["video", "track"], Path(examples=["video"])],
    offset: Annotated[int, Header(alias="Upload-Offset", ge=0, le=2**53, description="of the first byte sent")],
    digest: ContentDigest = None,
) -> RecordingRecord:
    """The next bytes of the video or the track, at most 8 MiB. After a break ask how far it is and go on there."""
    inlet = inlet_for(doors, who, vehicle)
    take_one(request, "parts of recordings", burst=PARTS_AT_ONCE, every=1 / PARTS_A_SECOND, whose=vehicle)
    data = await _body(request)
    check_digest(data, digest)

    def keep() -> RecordingRecord:
        known = _known(inlet, vehicle, recording)
        if part not in known.files:
            raise HTTPException(404, "this recording was announced without a track; announce it anew with one")
        now, _ = inlet.append(known, part, offset, data)
        return _record(inlet, now)

    return await run_in_threadpool(keep)


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_PART_BYTES:
            raise HTTPException(413, f"send at most {MOST_PART_BYTES // 2**20} MiB at a time")
    return bytes(body)


def _known(inlet: PatrolInlet, vehicle: str, id: str) -> Recording:
    recording = inlet.store.patrols.recording(id)
    if recording is None or recording.vehicle != vehicle:
        raise HTTPException(404, "this vehicle has no recording of this name; announce it first")
    return recording


def _record(inlet: PatrolInlet, recording: Recording) -> RecordingRecord:
    done = recording.state is not RecordingState.RECEIVING

    def part(name: str) -> PartRecord:
        size = recording.files[name].size_bytes
        return PartRecord(offset=size if done else inlet.files.offset(recording, name), size_bytes=size)

    return RecordingRecord(
        id=recording.id,
        vehicle=recording.vehicle,
        name=recording.name,
        state=recording.state,
        reason=recording.reason,
        created_at=recording.created_at,
        finished_at=recording.finished_at,
        video=part("video"),
        track=part("track") if recording.track else None,
    )
