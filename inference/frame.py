"""One look of one camera: a picture, when it was taken, and where.

A picture is asked for in the form that is needed: a small grey one for the gate, a reduced colour one for the detector,
the full one only for evidence. Sources decide how to give it cheaply.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from inference.geo import LatLon

ImageBGR = NDArray[np.uint8]  # (height, width, 3): blue, green, red
ImageLuma = NDArray[np.uint8]  # (height, width)
SizeWH = tuple[int, int]  # pixels: width, height


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The bytes as the source gave them, before anybody decoded them.

    For a pushed or stored JPEG the file itself (`image/jpeg`); for a stream the key packet, e.g. `video/h264`, with the
    parameter sets in front, so that it can be decoded alone.
    """

    data: bytes
    media_type: str


class Picture(Protocol):
    """Pixels on demand. `size_wh` is the full size."""

    @property
    def size_wh(self) -> SizeWH:
        """Width and height in pixels of the full picture."""
        ...

    def luma(self, size_wh: SizeWH) -> ImageLuma:
        """The whole picture in grey, stretched to `size_wh`."""
        ...

    def bgr(self, fit_wh: SizeWH | None = None) -> ImageBGR:
        """The picture in colour: full size, or shrunk (never enlarged) to fit into `fit_wh`, aspect kept."""
        ...

    def original(self) -> Original | None:
        """The source's own bytes, or None where a single frame has none that stand alone."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One look of one camera.

    Attributes:
        camera: identifier of the camera or vehicle.
        captured_at: aware UTC. Advances with the source's own clock (PTS, monotonic), never with the wall clock.
        pts: seconds on the source's own clock since its start.
        picture: the pixels.
        position: where a moving camera was, if known.
        sender_time: what the camera itself claimed, where that differs from the clock we trust.
    """

    camera: str
    captured_at: datetime
    pts: float
    picture: Picture
    position: LatLon | None = None
    sender_time: datetime | None = None

    def __post_init__(self) -> None:
        if self.captured_at.utcoffset() != timedelta(0):
            raise ValueError(f"captured_at of camera {self.camera} must be aware UTC, not {self.captured_at!r}")


def fit_scale(size_wh: SizeWH, fit_wh: SizeWH) -> float:
    """Factor (at most 1) that shrinks `size_wh` into `fit_wh` with its aspect kept.

    >>> fit_scale((1920, 1080), (640, 384))
    0.3333333333333333
    """
    return min(1.0, fit_wh[0] / size_wh[0], fit_wh[1] / size_wh[1])
