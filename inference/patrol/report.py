"""What became of every line of a track: nothing is left out silently."""

from dataclasses import dataclass
from enum import StrEnum

from inference.patrol.track import Gap, Track


class Oddity(StrEnum):
    """Why a fix was left out or put elsewhere."""

    NO_FIX = "no_fix"
    """The receiver itself says that it knows no place."""
    DAMAGED = "damaged"
    """A line or block that cannot be read, or whose checksum is wrong."""
    NO_TIME = "no_time"
    """A point that does not say when it was passed."""
    BROKEN_OFF = "broken_off"
    """The file ends in the middle; what came before is used."""
    DUPLICATE = "duplicate"
    """The time of the fix before once more."""
    REVERSED = "reversed"
    """Earlier than what was read before: put where its time belongs."""
    IMPOSSIBLE_SPEED = "impossible_speed"
    """So far from the others that nothing could have driven there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackReport:
    """How a track was read.

    Attributes:
        read: fixes and damaged lines found.
        kept: fixes in the track.
        oddities: how many of each kind; only `REVERSED` ones are kept.
        gaps: where nobody knows where the vehicle was.
    """

    read: int
    kept: int
    oddities: dict[Oddity, int]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackReading:
    """A track and what became of its lines.

    Attributes:
        track: cleaned.
        report: what was left out.
        starts_with_video: seconds of the recording at which the track's first fix was taken, where the track lies in
            the recording itself (GoPro); None for a track from elsewhere.
    """

    track: Track
    report: TrackReport
    starts_with_video: float | None = None
