"""One pass of a vehicle out of files: a recording or photographs, and the track of the vehicle."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from api.city.city import City
from api.work.seeing import seeing
from inference.datum import Datum
from inference.detector import OnnxDetector
from inference.errors import MapError, SourceNotReadable
from inference.evidence.spool import MemorySpool
from inference.findings import Finding
from inference.frame import Frame
from inference.patrol.calibration import mounted
from inference.patrol.clock import RecordingClock, recording_clock
from inference.patrol.dossier import DossierWriter
from inference.patrol.gopro import has_gopro_track
from inference.patrol.inspector import CitySites, PatrolInspector, PatrolSeeing
from inference.patrol.photos import photo_track
from inference.patrol.pictures import SitePictures
from inference.patrol.readers import read_track
from inference.patrol.recording import PatrolRecording
from inference.patrol.report import TrackReading
from inference.patrol.rules.table import patrol_rules
from inference.patrol.site_book import SiteBook
from inference.patrol.street_map import StreetMap, street_map_from
from inference.sources.address import SourceKind, parse_address
from inference.sources.picture_folder import PictureFolder
from inference.sources.video_file import VideoFile

logger = logging.getLogger(__name__)

MAX_MAP_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class PatrolOptions:
    """What was asked for.

    Attributes:
        track: file with the way; None takes the one in the recording or in the photographs.
        offset: seconds by which the track's clock is ahead; None estimates them.
        datum: coordinates of the track.
        mount: calibration as text, see `mounted`.
        streets: GeoJSON file.
        started_at: aware UTC of the first picture, as told or by the file.
        every: seconds between two photographs that carry no time.
    """

    track: Path | None
    offset: float | None
    datum: Datum
    mount: str
    streets: Path | None
    started_at: datetime
    every: float | None


class PatrolRun:
    """One pass of one vehicle: gives findings while its frames are read.

    Args:
        source: address of the recording or folder.
        vehicle: identifier.
        place: the city.
        detector: that looks.
        options: what was asked for.
        store: for the evidence.
        book: sites that earlier passes have left, to which this one adds.
        pictures: of those sites.

    Raises:
        SourceNotReadable: no recording or folder, or no track for it.
        MapError, CalibrationError: an option cannot be used.
    """

    def __init__(
        self,
        source: str,
        vehicle: str,
        place: City,
        detector: OnnxDetector,
        options: PatrolOptions,
        store: MemorySpool,
        *,
        book: SiteBook | None = None,
        pictures: MemorySpool | None = None,
    ) -> None:
        parsed = parse_address(source)
        if parsed.kind is SourceKind.RTSP:
            raise SourceNotReadable("A live patrol has no track yet; let the vehicle post its frames with positions.")
        self._path = Path(parsed.text)
        self._options = options
        self._vehicle = vehicle
        self._video = parsed.kind is SourceKind.VIDEO_FILE
        self.seconds = (
            VideoFile(self._path, camera="", started_at=options.started_at).facts.seconds if self._video else None
        )
        self.reading = self._track()
        self.clock = self._clock()
        usual = seeing(place, detector)
        book, kept = book or SiteBook(), pictures or MemorySpool()
        dossiers = DossierWriter(pictures=kept, store=store, detector=detector, timezone=place.calendar.zone)
        self.inspector = PatrolInspector(
            vehicle,
            mounted(options.mount),
            PatrolSeeing(
                detector=detector,
                opens_at=usual.opens_at,
                keeps_at=usual.keeps_at,
                rules=patrol_rules(stall_parts=place.stall_parts),
                streets=_streets(options.streets),
            ),
            CitySites(book=book, pictures=SitePictures(kept, book.pictures()), dossiers=dossiers),
            MemorySpool(),
            started=self.reading.track.start,
        )

    def findings(self, frames: Iterator[Frame]) -> Iterator[tuple[Finding, ...]]:
        """Look at the frames that `frames` of this run gave, and end the pass: what each look found."""
        track = self.reading.track
        for frame in frames:
            yield self.inspector.look(frame, track.at(frame.captured_at), wanted=self.clock is not None).findings
        yield self.inspector.finish()

    def frames(self) -> Iterator[Frame]:
        """The frames that are worth looking at."""
        if self.clock is None:
            return self._folder().frames()
        return PatrolRecording(
            self._path,
            vehicle=self._vehicle,
            track=self.reading.track,
            started_at=self.clock.started_at,
            choice=self.inspector.choice,
        ).frames()

    def told(self) -> str:
        """A sentence on what was driven, how the clocks go together and what was looked at."""
        track, counts = self.reading.track, self.inspector.counts
        left = ", ".join(f"{count} {why.replace('_', ' ')}" for why, count in sorted(counts.items()) if why != "looked")
        clocks = ""
        if self.clock is not None:
            found = self.clock.alignment
            how = "track ahead by" if found.sure else "offset unknown, taken for"
            clocks = f"; {how} {found.offset:g} s: {found.why}"
        looked = counts.get("looked", 0)
        return f"{track.metres:.0f} m{clocks}; {looked} pictures inspected" + (f", left out: {left}" if left else "")

    def _track(self) -> TrackReading:
        options = self._options
        if options.track is not None:
            return read_track(options.track, options.datum)
        return read_track(self._path, options.datum) if self._video else photo_track(self._path, self._folder())

    def _clock(self) -> RecordingClock | None:
        if not self._video or self.seconds is None:
            return None
        return recording_clock(
            self._path,
            self.reading,
            self._options.started_at,
            self.seconds,
            own_track=self._options.track is None,
            offset=self._options.offset,
        )

    def _folder(self) -> PictureFolder:
        options = self._options
        return PictureFolder(self._path, camera=self._vehicle, started_at=options.started_at, interval=options.every)


def has_positions(source: str) -> bool:
    """Whether a source says itself where it was taken: a GoPro's video, or photographs with positions.

    Raises:
        SourceNotReadable: it cannot be read.
    """
    parsed = parse_address(source)
    if parsed.kind is SourceKind.VIDEO_FILE:
        return has_gopro_track(Path(parsed.text))
    return parsed.kind is SourceKind.PICTURE_FOLDER


def _streets(path: Path | None) -> StreetMap | None:
    if path is None:
        return None
    try:
        if path.stat().st_size > MAX_MAP_BYTES:
            raise MapError(f"{path} has over {MAX_MAP_BYTES >> 20} MiB; give the streets of one district.")
        return street_map_from(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise MapError(f"{path} cannot be read as a street map in UTF-8; check the path.") from error
