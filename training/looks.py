"""What a detector found in one labelled picture, beside what people drew there."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.detections import BoxesXYXY, Detections
from inference.detector import Detector
from inference.frame import ImageBGR, SizeWH
from training.errors import DatasetError
from training.scored_pictures import ScoredPicture
from training.scoring import MATCH_IOU, Matches, match

NIGHT_BELOW = 70.0
"""Mean luma (BT.601, 0..255) below which a picture counts as one of the night. Of the val split of 2026-11, looked
through by eye, it takes the street lamps' pictures and leaves overcast days."""


class Light(StrEnum):
    """Told by the mean luma of the picture alone: a dark alley at noon is `night` too."""

    DAY = "day"
    NIGHT = "night"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Look:
    """One picture, seen.

    Attributes:
        path: of the picture.
        source: that it came from.
        light: as its pixels tell.
        size_wh: in pixels.
        found: by the detector, in pixels.
        truth: (n, 4) boxes that people drew, in pixels.
        truth_names: (n,) their classes.
        labelled: classes that can be scored here.
    """

    path: Path
    source: str
    light: Light
    size_wh: SizeWH
    found: Detections
    truth: BoxesXYXY
    truth_names: tuple[str, ...]
    labelled: frozenset[str]

    def boxes_of(self, name: str) -> BoxesXYXY:
        """(m, 4) what people drew of one class."""
        return self.truth[np.array([known == name for known in self.truth_names], dtype=np.bool_)]

    def found_of(self, name: str) -> NDArray[np.bool_]:
        """(n,) which detections are of one class."""
        return self.found.class_id == self.found.names.index(name)

    def matches(self, name: str, heights: tuple[float, float] = (0.0, np.inf), least_iou: float = MATCH_IOU) -> Matches:
        """The detections of one class against its labels.

        Args:
            name: of the class.
            heights: shares of the picture's height, from and below, of the objects that count.
            least_iou: overlap from which an object counts as found.
        """
        ours = self.found_of(name)
        limits = (heights[0] * self.size_wh[1], heights[1] * self.size_wh[1])
        return match(self.found.xyxy[ours], self.found.confidence[ours], self.boxes_of(name), limits, least_iou)


def look_at(picture: ScoredPicture, detector: Detector) -> Look:
    """Run a detector on one picture.

    Raises:
        DatasetError: the picture or its labels cannot be read.
    """
    pixels = read_pixels(picture.path)
    labels = picture.labels()
    size_wh = (pixels.shape[1], pixels.shape[0])
    return Look(
        path=picture.path,
        source=picture.source,
        light=light_of(pixels),
        size_wh=size_wh,
        found=detector.detect(pixels),
        truth=_in_pixels(labels.xywh, size_wh),
        truth_names=tuple(picture.classes[index] for index in labels.class_id),
        labelled=picture.labelled & frozenset(detector.names),
    )


def light_of(pixels: ImageBGR) -> Light:
    """Day or night, by the mean luma.

    >>> light_of(np.full((4, 4, 3), 30, dtype=np.uint8))
    <Light.NIGHT: 'night'>
    """
    small = cv2.resize(pixels, (64, 64), interpolation=cv2.INTER_AREA)
    return Light.NIGHT if cv2.cvtColor(small, cv2.COLOR_BGR2GRAY).mean() < NIGHT_BELOW else Light.DAY


def read_pixels(path: Path) -> ImageBGR:
    """One picture of a data set, uint8 BGR.

    Raises:
        DatasetError: it cannot be read.
    """
    pixels = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if pixels is None:
        raise DatasetError(f"{path} is not a picture that can be read: take it out of the list")
    return np.asarray(pixels, dtype=np.uint8)


def heights_for(name: str, least: Mapping[str, float]) -> tuple[float, float]:
    """Shares of the picture's height of the objects of a class that count."""
    return least.get(name, 0.0), np.inf


def _in_pixels(xywh: NDArray[np.float64], size_wh: SizeWH) -> BoxesXYXY:
    corners = np.concatenate((xywh[:, :2] - xywh[:, 2:] / 2, xywh[:, :2] + xywh[:, 2:] / 2), axis=1)
    return (corners * np.array(size_wh * 2)).astype(np.float32)
