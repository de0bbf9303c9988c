"""Scoring a served model: the same pre- and post-processing as on the street, and only against what people labelled."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.detections import BoxesXYXY, Detections
from inference.detector import Detector
from inference.frame import ImageBGR
from training.dataset import Labels
from training.errors import DatasetError
from training.scored_pictures import ScoredPicture
from training.scoring import Matches, average_precision, joined, match, precision_at, recall_at

CURVE_FLOOR = 0.01
"""Confidence from which detections enter the precision-recall curve."""
VEHICLES = ("car", "bus", "truck", "motorcycle", "bicycle", "tricycle")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassScore:
    """One class.

    Attributes:
        ap50: average precision at IoU .50; None without objects.
        objects: labelled objects that count.
        pictures: pictures whose source labels this class.
        opens_at: the threshold of the following figures.
        precision: None where nothing was found.
        recall: None without objects.
        false_per_100_empty: wrong boxes in 100 pictures that hold none of this class; None where all hold some.
    """

    ap50: float | None
    objects: int
    pictures: int
    opens_at: float
    precision: float | None
    recall: float | None
    false_per_100_empty: float | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Seen:
    matches: Matches
    empty: bool


class Evaluation:
    """Collects matches by class, picture after picture."""

    def __init__(self, detector: Detector, *, least_heights: Mapping[str, float] | None = None) -> None:
        """Score a detector.

        Args:
            detector: with a floor low enough for the whole precision-recall curve.
            least_heights: by class, share of the picture's height below which objects are left out; 0 for the others.
        """
        self._detector = detector
        self._least_heights = dict(least_heights or {})
        self._seen: dict[str, list[_Seen]] = defaultdict(list)

    def see(self, pictures: Iterable[ScoredPicture]) -> None:
        """Run the detector on pictures and match what it finds.

        Raises:
            DatasetError: a picture or its labels cannot be read.
        """
        for picture in pictures:
            pixels = read_pixels(picture.path)
            found = self._detector.detect(pixels)
            truth = picture.labels()
            for name in picture.labelled & set(self._detector.names):
                self._seen[name].append(self._match(name, picture.classes.index(name), found, truth, pixels))

    def matches(self, name: str) -> Matches:
        """All matches of one class so far."""
        return joined([seen.matches for seen in self._seen[name]])

    def score(self, name: str, opens_at: float) -> ClassScore:
        """The figures of one class."""
        matches = self.matches(name)
        empty = [seen.matches for seen in self._seen[name] if seen.empty]
        false_alarms = sum(int((part.confidence >= opens_at).sum()) for part in empty)
        return ClassScore(
            ap50=average_precision(matches),
            objects=matches.objects,
            pictures=len(self._seen[name]),
            opens_at=opens_at,
            precision=precision_at(matches, opens_at),
            recall=recall_at(matches, opens_at),
            false_per_100_empty=100 * false_alarms / len(empty) if empty else None,
        )

    def _match(self, name: str, label: int, found: Detections, truth: Labels, pixels: ImageBGR) -> _Seen:
        least = self._least_heights.get(name, 0.0) * pixels.shape[0]
        ours = found.class_id == self._detector.names.index(name)
        boxes = _in_pixels(truth.xywh[truth.class_id == label], pixels)
        ignored = boxes[:, 3] - boxes[:, 1] < least
        matches = match(found.xyxy[ours], found.confidence[ours], boxes, ignored, least)
        return _Seen(matches=matches, empty=not len(boxes))


def read_pixels(path: Path) -> ImageBGR:
    """One picture of a data set, uint8 BGR.

    Raises:
        DatasetError: it cannot be read.
    """
    pixels = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if pixels is None:
        raise DatasetError(f"{path} is not a picture that can be read: take it out of the list")
    return np.asarray(pixels, dtype=np.uint8)


def _in_pixels(xywh: NDArray[np.float64], pixels: ImageBGR) -> BoxesXYXY:
    corners = np.concatenate((xywh[:, :2] - xywh[:, 2:] / 2, xywh[:, :2] + xywh[:, 2:] / 2), axis=1)
    return (corners * np.array([pixels.shape[1], pixels.shape[0]] * 2)).astype(np.float32)
