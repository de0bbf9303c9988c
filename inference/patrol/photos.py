"""The track of a folder of photographs that carry their positions in EXIF."""

from collections import Counter
from pathlib import Path

from inference.errors import TrackNotReadable
from inference.patrol.cleaning import cleaned
from inference.patrol.fix import Fix
from inference.patrol.report import Oddity, TrackReading
from inference.sources.source import Source


def photo_track(path: Path, pictures: Source) -> TrackReading:
    """Where and when the pictures were taken.

    Args:
        path: of the folder, for messages.
        pictures: those in it, as they will be inspected.

    Raises:
        TrackNotReadable: no picture says where it was taken.
        SourceNotReadable: no pictures, or without times.
    """
    fixes: list[Fix] = []
    oddities: Counter[Oddity] = Counter()
    for frame in pictures.frames():
        if frame.position is None:
            oddities[Oddity.NO_FIX] += 1
        else:
            fixes.append(Fix(at=frame.captured_at, where=frame.position))
    track, report = cleaned(fixes, oddities)
    if track is None:
        raise TrackNotReadable(f"no picture in {path} says in its EXIF where it was taken; give a track with --track.")
    return TrackReading(track=track, report=report)
