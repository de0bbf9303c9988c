"""Frames that cameras send to us: checked at the door, and the newest one wins."""

import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from inference.frame import Frame
from inference.geo import LatLon
from inference.sources.exif import read_exif
from inference.sources.jpeg_header import jpeg_header
from inference.sources.still_picture import still_picture


def frame_from_jpeg(
    camera: str,
    data: bytes,
    received_at: datetime,
    *,
    sender_time: datetime | None = None,
    position: LatLon | None = None,
) -> Frame:
    """A frame from the raw body of an `image/jpeg` request.

    Args:
        camera: identifier of the camera or vehicle.
        data: the JPEG file.
        received_at: aware UTC by our own steady clock; this is what counts as the time of capture.
        sender_time: what the sender claims; kept beside it.
        position: where the sender was; else the EXIF block's position counts.

    Raises:
        PictureRefused: the bytes must not be decoded.
    """
    header = jpeg_header(data)
    return Frame(
        camera=camera,
        captured_at=received_at,
        pts=received_at.timestamp(),
        picture=still_picture(data, header),
        position=position or read_exif(header.exif).position,
        sender_time=sender_time,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxCounts:
    """What became of the frames of one camera; `offered == taken + shed + waiting` at any moment."""

    offered: int
    taken: int
    shed: int
    waiting: int


class Mailbox:
    """Frames of one camera on their way from the door to the detector: a `Source`.

    When it is full the oldest frame is shed, so what is taken is never old. One thread offers, another takes.

    Args:
        capacity: how many frames may wait.
    """

    def __init__(self, capacity: int = 1) -> None:
        if capacity < 1:
            raise ValueError(f"capacity must be at least 1, not {capacity}")
        self._waiting: deque[Frame] = deque()
        self._capacity = capacity
        self._changed = threading.Condition()
        self._closed = False
        self._offered = self._taken = self._shed = 0

    def offer(self, frame: Frame) -> None:
        """Put a frame in; a full mailbox sheds its oldest, a closed one sheds this."""
        with self._changed:
            self._offered += 1
            self._waiting.append(frame)
            while len(self._waiting) > (0 if self._closed else self._capacity):
                self._waiting.popleft()
                self._shed += 1
            self._changed.notify()

    def take(self, timeout: float | None = None) -> Frame | None:
        """The oldest frame that waits; None when the mailbox is closed or `timeout` seconds have passed."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed, timeout)
            if not self._waiting:
                return None
            self._taken += 1
            return self._waiting.popleft()

    def frames(self) -> Iterator[Frame]:
        """Frames as they come in, until the mailbox is closed."""
        while (frame := self.take()) is not None:
            yield frame

    def close(self) -> None:
        """Shed what waits and end `frames`."""
        with self._changed:
            self._closed = True
            self._shed += len(self._waiting)
            self._waiting.clear()
            self._changed.notify_all()

    @property
    def counts(self) -> MailboxCounts:
        """The counters, all read at one moment."""
        with self._changed:
            return MailboxCounts(offered=self._offered, taken=self._taken, shed=self._shed, waiting=len(self._waiting))
