"""Is an exported graph still the same model? Compared by what the street would see: objects, boxes, confidences."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from inference.detector.decoding import Decoded
from training.errors import ExportError
from training.scoring import iou

LEAST_IOU = 0.98
MOST_CONFIDENCE_APART = 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class Parity:
    """The worst that was seen over all pictures.

    Attributes:
        objects: compared.
        iou: of the two boxes of one object, 0..1.
        confidence_apart: of the two confidences.
    """

    objects: int
    iou: float
    confidence_apart: float


def compare(pairs: Iterable[tuple[Decoded, Decoded]], *, floor: float) -> Parity:
    """Compare what two forms of a model see in the same pictures.

    Args:
        pairs: for each picture, of the original and of the exported graph, decoded above `floor`.
        floor: objects closer to it than the tolerance may be missing in one of the two.

    Raises:
        ExportError: they see different objects, or nothing at all.
    """
    worst = Parity(objects=0, iou=1.0, confidence_apart=0.0)
    for original, exported in pairs:
        for first, second in ((original, exported), (exported, original)):
            worst = _joined(worst, _one_way(first, second, floor))
    if not worst.objects:
        raise ExportError("the model sees nothing in the pictures for the parity check: choose others")
    if worst.iou < LEAST_IOU or worst.confidence_apart > MOST_CONFIDENCE_APART:
        raise ExportError(
            f"the exported graph is another model than the checkpoint (boxes overlap by {worst.iou:.3f}, confidences "
            f"differ by {worst.confidence_apart:.4f}): do not serve it"
        )
    return worst


def _one_way(first: Decoded, second: Decoded, floor: float) -> Parity:
    sure = first.confidence > floor + MOST_CONFIDENCE_APART
    if not sure.any():
        return Parity(objects=0, iou=1.0, confidence_apart=0.0)
    same_class = first.class_id[sure, None] == second.class_id[None]
    overlap = np.where(same_class, iou(first.boxes[sure], second.boxes), 0.0)
    if not overlap.shape[1]:
        return Parity(objects=int(sure.sum()), iou=0.0, confidence_apart=1.0)
    partner = overlap.argmax(axis=1)
    apart = np.abs(first.confidence[sure] - second.confidence[partner])
    return Parity(objects=int(sure.sum()), iou=float(overlap.max(axis=1).min()), confidence_apart=float(apart.max()))


def _joined(one: Parity, other: Parity) -> Parity:
    return Parity(
        objects=one.objects + other.objects,
        iou=min(one.iou, other.iou),
        confidence_apart=max(one.confidence_apart, other.confidence_apart),
    )
