"""From which confidence a detection may open something, class by class."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from training.scoring import Matches, threshold_for

LEAST_HITS = 15
"""Right detections above a threshold that it takes to believe the precision measured there."""
LOWEST, HIGHEST = 0.25, 0.8
"""Above the second hardly any object is found any more: such a threshold would only hide that the class is weak."""
CONSERVATIVE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A confidence, and whether it reaches the precision or is only cautious."""

    value: float
    measured: bool


def choose_thresholds(matches: Mapping[str, Matches], precision: float) -> dict[str, Threshold]:
    """The lowest confidence that reaches a precision, where enough objects were labelled to tell.

    Args:
        matches: by class.
        precision: wanted share of right detections, 0..1.
    """
    return {name: _choose(found, precision) for name, found in matches.items()}


def _choose(matches: Matches, precision: float) -> Threshold:
    lowest = threshold_for(matches, precision)
    if lowest is None or lowest > HIGHEST or int((matches.hit & (matches.confidence >= lowest)).sum()) < LEAST_HITS:
        return Threshold(value=CONSERVATIVE, measured=False)
    upwards = float(np.ceil(lowest * 100) / 100)
    return Threshold(value=max(upwards, LOWEST), measured=True)
