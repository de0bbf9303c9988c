"""What a street camera sees besides a clear day: night, rain, glare, a weak stream, a far street. For training only.

Boxes stay where they are. Each effect is a function of the pixels and a random generator; `Weather` draws which ones a
picture gets.
"""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.frame import ImageBGR

Effect = Callable[[ImageBGR, np.random.Generator], ImageBGR]


def night(pixels: ImageBGR, rng: np.random.Generator) -> ImageBGR:
    """Little light from lamps of one colour, a few bright spots, the noise of a sensor at its limit."""
    height, width = pixels.shape[:2]
    gamma, gain = rng.uniform(1.6, 2.6), rng.uniform(0.45, 0.8)
    lit = np.power(pixels.astype(np.float32) / 255, gamma) * gain
    lit *= rng.choice(np.array([[0.75, 0.95, 1.1], [1.05, 1.0, 0.95]], dtype=np.float32))  # sodium or LED, BGR
    for _ in range(int(rng.integers(0, 4))):
        centre = (rng.uniform(0, width), rng.uniform(0, height * 0.6))
        lit += _glow(pixels.shape, centre, rng.uniform(0.05, 0.2) * width)[..., None] * rng.uniform(0.2, 0.6)
    lit += rng.normal(0, rng.uniform(0.01, 0.04), pixels.shape).astype(np.float32)
    return _bytes(lit)


def rain(pixels: ImageBGR, rng: np.random.Generator) -> ImageBGR:
    """Streaks of one slant, and the flat contrast of wet air."""
    height, width = pixels.shape[:2]
    drops = np.zeros((height, width), dtype=np.float32)
    count = int(height * width * rng.uniform(0.002, 0.006))
    drops[rng.integers(0, height, count), rng.integers(0, width, count)] = 1
    length = int(rng.integers(7, 17))
    streak = np.zeros((length, length), dtype=np.float32)
    slant = rng.uniform(-0.3, 0.3) * length
    cv2.line(streak, (round(length / 2 - slant), 0), (round(length / 2 + slant), length - 1), 1.0, 1)
    drops = cv2.filter2D(drops, -1, streak / max(streak.sum(), 1)) * length
    flat = pixels.astype(np.float32) / 255 * rng.uniform(0.6, 0.85) + rng.uniform(0.08, 0.2)
    return _bytes(flat + drops[..., None] * rng.uniform(0.06, 0.18))


def glare(pixels: ImageBGR, rng: np.random.Generator) -> ImageBGR:
    """A low sun or a head lamp that blinds a part of the picture."""
    height, width = pixels.shape[:2]
    centre = (rng.uniform(0, width), rng.uniform(0, height * 0.7))
    veil = _glow(pixels.shape, centre, rng.uniform(0.15, 0.4) * width)[..., None] * rng.uniform(0.4, 0.9)
    return _bytes(pixels.astype(np.float32) / 255 * (1 - 0.3 * veil) + veil)


def compression(pixels: ImageBGR, rng: np.random.Generator) -> ImageBGR:
    """The blocks of a stream with few bits, by way of JPEG."""
    written, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(12, 50))])
    if not written:
        raise ValueError(f"a picture of shape {pixels.shape} cannot be compressed")
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), dtype=np.uint8)


def distance(pixels: ImageBGR, rng: np.random.Generator) -> ImageBGR:
    """The detail of a camera with fewer pixels or a soft lens: shrunk and grown again."""
    height, width = pixels.shape[:2]
    share = rng.uniform(0.35, 0.7)
    small = cv2.resize(
        pixels, (max(1, round(width * share)), max(1, round(height * share))), None, 0, 0, cv2.INTER_AREA
    )
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


EFFECTS: dict[Effect, float] = {night: 0.12, rain: 0.06, glare: 0.06, distance: 0.10, compression: 0.25}
"""How often a picture gets each, drawn independently, in this order: a stream compresses what the lens saw."""


class Weather:
    """Draws effects for one picture after the other."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng

    def __call__(self, pixels: ImageBGR) -> ImageBGR:
        """(h, w, 3) uint8 BGR → the same size, seen worse."""
        for effect, share in EFFECTS.items():
            if self._rng.random() < share:
                pixels = effect(pixels, self._rng)
        return pixels


def _glow(shape: tuple[int, ...], centre: tuple[float, float], radius: float) -> NDArray[np.float32]:
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    squared = (columns - centre[0]) ** 2 + (rows - centre[1]) ** 2
    return np.exp(-squared / (2 * radius**2)).astype(np.float32)


def _bytes(shares: NDArray[np.floating]) -> ImageBGR:
    return (np.clip(shares, 0, 1) * 255).astype(np.uint8)
