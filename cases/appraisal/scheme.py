"""The scheme (评价办法): how indicators, and the votes of streets, become points. A city's data, never constants."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isclose

from cases.appraisal.indicators import Indicator
from cases.appraisal.tally import Tally
from cases.errors import AppraisalError

FULL = 100.0
"""Points that a perfect unit reaches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """How points are given.

    Attributes:
        name: the rule's name and edition; published figures carry it.
        points: points of each indicator; together 100.
        street_share: 0..1, how much the votes of streets count in a department's points.
        least_cases: units with fewer cases are shown but not ranked.
    """

    name: str
    points: Mapping[Indicator, float]
    street_share: float = 0.0
    least_cases: int = 0

    def __post_init__(self) -> None:
        whole = sum(self.points.values())
        if any(points < 0 for points in self.points.values()) or not isclose(whole, FULL, abs_tol=1e-6):
            raise AppraisalError(
                f"the points of scheme {self.name} must each be 0 or more and add up to 100, not {whole:g}"
            )
        if not 0 <= self.street_share <= 1:
            raise AppraisalError(
                f"the street share of scheme {self.name} must lie between 0 and 1, not {self.street_share}"
            )

    def objective(self, tally: Tally) -> float | None:
        """Points from the indicators, 0..100; what could not be measured is left out and the rest weighs more.

        Returns:
            None where nothing could be measured.
        """
        reached = weight = 0.0
        for indicator, points in self.points.items():
            value = indicator.of(tally)
            if value is not None:
                reached += points * (1 - value if indicator.formula.less_is_better else value)
                weight += points
        return FULL * reached / weight if weight else None

    def overall(self, objective: float | None, vote: float | None) -> float | None:
        """Points with the streets' mean vote (0..100) in its share; without a vote the indicators count alone."""
        if vote is None or not self.street_share:
            return objective
        if objective is None:
            return vote
        return (1 - self.street_share) * objective + self.street_share * vote


STANDARD = Scheme(
    name="standard",
    points={
        Indicator.HANDLING_RATE: 30,
        Indicator.TIMELY_HANDLING_RATE: 20,
        Indicator.REWORK_RATE: 20,
        Indicator.OVERDUE_RATE: 20,
        Indicator.EXTENSION_RATE: 10,
    },
)
"""Used where a city file names none: the published 100-point rule that `indicators` cites."""
