"""Scoring a served model: the same pre- and post-processing as on the street, and only against what people labelled."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from inference.detector import Detector
from training.calibration import expected_calibration_error
from training.intervals import Interval, share_interval
from training.looks import Look, heights_for, look_at
from training.scored_pictures import ScoredPicture
from training.scoring import Matches, average_precision, joined, precision_at, recall_at

CURVE_FLOOR = 0.01
"""Confidence from which detections enter the precision-recall curve."""
VEHICLES = ("car", "bus", "truck", "motorcycle", "bicycle", "tricycle")
IOUS = tuple(round(0.5 + 0.05 * step, 2) for step in range(10))
"""COCO's overlaps, .50 to .95."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassScore:
    """One class.

    Attributes:
        ap50: average precision at IoU .50; None without objects.
        ap50_95: mean of the average precisions at IoU .50 to .95; None without objects.
        objects: labelled objects that count.
        pictures: pictures whose source labels this class.
        opens_at: the threshold of the following figures.
        precision: None where nothing was found.
        precision_interval: 95 %, pictures drawn anew; None where it cannot be told.
        recall: None without objects.
        recall_interval: as for precision.
        false_per_100_empty: wrong boxes in 100 pictures that hold none of this class; None where all hold some.
        calibration_error: how far confidence lies from the share that is right, 0..1; None where nothing was found.
    """

    ap50: float | None
    objects: int
    pictures: int
    opens_at: float
    precision: float | None
    recall: float | None
    false_per_100_empty: float | None
    ap50_95: float | None = None
    precision_interval: Interval | None = None
    recall_interval: Interval | None = None
    calibration_error: float | None = None


class Evaluation:
    """Collects looks, and scores them."""

    def __init__(self, detector: Detector, *, least_heights: Mapping[str, float] | None = None) -> None:
        """Score a detector.

        Args:
            detector: with a floor low enough for the whole precision-recall curve.
            least_heights: by class, share of the picture's height below which objects are left out; 0 for the others.
        """
        self._detector = detector
        self.least_heights = dict(least_heights or {})
        self.looks: list[Look] = []

    def see(self, pictures: Iterable[ScoredPicture]) -> None:
        """Run the detector on pictures.

        Raises:
            DatasetError: a picture or its labels cannot be read.
        """
        self.looks.extend(look_at(picture, self._detector) for picture in pictures)

    def looks_for(self, name: str) -> list[Look]:
        """The pictures on which a class can be scored."""
        return [look for look in self.looks if name in look.labelled]

    def matches(self, name: str) -> Matches:
        """All matches of one class so far."""
        return joined(self._parts(self.looks_for(name), name))

    def ap50(self, name: str) -> float | None:
        """Average precision of one class at IoU .50; None without objects."""
        return average_precision(self.matches(name))

    def score(self, name: str, opens_at: float) -> ClassScore:
        """The figures of one class."""
        looks = self.looks_for(name)
        parts = self._parts(looks, name)
        matches = joined(parts)
        empty = [part for part, look in zip(parts, looks, strict=True) if not len(look.boxes_of(name))]
        false_alarms = sum(int((part.confidence >= opens_at).sum()) for part in empty)
        kept = [part.hit[part.confidence >= opens_at] for part in parts]
        hits = np.array([part.sum() for part in kept])
        return ClassScore(
            ap50=average_precision(matches),
            ap50_95=self._mean_over_ious(looks, name) if matches.objects else None,
            objects=matches.objects,
            pictures=len(looks),
            opens_at=opens_at,
            precision=precision_at(matches, opens_at),
            precision_interval=share_interval(hits, np.array([len(part) for part in kept])),
            recall=recall_at(matches, opens_at),
            recall_interval=share_interval(hits, np.array([part.objects for part in parts])),
            false_per_100_empty=100 * false_alarms / len(empty) if empty else None,
            calibration_error=expected_calibration_error(matches),
        )

    def _parts(self, looks: Sequence[Look], name: str, least_iou: float = IOUS[0]) -> list[Matches]:
        heights = heights_for(name, self.least_heights)
        return [look.matches(name, heights, least_iou) for look in looks]

    def _mean_over_ious(self, looks: Sequence[Look], name: str) -> float:
        each = [average_precision(joined(self._parts(looks, name, least_iou))) for least_iou in IOUS]
        return float(np.mean([share for share in each if share is not None]))
