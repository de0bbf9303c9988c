"""How good detections are: matching with labels, average precision, precision and recall, thresholds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.detections import BoxesXYXY

MATCH_IOU = 0.5
RECALL_STEPS = np.linspace(0, 1, 101)
"""COCO's recall points."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Matches:
    """One class over many pictures.

    Attributes:
        confidence: (n,) of each detection that counts.
        hit: (n,) whether it found an object that no surer one had found.
        objects: labelled objects.
    """

    confidence: NDArray[np.float32]
    hit: NDArray[np.bool_]
    objects: int


def match(
    boxes: BoxesXYXY,
    confidence: NDArray[np.float32],
    truth: BoxesXYXY,
    heights: tuple[float, float] = (0.0, np.inf),
    least_iou: float = MATCH_IOU,
) -> Matches:
    """Match the detections of one class in one picture with its labels; the surest detection chooses first.

    Args:
        boxes: (n, 4) detections, pixels.
        confidence: (n,).
        truth: (m, 4) labels, pixels.
        heights: pixels, from and below; labels of other heights count neither as found nor as missed, and a detection
            of another height that finds nothing does not count.
        least_iou: overlap from which a detection has found an object.
    """
    ignored = ~_within(truth, heights)
    order = np.argsort(-confidence, kind="stable")
    overlap = iou(boxes[order], truth)
    of_height = _within(boxes[order], heights)
    free = np.ones(len(truth), dtype=np.bool_)
    hit = np.zeros(len(boxes), dtype=np.bool_)
    counts = np.ones(len(boxes), dtype=np.bool_)
    for row in range(len(order)):
        fits = np.flatnonzero((overlap[row] >= least_iou) & free)
        if not len(fits):
            counts[row] = of_height[row]
            continue
        preferred = fits[~ignored[fits]] if (~ignored[fits]).any() else fits
        best = preferred[overlap[row, preferred].argmax()]
        free[best] = False
        hit[row], counts[row] = not ignored[best], not ignored[best]
    return Matches(confidence=confidence[order][counts], hit=hit[counts], objects=int((~ignored).sum()))


def _within(boxes: BoxesXYXY, heights: tuple[float, float]) -> NDArray[np.bool_]:
    tall = boxes[:, 3] - boxes[:, 1]
    return (tall >= heights[0]) & (tall < heights[1])


def iou(boxes: BoxesXYXY, others: BoxesXYXY) -> NDArray[np.float32]:
    """(n, m) intersection over union of (n, 4) and (m, 4) boxes."""
    low = np.maximum(boxes[:, None, :2], others[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], others[None, :, 2:])
    shared = np.clip(high - low, 0, None).prod(axis=2)
    areas = [np.clip(b[:, 2:] - b[:, :2], 0, None).prod(axis=1) for b in (boxes, others)]
    return (shared / np.maximum(areas[0][:, None] + areas[1][None] - shared, 1e-9)).astype(np.float32)


def joined(parts: Sequence[Matches]) -> Matches:
    """The matches of many pictures as one."""
    return Matches(
        confidence=np.concatenate([np.empty(0, np.float32), *(p.confidence for p in parts)]),
        hit=np.concatenate([np.empty(0, np.bool_), *(p.hit for p in parts)]),
        objects=sum(p.objects for p in parts),
    )


def average_precision(matches: Matches) -> float | None:
    """Area under the precision-recall curve at 101 recall points, as COCO defines it; None without objects."""
    if not matches.objects:
        return None
    precision, recall, _ = _curve(matches)
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    at = np.searchsorted(recall, RECALL_STEPS, side="left")
    return float(np.where(at < len(envelope), np.append(envelope, 0)[np.minimum(at, len(envelope))], 0).mean())


def precision_at(matches: Matches, threshold: float) -> float | None:
    """Share of the detections from `threshold` on that are right; None where there are none."""
    kept = matches.hit[matches.confidence >= threshold]
    return float(kept.mean()) if len(kept) else None


def recall_at(matches: Matches, threshold: float) -> float | None:
    """Share of the objects found from `threshold` on; None without objects."""
    return float(matches.hit[matches.confidence >= threshold].sum() / matches.objects) if matches.objects else None


def threshold_for(matches: Matches, precision: float) -> float | None:
    """The lowest threshold from which detections are right in at least this share; None where there is none."""
    reached, _, thresholds = _curve(matches)
    last_of_its_kind = np.append(thresholds[1:] < thresholds[:-1], True)[: len(thresholds)]  # equals enter together
    good = np.flatnonzero((reached >= precision) & last_of_its_kind)
    return float(thresholds[good[-1]]) if len(good) else None


def _curve(matches: Matches) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float32]]:
    """Precision, recall and threshold after each detection, surest first."""
    order = np.argsort(-matches.confidence, kind="stable")
    hits = matches.hit[order].cumsum()
    return hits / np.arange(1, len(order) + 1), hits / max(matches.objects, 1), matches.confidence[order]
