"""What an object looks like, small enough to be remembered for days and compared in microseconds."""

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.detections import Box
from inference.frame import ImageBGR

SIDE = 16
"""Pixels of the remembered patch's side."""

PATCH_BYTES = SIDE * SIDE * 3

LEAST_SIDE_PX = 10
"""An object smaller than this in the inspected picture has no appearance worth comparing."""

COLOUR_WEIGHT = 0.35
"""Share of colour in the likeness of two patches; the rest is structure, which light changes less."""

LEAST_COLOUR = 2.0
"""Grey levels between the colours of a pixel, on average: by infrared there is less."""


def is_grey(picture: ImageBGR) -> bool:
    """Whether a picture has no colour, as by infrared; what it shows cannot be compared with what colours showed."""
    some = picture[::4, ::4]
    return float((some.max(axis=2) - some.min(axis=2)).mean()) < LEAST_COLOUR


def patch_of(picture: ImageBGR, box: Box) -> bytes | None:
    """The object in `box` as a `SIDE`×`SIDE` BGR patch, or None where it is too small or outside the picture."""
    height, width = picture.shape[:2]
    x1, y1 = max(0, round(box[0])), max(0, round(box[1]))
    x2, y2 = min(width, round(box[2])), min(height, round(box[3]))
    if x2 - x1 < LEAST_SIDE_PX or y2 - y1 < LEAST_SIDE_PX:
        return None
    return cv2.resize(picture[y1:y2, x1:x2], (SIDE, SIDE), interpolation=cv2.INTER_AREA).tobytes()


def likeness(a: bytes, b: bytes, part: NDArray[np.bool_] | None = None) -> float:
    r"""How alike two patches are, -1..1: normalised correlation, so brightness and contrast do not matter.

    Args:
        a: a patch.
        b: another one.
        part: (`SIDE`, `SIDE`), the pixels that count; all of them without it.

    >>> half_white = bytes(SIDE * SIDE * 3 // 2) + b"\xff" * (SIDE * SIDE * 3 // 2)
    >>> round(likeness(half_white, half_white), 2)
    1.0
    """
    counted = np.ones((SIDE, SIDE), np.bool_) if part is None else part
    left, right = _unpacked(a)[counted], _unpacked(b)[counted]
    structure = _correlation(left.mean(axis=1), right.mean(axis=1))
    colour = 1 - min(1.0, float(np.abs(_chroma(left) - _chroma(right)).sum(axis=1).mean()) * 6)
    return (1 - COLOUR_WEIGHT) * structure + COLOUR_WEIGHT * colour


def _unpacked(patch: bytes) -> NDArray[np.float32]:
    return np.frombuffer(patch, np.uint8).reshape(SIDE, SIDE, 3).astype(np.float32)


def _chroma(patch: NDArray[np.float32]) -> NDArray[np.float32]:
    chroma: NDArray[np.float32] = patch / (patch.sum(axis=1, keepdims=True) + 30)
    return chroma


def _correlation(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    a, b = a - a.mean(), b - b.mean()
    norm = float(np.sqrt((a * a).sum() * (b * b).sum()))
    if norm < a.size * 4:  # less than two grey levels of contrast: a plain surface matches anything plain
        return 0.0
    return float((a * b).sum()) / norm
