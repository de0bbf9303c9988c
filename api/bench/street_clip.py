"""A drawn street for machines without a recording at hand: 1080p, moving texture, one object that stands."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from inference.frame import ImageLuma, SizeWH

FPS = 25
KEY_SECONDS = 2
SIZE_WH: SizeWH = (1920, 1080)
SECONDS = 20.0
BIT_RATE = 4_000_000
"""A usual setting of 1080p street cameras."""
MOVING = 8
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
    """Textured ground and traffic in grey; the same for the same size."""

    def __init__(self, size_wh: SizeWH) -> None:
        self._size_wh = size_wh
        self._random = np.random.default_rng(7)
        width, height = size_wh
        self._ground = self._texture(size_wh, (70, 150))
        self._put(self._ground, self._texture((width // 5, height // 5), (20, 230)), width // 9, height * 3 // 5)
        self._traffic = [self._texture((width // 8, height // 8), (20, 230)) for _ in range(MOVING)]
        self._noise = [self._texture(size_wh, (0, CAMERA_NOISE), grain=1) for _ in range(3)]
        self._no_colour = np.full((height // 2, width), 128, dtype=np.uint8)

    def picture(self, number: int) -> ImageLuma:
        """Picture `number` since the beginning: (3/2 height, width), brightness above both planes of colour."""
        width, height = self._size_wh
        luma = self._ground.copy()
        for lane, vehicle in enumerate(self._traffic):
            pace = max(1, width // 250) * (1 + lane % 3)
            left = (lane * width // 5 + number * pace) % (width - vehicle.shape[1])
            self._put(luma, vehicle, left, lane * height // (2 * MOVING))
        noisy = np.asarray(cv2.add(luma, self._noise[number % len(self._noise)]), dtype=np.uint8)
        return np.concatenate((noisy, self._no_colour))

    def _texture(self, size_wh: SizeWH, grey: tuple[int, int], grain: int = 6) -> ImageLuma:
        width, height = size_wh
        coarse = self._random.integers(*grey, (max(1, height // grain), max(1, width // grain)), dtype=np.uint8)
        return np.asarray(cv2.resize(coarse, size_wh, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)

    @staticmethod
    def _put(luma: ImageLuma, patch: ImageLuma, left: int, top: int) -> None:
        height, width = patch.shape
        luma[top : top + height, left : left + width] = patch
