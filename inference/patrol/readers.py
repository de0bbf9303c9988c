"""From a file to a track: which reader reads what."""

import logging
from collections.abc import Callable
from pathlib import Path

from inference.datum import Datum
from inference.errors import TrackNotReadable
from inference.patrol.cleaning import cleaned
from inference.patrol.csv_track import read_csv
from inference.patrol.gopro import read_gopro
from inference.patrol.gpx import read_gpx
from inference.patrol.nmea import read_nmea
from inference.patrol.raw_track import RawTrack
from inference.patrol.report import TrackReading

logger = logging.getLogger(__name__)

Reader = Callable[[Path, Datum], RawTrack]

READERS: dict[str, Reader] = {
    ".gpx": read_gpx,
    ".nmea": read_nmea,
    ".nma": read_nmea,
    ".csv": read_csv,
    ".mp4": read_gopro,
    ".mov": read_gopro,
    ".360": read_gopro,
}
"""One line for each form, by the end of the file's name."""


def read_track(path: Path, datum: Datum = Datum.WGS84) -> TrackReading:
    """The track in a file: GPX, NMEA 0183, CSV, or a video of a GoPro that carries its own.

    Args:
        path: the file; the end of its name says which form it has.
        datum: coordinates of the file, for GPX and CSV that come from a Chinese map; receivers give WGS84.

    Raises:
        TrackNotReadable: no such file, too large, not of its form, or without a single usable fix; the message names
            the file, the line or byte, and what to do.
        SourceNotReadable: a video that is none.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise TrackNotReadable(f"{path} is no track that is read; give one that ends in {', '.join(READERS)}.")
    raw = reader(path, datum)
    track, report = cleaned(raw.fixes, raw.oddities)
    if track is None:
        counted = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in report.oddities.items())
        raise TrackNotReadable(f"{path} holds no usable fix ({counted or 'nothing in it'}); export the track again.")
    if report.oddities or report.gaps:
        left = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in report.oddities.items())
        logger.warning("%s: %d of %d fixes kept; %s; %d gaps", path, report.kept, report.read, left, len(report.gaps))
    return TrackReading(track=track, report=report, starts_with_video=raw.starts_with_video)
