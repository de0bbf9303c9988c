"""How sure a measured share is: pictures are drawn anew, since the boxes of one picture stand and fall together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DRAWS = 2000
SEED = 20261125
LEAST_PICTURES = 5
"""With fewer, drawing anew says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """From and to, both shares."""

    low: float
    high: float


def share_interval(parts: NDArray[np.int64], wholes: NDArray[np.int64]) -> Interval | None:
    """95 % interval of sum(parts) / sum(wholes) by the percentile bootstrap (Efron 1979), clustered by picture.

    Args:
        parts: (pictures,) counted, for example right detections.
        wholes: (pictures,) out of which.

    Returns:
        None where too few pictures hold any.
    """
    counted = wholes > 0
    if int(counted.sum()) < LEAST_PICTURES:
        return None
    part, whole = parts[counted], wholes[counted]
    drawn = np.random.default_rng(SEED).multinomial(len(whole), np.full(len(whole), 1 / len(whole)), size=DRAWS)
    low, high = np.quantile((drawn @ part) / (drawn @ whole), (0.025, 0.975))
    return Interval(low=float(low), high=float(high))
