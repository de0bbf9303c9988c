"""The last pictures of a camera, kept for a quarter of an hour: to be looked at, drawn on, and to try zones out on."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2

from inference.errors import EvidenceError
from inference.frame import Frame

EVERY = timedelta(seconds=10)
MOST = 90
WIDEST_WH = (1280, 1280)
QUALITY = 80
NAME = re.compile(r"(\d{8}T\d{6}\.\d{3})\.jpg")
FORM = "%Y%m%dT%H%M%S"


class PictureRing:
    """One camera's pictures in a folder of its own; the oldest give way. One writer, any number of readers.

    Args:
        folder: made with the first picture.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._last: datetime | None = None

    def offer(self, frame: Frame) -> None:
        """Keep a frame's picture if the last one is old enough.

        Raises:
            EvidenceError: it cannot be written.
        """
        if self._last is not None and timedelta() <= frame.captured_at - self._last < EVERY:
            return
        done, jpeg = cv2.imencode(".jpg", frame.picture.bgr(WIDEST_WH), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
        if not done:
            raise EvidenceError(f"a picture of camera {frame.camera} cannot be encoded; report it")
        at = frame.captured_at
        name = f"{at:{FORM}}.{at.microsecond // 1000:03d}.jpg"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            draft = self._folder / "incoming.tmp"
            draft.write_bytes(jpeg.tobytes())
            draft.replace(self._folder / name)
            for path in self._paths()[:-MOST]:
                path.unlink(missing_ok=True)
        except OSError as error:
            why = error.strerror or str(error)
            raise EvidenceError(
                f"the last picture of camera {frame.camera} cannot be kept ({why}); free space"
            ) from error
        self._last = at

    def times(self) -> tuple[datetime, ...]:
        """When the pictures were taken, aware UTC, the oldest first."""
        return tuple(_time_of(path) for path in self._paths())

    def picture(self, at: datetime | None = None) -> tuple[datetime, bytes] | None:
        """A picture and when it was taken: the one of `at`, or the last; None where there is none."""
        paths = [path for path in self._paths() if at is None or _time_of(path) == at]
        try:
            return (_time_of(paths[-1]), paths[-1].read_bytes()) if paths else None
        except FileNotFoundError:  # it has just given way to a newer one
            return None

    def _paths(self) -> list[Path]:
        if not self._folder.is_dir():
            return []
        return sorted(path for path in self._folder.iterdir() if NAME.fullmatch(path.name))


def _time_of(path: Path) -> datetime:
    stamp, _, fraction = path.stem.partition(".")
    return datetime.strptime(stamp, FORM).replace(tzinfo=UTC, microsecond=1000 * int(fraction))
