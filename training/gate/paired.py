"""Differences between two models on the same pictures, and how sure they are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from training.intervals import LEAST_PICTURES, SEED
from training.scoring import Matches, joined

DRAWS = 200
Measure = Callable[[Matches], float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A figure of both models on the same pictures.

    Attributes:
        champion: of the model that serves.
        challenger: of the new one.
        low: lower end of the 95 % interval of challenger minus champion; None where too few pictures can tell.
        high: its upper end.
    """

    champion: float
    challenger: float
    low: float | None
    high: float | None


def compare(
    champion: Sequence[Matches], challenger: Sequence[Matches], measures: tuple[Measure, Measure]
) -> Difference | None:
    """The difference of a figure, with the percentile bootstrap (Efron 1979) over pictures, drawn alike for both.

    Args:
        champion: matches of each picture.
        challenger: of the same pictures, in the same order.
        measures: the figure of the champion and of the challenger, e.g. the recall at the threshold of each.

    Returns:
        None where the figure has no meaning for one of them, e.g. without objects.
    """
    first, second = measures[0](joined(champion)), measures[1](joined(challenger))
    if first is None or second is None:
        return None
    told = (a.objects > 0 or len(a.hit) > 0 or len(b.hit) > 0 for a, b in zip(champion, challenger, strict=True))
    if sum(told) < LEAST_PICTURES:
        return Difference(champion=first, challenger=second, low=None, high=None)
    rng = np.random.default_rng(SEED)
    drawn: list[float] = []
    for _ in range(DRAWS):
        chosen = rng.integers(len(champion), size=len(champion))
        a = measures[0](joined([champion[index] for index in chosen]))
        b = measures[1](joined([challenger[index] for index in chosen]))
        if a is not None and b is not None:
            drawn.append(b - a)
    if len(drawn) < DRAWS // 2:
        return Difference(champion=first, challenger=second, low=None, high=None)
    low, high = np.quantile(drawn, (0.025, 0.975))
    return Difference(champion=first, challenger=second, low=float(low), high=float(high))
