"""A drawn street for machines without a recording at hand: 1080p, traffic, and a car that stands."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from api.bench.drawn_car import draw_car
from inference.frame import ImageLuma, SizeWH

FPS = 25
KEY_SECONDS = 2
SIZE_WH: SizeWH = (1920, 1080)
SECONDS = 20.0
BIT_RATE = 4_000_000
"""A usual setting of 1080p street cameras."""
DRIVING = 3
CAMERA_NOISE = 6
"""Grey levels; without any, a drawn picture costs far less to decode than a camera's."""


def write_street_clip(
    path: Path, told: Callable[[float], None], *, seconds: float = SECONDS, size_wh: SizeWH = SIZE_WH
) -> Path:
    """Encode the street as H.264, 25 pictures a second, a key picture every 2 s.

    Args:
        path: where to, an mp4.
        told: is told the share that is done, 0..1.
        seconds: length.
        size_wh: width and height in pixels, even numbers.
    """
    street = _Street(size_wh)
    pictures = round(seconds * FPS)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height = size_wh
        stream.pix_fmt = "yuv420p"
        stream.bit_rate = BIT_RATE
        stream.codec_context.gop_size = FPS * KEY_SECONDS
        stream.options = {"preset": "ultrafast", "sc_threshold": "0"}
        for number in range(pictures):
            frame = av.VideoFrame.from_ndarray(street.picture(number), format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(stream.encode(frame))
            told((number + 1) / pictures)
        container.mux(stream.encode(None))
    return path


class _Street:
    """A wall, a road, traffic, and a car that stands; the same for the same size."""

    def __init__(self, size_wh: SizeWH) -> None:
        self._random = np.random.default_rng(7)
        width, height = self._size_wh = size_wh
        self._scenery = self._texture(size_wh, (95, 125), grain=4)
        wall = self._texture((width, height * 2 // 5), (60, 210), grain=max(1, width // 64))
        self._scenery[: len(wall)] = wall
        cv2.line(self._scenery, (0, height * 5 // 6), (width, height * 5 // 6), (220,), max(1, height // 108))
        draw_car(self._scenery, width // 8, height * 5 // 9, width // 3)
        self._noise = [self._texture(size_wh, (0, CAMERA_NOISE), grain=1) for _ in range(3)]
        self._no_colour = np.full((height // 2, width), 128, dtype=np.uint8)

    def picture(self, number: int) -> ImageLuma:
        """Picture `number` since the beginning: (3/2 height, width), brightness above both planes of colour."""
        width, height = self._size_wh
        luma = self._scenery.copy()
        for lane in range(DRIVING):
            driven = number / FPS * width / (4 + 2 * lane)
            left = int((lane * width / 3 - driven) % (width * 5 / 4) - width / 4)
            draw_car(luma, left, height * 3 // 8 + lane * height // 32, width // 6)
        noisy = np.asarray(cv2.add(luma, self._noise[number % len(self._noise)]), dtype=np.uint8)
        return np.concatenate((noisy, self._no_colour))

    def _texture(self, size_wh: SizeWH, grey: tuple[int, int], grain: int) -> ImageLuma:
        width, height = size_wh
        coarse = self._random.integers(*grey, (max(1, height // grain), max(1, width // grain)), dtype=np.uint8)
        return np.asarray(cv2.resize(coarse, size_wh, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)
