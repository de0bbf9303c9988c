"""Does a confidence of .8 mean that eight of ten are right?"""

from dataclasses import dataclass

import numpy as np

from training.scoring import Matches

BINS = 10
LEAST_CONFIDENCE = 0.1
"""Below, nobody is ever shown a detection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliabilityBin:
    """Detections of about the same confidence.

    Attributes:
        confidence: their mean.
        right: share that found an object.
        count: how many.
    """

    confidence: float
    right: float
    count: int


def reliability(matches: Matches) -> tuple[ReliabilityBin, ...]:
    """The reliability curve, in ten bins of equal width; empty ones are left out."""
    sure = matches.confidence >= LEAST_CONFIDENCE
    confidence, hit = matches.confidence[sure], matches.hit[sure]
    at = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    return tuple(
        ReliabilityBin(
            confidence=float(confidence[at == index].mean()),
            right=float(hit[at == index].mean()),
            count=int((at == index).sum()),
        )
        for index in np.unique(at)
    )


def expected_calibration_error(matches: Matches) -> float | None:
    """Mean distance between confidence and share of right ones, weighted by bin (Guo et al. 2017); None if empty."""
    bins = reliability(matches)
    total = sum(part.count for part in bins)
    return sum(part.count * abs(part.right - part.confidence) for part in bins) / total if total else None
