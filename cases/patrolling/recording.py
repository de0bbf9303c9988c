"""A recording (巡查录像): a video of a pass and its track, on their way in and until they are looked through."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from inference.datum import Datum


class RecordingState(StrEnum):
    """Where it stands."""

    RECEIVING = "receiving"
    """Bytes are missing."""
    WAITING = "waiting"
    """Whole; the worker looks it through, from where it stopped."""
    DONE = "done"
    REFUSED = "refused"
    """It cannot be looked through; its reason says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """A file as its sender announces it.

    Attributes:
        suffix: the end of its name, which says what form it has, e.g. `.mp4`.
        size_bytes: its length.
        sha256: hex, of all its bytes.
    """

    suffix: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One recording.

    Attributes:
        id: random; also the name of its pass.
        vehicle: id of the camera.
        name: what its sender calls it.
        video: the video.
        track: the track; None where it lies in the video itself.
        coordinates: in which the track's places are given.
        started_at: aware UTC, when the video began; None where the video or the track say so themselves.
        created_at: aware UTC, when it was announced.
        state: where it stands.
        reason: why it was refused.
        finished_at: aware UTC, when it was done or refused.
    """

    id: str
    vehicle: str
    name: str
    video: Announced
    track: Announced | None
    coordinates: Datum
    started_at: datetime | None
    created_at: datetime
    state: RecordingState = RecordingState.RECEIVING
    reason: str = ""
    finished_at: datetime | None = None

    @property
    def files(self) -> dict[str, Announced]:
        """What it is made of, by the names of its parts."""
        return {"video": self.video} | ({"track": self.track} if self.track else {})
