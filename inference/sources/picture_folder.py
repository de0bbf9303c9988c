"""Frames from a folder of JPEG and PNG pictures."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from inference.errors import PictureRefused, SourceNotReadable
from inference.frame import Frame
from inference.geo import LatLon
from inference.sources.exif import Exif, read_exif
from inference.sources.still_picture import header_of, still_picture

SUFFIXES = (".jpg", ".jpeg", ".png")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shot:
    path: Path
    captured_at: datetime
    position: LatLon | None


class PictureFolder:
    """A folder of pictures, one frame each, with the files' own bytes as originals.

    Without `interval` they are sorted by the time that EXIF gives (DateTimeOriginal), and every picture must have one.
    With `interval` they are sorted by name.

    Args:
        path: the folder; sub-folders are not read.
        camera: identifier of the camera.
        started_at: aware UTC of the first picture, used with `interval`.
        interval: seconds from one picture to the next.
        zone: time zone of the camera's clock where EXIF states none.
    """

    def __init__(
        self,
        path: Path,
        *,
        camera: str,
        started_at: datetime,
        interval: float | None = None,
        zone: tzinfo = UTC,
    ) -> None:
        if interval is not None and not interval > 0:
            raise ValueError(f"interval must be a positive number of seconds, not {interval}")
        self.path = path
        self.refused: dict[str, str] = {}
        self._camera = camera
        self._started_at = started_at
        self._interval = interval
        self._zone = zone

    def frames(self) -> Iterator[Frame]:
        """One frame a picture. A picture that must not be decoded is left out, logged, and noted in `refused`.

        Raises:
            SourceNotReadable: no folder, no pictures, none that can be read, or pictures without a time.
        """
        shots = self._shots()
        if not shots:
            raise SourceNotReadable(f"{self.path} holds no picture that can be read{self._first_refusal()}.")
        for name, reason in self.refused.items():
            logger.warning("%s left out: %s", self.path / name, reason)
        for shot in shots:
            yield Frame(
                camera=self._camera,
                captured_at=shot.captured_at,
                pts=(shot.captured_at - shots[0].captured_at).total_seconds(),
                picture=still_picture(shot.path.read_bytes()),
                position=shot.position,
            )

    def close(self) -> None:
        """Nothing stays open between two pictures."""

    def _shots(self) -> list[_Shot]:
        """All readable pictures in order, their pixels not kept."""
        found = [(path, exif) for path in self._files() if (exif := self._exif(path)) is not None]
        if self._interval is not None:
            step = timedelta(seconds=self._interval)
            return [
                _Shot(path=path, captured_at=self._started_at + number * step, position=exif.position)
                for number, (path, exif) in enumerate(found)
            ]
        timed = [
            _Shot(path=path, captured_at=exif.taken_at, position=exif.position)
            for path, exif in found
            if exif.taken_at is not None
        ]
        if len(timed) < len(found):
            raise SourceNotReadable(
                f"{len(found) - len(timed)} of {len(found)} pictures in {self.path} do not say when they were taken; "
                "give the seconds between two pictures."
            )
        return sorted(timed, key=lambda shot: (shot.captured_at, shot.path.name))

    def _files(self) -> list[Path]:
        if not self.path.is_dir():
            raise SourceNotReadable(f"{self.path} is no folder; give the path of a folder with JPEG or PNG files.")
        return sorted(path for path in self.path.iterdir() if path.suffix.lower() in SUFFIXES and path.is_file())

    def _exif(self, path: Path) -> Exif | None:
        try:
            return read_exif(header_of(path.read_bytes()).exif, self._zone)
        except PictureRefused as refusal:
            self.refused[path.name] = str(refusal)
            return None

    def _first_refusal(self) -> str:
        """Why there is nothing to see."""
        for name, reason in self.refused.items():
            return f": in {name}, {reason}"
        return "; put JPEG or PNG files there"
