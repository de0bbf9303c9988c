"""When a recording began by the clock of its track, and how far the two are apart."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from inference.errors import TrackNotReadable
from inference.patrol.alignment import LARGEST_OFFSET, Alignment, estimated
from inference.patrol.report import TrackReading


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingClock:
    """How a recording and a track go together.

    Attributes:
        started_at: aware UTC of the first picture, by the track's clock, the offset included.
        alignment: how the offset was found.
    """

    started_at: datetime
    alignment: Alignment


def recording_clock(
    path: Path,
    reading: TrackReading,
    told: datetime,
    length: float,
    *,
    own_track: bool = False,
    offset: float | None = None,
) -> RecordingClock:
    """Put a recording onto the clock of a track.

    Args:
        path: of the recording.
        reading: of the track. Where it says at which second of the recording it begins, that goes before `told`.
        told: aware UTC of the first picture, as somebody said or the file does.
        length: seconds of the recording.
        own_track: the track lies in the recording itself, so that both have one clock.
        offset: seconds by which the track's clock is ahead, as somebody said; None estimates them.

    Raises:
        TrackNotReadable: recording and track do not overlap.
        SourceNotReadable: the recording cannot be read.
    """
    track = reading.track
    began = told
    if reading.starts_with_video is not None:
        began = track.start - timedelta(seconds=reading.starts_with_video)
    if offset is not None:
        found = Alignment(offset=offset, correlation=None, sure=True, why="as told")
    elif own_track:
        found = Alignment(offset=0.0, correlation=None, sure=True, why="the track lies in the recording")
    elif reading.starts_with_video is not None:
        found = Alignment(offset=0.0, correlation=None, sure=True, why="the track counts the recording's seconds")
    else:
        slack = timedelta(seconds=LARGEST_OFFSET)
        _check_overlap(path, reading, began, length, slack)
        found = estimated(path, track, began, length)
    began += timedelta(seconds=found.offset)
    _check_overlap(path, reading, began, length, timedelta(0))
    return RecordingClock(started_at=began, alignment=found)


def _check_overlap(path: Path, reading: TrackReading, began: datetime, length: float, slack: timedelta) -> None:
    track, ended = reading.track, began + timedelta(seconds=length)
    if ended < track.start - slack or began > track.end + slack:
        raise TrackNotReadable(
            f"{path} was recorded from {began:%Y-%m-%d %H:%M:%S} to {ended:%H:%M:%S} UTC, its track runs from "
            f"{track.start:%Y-%m-%d %H:%M:%S} to {track.end:%H:%M:%S}: say with --started-at when it began."
        )
