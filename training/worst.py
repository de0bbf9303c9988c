"""The mistakes worth looking at: the largest objects that were missed, the surest alarms that were false."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.frame import ImageBGR
from training.looks import Look, heights_for, read_pixels
from training.scoring import MATCH_IOU, iou

MISS_COLOUR, ALARM_COLOUR, TRUTH_COLOUR = (0, 165, 255), (0, 0, 255), (0, 200, 0)  # BGR
SIDE_PX = 480


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mistake:
    """One box.

    Attributes:
        look: the picture that it is in.
        name: class of the box.
        box: (4,) pixels.
        weight: how bad: for a miss the share of the picture, for a false alarm the confidence.
        missed: or found where nothing of its class is.
    """

    look: Look
    name: str
    box: NDArray[np.float32]
    weight: float
    missed: bool


def worst(
    looks: Iterable[Look], opens_at: Mapping[str, float], least_heights: Mapping[str, float], count: int
) -> tuple[Mistake, ...]:
    """The worst misses and false alarms, `count` of each for every class."""
    found = [mistake for look in looks for mistake in _mistakes(look, opens_at, least_heights)]
    kept: list[Mistake] = []
    for name in opens_at:
        for missed in (True, False):
            of_kind = [m for m in found if m.name == name and m.missed is missed]
            kept += sorted(of_kind, key=lambda m: -m.weight)[:count]
    return tuple(kept)


def _mistakes(look: Look, opens_at: Mapping[str, float], least_heights: Mapping[str, float]) -> Iterator[Mistake]:
    area, height = look.size_wh[0] * look.size_wh[1], look.size_wh[1]
    for name in sorted(look.labelled & opens_at.keys()):
        ours = look.found_of(name) & (look.found.confidence >= opens_at[name])
        boxes, truth = look.found.xyxy[ours], look.boxes_of(name)
        overlap, least = iou(boxes, truth), heights_for(name, least_heights)[0] * height
        for index, box in enumerate(truth):
            if box[3] - box[1] >= least and not (overlap[:, index] >= MATCH_IOU).any():
                share = float((box[2] - box[0]) * (box[3] - box[1]) / area)
                yield Mistake(look=look, name=name, box=box, weight=share, missed=True)
        for index, box in enumerate(boxes):
            if box[3] - box[1] >= least and not (overlap[index] >= MATCH_IOU).any():
                sure = float(look.found.confidence[ours][index])
                yield Mistake(look=look, name=name, box=box, weight=sure, missed=False)


def picture_of(mistake: Mistake) -> ImageBGR:
    """The mistake with what is around it: labels of its class green, a miss orange, a false alarm red."""
    pixels = read_pixels(mistake.look.path).copy()
    for box in mistake.look.boxes_of(mistake.name):
        _draw(pixels, box, TRUTH_COLOUR)
    _draw(pixels, mistake.box, MISS_COLOUR if mistake.missed else ALARM_COLOUR)
    x1, y1, x2, y2 = mistake.box
    reach = 1.5 * max(float(x2 - x1), float(y2 - y1), 48.0)
    centre_x, centre_y = float(x1 + x2) / 2, float(y1 + y2) / 2
    left, top = max(0, round(centre_x - reach)), max(0, round(centre_y - reach))
    cut = pixels[top : round(centre_y + reach), left : round(centre_x + reach)]
    scale = SIDE_PX / max(cut.shape[:2])
    size = (max(1, round(cut.shape[1] * scale)), max(1, round(cut.shape[0] * scale)))
    return np.asarray(cv2.resize(cut, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _draw(pixels: ImageBGR, box: NDArray[np.float32], colour: tuple[int, int, int]) -> None:
    x1, y1, x2, y2 = (round(float(v)) for v in box)
    cv2.rectangle(pixels, (x1, y1), (x2, y2), colour, max(1, pixels.shape[1] // 400))
