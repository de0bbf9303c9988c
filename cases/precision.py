"""How many findings of a camera and zone were right, as far as people have judged them."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from cases.verdict import RejectReason
from inference.findings import ViolationKind

DETECTOR_WAS_WRONG = frozenset({RejectReason.WRONG_CLASS, RejectReason.NOT_THERE})
"""Reasons that speak against the model; all others against the zone, its hours, or the picture."""

Z_95 = 1.959963984540054
"""Two-sided 95 % of the normal distribution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where findings come from, and what they claim."""

    camera: str
    zone: str
    kind: ViolationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What people said last of the findings of one place.

    Attributes:
        place: whose findings.
        right: confirmed or corrected: something was there.
        wrong: rejected, by reason.
    """

    place: Place
    right: int
    wrong: Mapping[RejectReason, int]

    @property
    def total(self) -> int:
        """All findings that were judged."""
        return self.right + sum(self.wrong.values())

    @property
    def precision(self) -> float:
        """Share of them that were right, 0..1."""
        return self.right / self.total

    @property
    def model_precision(self) -> float:
        """Share of them of which nobody said that the detector was wrong, 0..1."""
        return 1 - sum(count for why, count in self.wrong.items() if why in DETECTOR_WAS_WRONG) / self.total

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true precision lies with 95 %: the interval of Wilson (1927), good for few findings, too.

        >>> place = Place(camera="c", zone="z", kind=ViolationKind.ILLEGAL_PARKING)
        >>> [round(end, 2) for end in Judged(place=place, right=8, wrong={RejectReason.NOT_THERE: 2}).interval]
        [0.49, 0.94]
        """
        n, p, z2 = self.total, self.precision, Z_95**2
        middle, spread = p + z2 / (2 * n), Z_95 * sqrt(p * (1 - p) / n + z2 / (4 * n * n))
        return max(0.0, (middle - spread) / (1 + z2 / n)), min(1.0, (middle + spread) / (1 + z2 / n))
