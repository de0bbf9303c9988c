"""The same figures for parts of the pictures: by source, by light, by size of the object."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from training.looks import Look, heights_for
from training.scoring import average_precision, joined, recall_at

SIZES: dict[str, tuple[float, float]] = {"small": (0.0, 0.08), "medium": (0.08, 0.25), "large": (0.25, np.inf)}
"""Height of an object as share of the picture's height, from and below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceScore:
    """One class in one part.

    Attributes:
        kind: `source`, `light` or `size`.
        part: its name.
        name: of the class.
        pictures: in the part.
        objects: labelled there.
        ap50: average precision at IoU .50.
        recall: at the class's threshold.
    """

    kind: str
    part: str
    name: str
    pictures: int
    objects: int
    ap50: float | None
    recall: float | None


def slices(
    looks: Sequence[Look],
    names: Iterable[str],
    opens_at: Mapping[str, float],
    least_heights: Mapping[str, float],
) -> tuple[SliceScore, ...]:
    """Every part in which a class has labelled objects. Sizes ignore `least_heights`: they are limits themselves."""
    found: list[SliceScore] = []
    for name in names:
        known = [look for look in looks if name in look.labelled]
        heights = heights_for(name, least_heights)
        parts = [("source", source, heights) for source in sorted({look.source for look in known})]
        parts += [("light", light, heights) for light in sorted({look.light for look in known})]
        parts += [("size", size, limits) for size, limits in SIZES.items()]
        found += [_score(known, name, opens_at[name], *part) for part in parts]
    return tuple(score for score in found if score.objects)


def _score(
    looks: Sequence[Look], name: str, opens_at: float, kind: str, part: str, heights: tuple[float, float]
) -> SliceScore:
    kept = [look for look in looks if kind == "size" or part == (look.source if kind == "source" else look.light)]
    matches = joined([look.matches(name, heights) for look in kept])
    return SliceScore(
        kind=kind,
        part=part,
        name=name,
        pictures=len(kept),
        objects=matches.objects,
        ap50=average_precision(matches),
        recall=recall_at(matches, opens_at),
    )
