"""A recording played at the pace at which it was taken, or a multiple of it, instead of as fast as it can be read."""

import threading
import time
from collections.abc import Iterator

from inference.frame import Frame
from inference.sources.source import Source


class Paced:
    """A source whose frames come no earlier than they would from a camera.

    Args:
        source: the recording.
        speed: 1 is as it was taken, 4 four times as fast.
    """

    def __init__(self, source: Source, speed: float) -> None:
        """Nothing is read before `frames`."""
        self._source = source
        self._speed = speed
        self._closing = threading.Event()

    def frames(self) -> Iterator[Frame]:
        """The frames of the source, each when it is due; `close` ends the waiting."""
        began: tuple[float, float] | None = None
        try:
            for frame in self._source.frames():
                began = began or (time.monotonic(), frame.pts)
                due = began[0] + (frame.pts - began[1]) / self._speed
                if self._closing.wait(max(0.0, due - time.monotonic())):
                    return
                yield frame
        finally:
            self._source.close()

    def close(self) -> None:
        """End the waiting; the source itself is closed by the thread that reads it, in `frames`."""
        self._closing.set()
