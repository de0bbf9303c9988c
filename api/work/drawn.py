"""Cameras' zones as people have drawn them last, asked for again and again while cameras are at work."""

import logging
import threading
import time
from dataclasses import dataclass, field

from api.city.drawing import read_drawing
from api.store.cameras import Edition, SqlCameras
from inference.camera import CameraView
from inference.zones.hours import Calendar

EVERY_SECONDS = 5.0

logger = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class DrawnViews:
    """The views that are in force: an edition that somebody has drawn goes before the city file.

    Attributes:
        cameras: where editions are kept.
        calendar: the city's, for hours.
        every_seconds: how old an answer may be.
    """

    cameras: SqlCameras
    calendar: Calendar
    every_seconds: float = EVERY_SECONDS
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _asked_at: float = float("-inf")
    _views: dict[str, tuple[int, CameraView]] = field(default_factory=dict[str, tuple[int, CameraView]])
    _editions: dict[str, Edition] = field(default_factory=dict[str, Edition])

    def view(self, plain: CameraView) -> CameraView:
        """The view in force of a camera; the very same object as long as nobody draws.

        Args:
            plain: what the city file says.

        Raises:
            StoreError: the database cannot be read.
        """
        with self._lock:
            if time.monotonic() - self._asked_at >= self.every_seconds:
                self._editions = dict(self.cameras.in_force())
                self._asked_at = time.monotonic()
            edition = self._editions.get(plain.id)
            if edition is None:
                return plain
            number, view = self._views.get(plain.id, (0, plain))
            if number != edition.edition:
                view = read_drawing(edition.drawing).on(plain, self.calendar)
                self._views[plain.id] = (edition.edition, view)
                logger.info("camera %s goes on with edition %d of its zones", plain.id, edition.edition)
            return view
