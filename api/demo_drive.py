"""The shipped patrol drive as recordings of the demo's vehicle: two passes, of which the second has just ended."""

import csv
import hashlib
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from api.patrols.inlet import PatrolInlet, Plan, announced
from cases.patrolling.recording import RecordingState
from inference.errors import SourceNotReadable
from inference.patrol.csv_track import GOPRO_TIME

VEHICLE = "patrol-1"
CLOCK = "gps_utc"
"""Column of the tracks that says when each fix was taken."""
SECOND_PASS_ENDED = timedelta(minutes=1)
"""Before the demo begins; the first one ended a quarter of an hour earlier."""


class _Pass(BaseModel):
    model_config = ConfigDict(frozen=True)

    clip: str
    track: str
    start: datetime
    seconds: float


class _Drive(BaseModel):
    model_config = ConfigDict(frozen=True)

    passes: tuple[_Pass, ...]


def send_drive(inlet: PatrolInlet, folder: Path, now: datetime) -> None:
    """Upload both passes, moved in time so that they belong to today; what was sent before is not sent again.

    Args:
        inlet: where vehicles send to.
        folder: of the drive.
        now: aware UTC.

    Raises:
        SourceNotReadable: the drive is missing or damaged.
        ApiError: it cannot be kept.
    """
    try:
        drive = _Drive.model_validate_json((folder / "drive.json").read_bytes())
        files = [((folder / one.clip).read_bytes(), (folder / one.track).read_text()) for one in drive.passes]
    except (OSError, ValueError) as error:
        raise SourceNotReadable(f"{folder} holds no whole drive ({error}); get the demo's files again") from error
    later = now - SECOND_PASS_ENDED - max(one.start + timedelta(seconds=one.seconds) for one in drive.passes)
    for one, (video, track) in zip(drive.passes, files, strict=True):
        _send(inlet, one.clip, video, moved(track, later), (one.start + later).astimezone(UTC))


def moved(track: str, later: timedelta) -> bytes:
    """A track of the drive whose fixes were taken so much later."""
    rows = list(csv.DictReader(io.StringIO(track)))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(rows[0]) if rows else [CLOCK])
    writer.writeheader()
    for row in rows:
        at = datetime.strptime(row[CLOCK], GOPRO_TIME).replace(tzinfo=UTC) + later
        writer.writerow(row | {CLOCK: f"{at:{GOPRO_TIME}}"[:-3]})
    return text.getvalue().encode()


def _send(inlet: PatrolInlet, name: str, video: bytes, track: bytes, started_at: datetime) -> None:
    parts = {"video": video, "track": track}
    plan = Plan(
        name=name,
        video=announced(name, len(video), hashlib.sha256(video).hexdigest()),
        track=announced("track.csv", len(track), hashlib.sha256(track).hexdigest(), track=True),
        started_at=started_at,
    )
    recording = inlet.announce(VEHICLE, plan)
    for part, data in parts.items():
        if recording.state is RecordingState.RECEIVING:
            here = inlet.files.offset(recording, part)
            recording, _ = inlet.append(recording, part, here, data[here:])
