"""What a reader finds in a file, before anybody cleans it, and what all readers share."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median

from inference.errors import TrackNotReadable
from inference.patrol.fix import Fix
from inference.patrol.report import Oddity

MAX_TRACK_BYTES = 256 * 1024 * 1024
MAX_FIXES = 2_000_000
"""Thirty hours of an action camera that writes 18 fixes a second."""
EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""No track is from outside; a receiver that says so has not found the time yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTrack:
    """Fixes in the order of the file.

    Attributes:
        fixes: as read.
        oddities: what the reader has left out.
        starts_with_video: seconds of the recording at which the first fix was taken, where the file says.
    """

    fixes: Sequence[Fix]
    oddities: Counter[Oddity] = field(default_factory=Counter[Oddity])
    starts_with_video: float | None = None


def checked_file(path: Path) -> Path:
    """The path, if it is a file of a size that a track has.

    Raises:
        TrackNotReadable: missing, no file, empty or too large.
    """
    if not path.is_file():
        raise TrackNotReadable(f"{path} is no file; give a track as GPX, NMEA, CSV or the video of a GoPro.")
    size = path.stat().st_size
    if size == 0:
        raise TrackNotReadable(f"{path} is empty; copy the track again.")
    if size > MAX_TRACK_BYTES:
        raise TrackNotReadable(f"{path} has over {MAX_TRACK_BYTES >> 20} MiB; split the track, e.g. by the day.")
    return path


def checked_count(path: Path, count: int) -> None:
    """Stop at more fixes than any pass has.

    Raises:
        TrackNotReadable: more than `MAX_FIXES`.
    """
    if count > MAX_FIXES:
        raise TrackNotReadable(f"{path} has more than {MAX_FIXES:,} fixes; split the track, e.g. by the day.")


def plausible(at: datetime) -> datetime:
    """`at` in UTC.

    Raises:
        ValueError: a time from outside `EARLIEST`..`LATEST`.
    """
    utc = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    if not EARLIEST <= utc < LATEST:
        raise ValueError(f"{at} is no time of a track")
    return utc


def anchored(seconds: Sequence[float], stated: Sequence[datetime | None]) -> datetime | None:
    """Aware UTC of second 0 of a recording whose clock runs evenly while its receiver tells the time now and then.

    A receiver repeats an old time until it has the next one, so that only changes count; the middle one wins.

    Args:
        seconds: of the recording, for each fix.
        stated: what the receiver said with it.
    """
    known = [(s, at) for s, at in zip(seconds, stated, strict=True) if at is not None]
    if not known:
        return None
    changes = [known[0], *(after for before, after in pairwise(known) if after[1] != before[1])]
    first = changes[0][1]
    offsets = [(at - first).total_seconds() - second for second, at in changes]
    return first + timedelta(seconds=median(offsets))
