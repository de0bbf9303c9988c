"""Portrait pictures with a vehicle close to the camera, cut out of wider ones.

Kerb cameras hang low and upright: a parked car fills the lower half of the picture. Few labelled
pictures show that.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.frame import ImageBGR
from training.dataset import Labels

LEAST_HEIGHT_PX = 110
LEAST_SEEN = 0.35
"""Share of a box that must lie inside the cut for the box to be kept."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CloseUp:
    """A cut and what is in it."""

    picture: ImageBGR
    labels: Labels


def close_ups(
    picture: ImageBGR, labels: Labels, vehicles: frozenset[int], rng: np.random.Generator
) -> Iterator[CloseUp]:
    """One upright cut for every large vehicle, which fills 55 to 100 % of its width, in its lower part."""
    height, width = picture.shape[:2]
    boxes = _corners(labels.xywh) * np.array([width, height] * 2)
    for class_id, (x1, y1, x2, y2) in zip(labels.class_id, boxes, strict=True):
        if int(class_id) not in vehicles or y2 - y1 < LEAST_HEIGHT_PX or x2 - x1 < LEAST_HEIGHT_PX:
            continue
        cut_width = min(width, (x2 - x1) / rng.uniform(0.55, 1.0))
        cut_height = min(height, cut_width * rng.uniform(1.3, 1.78))
        left = np.clip(rng.uniform(x2 - cut_width, x1) if cut_width > x2 - x1 else x1, 0, width - cut_width)
        bottom = np.clip(y2 + rng.uniform(0, 0.08) * cut_height, cut_height, height)
        window = np.array([left, bottom - cut_height, left + cut_width, bottom]).round().astype(np.int64)
        yield _cut(picture, labels.class_id, boxes, window)


def _corners(xywh: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate((xywh[:, :2] - xywh[:, 2:] / 2, xywh[:, :2] + xywh[:, 2:] / 2), axis=1)


def _cut(
    picture: ImageBGR, class_id: NDArray[np.int64], boxes: NDArray[np.float64], window: NDArray[np.int64]
) -> CloseUp:
    left, top, right, bottom = (int(v) for v in window)
    size = np.array([right - left, bottom - top] * 2, dtype=np.float64)
    moved = np.clip((boxes - np.array([left, top] * 2)) / size, 0, 1)
    whole = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    seen = (moved[:, 2:] - moved[:, :2]).prod(axis=1) * size[0] * size[1]
    kept = seen > LEAST_SEEN * whole
    xywh = np.concatenate(((moved[:, :2] + moved[:, 2:]) / 2, moved[:, 2:] - moved[:, :2]), axis=1)
    return CloseUp(
        picture=np.ascontiguousarray(picture[top:bottom, left:right]),
        labels=Labels(class_id=class_id[kept], xywh=xywh[kept]),
    )
