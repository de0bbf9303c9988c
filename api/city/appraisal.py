"""How the city appraises its departments and areas (综合评价)."""

from typing import Annotated

from pydantic import Field, model_validator

from api.city.part import AtKey, Code, Fraction, Number, Part, Text
from cases.appraisal.indicators import Indicator
from cases.appraisal.league import Measure
from cases.appraisal.scheme import FULL, STANDARD, Scheme


class AreaSize(Part):
    """How large an area is, so that areas can be compared.

    Attributes:
        area: its code.
        square_km: land.
        population: inhabitants.
    """

    area: Code
    square_km: Annotated[Number, Field(gt=0, le=1_000_000)] | None = None
    population: Annotated[int, Field(strict=True, gt=0, le=100_000_000)] | None = None


class AppraisalPart(Part):
    """The scheme.

    Attributes:
        scheme: its name and edition; published figures carry it.
        points: points of each indicator, together 100.
        street_share: how much the votes of streets count in a department's points.
        least_cases: units with fewer cases in a month are shown but not ranked.
        sizes: of areas.
    """

    scheme: Text = STANDARD.name
    points: dict[Indicator, Annotated[Number, Field(ge=0, le=FULL)]] = Field(
        default_factory=lambda: dict(STANDARD.points)
    )
    street_share: Fraction = 0.0
    least_cases: Annotated[int, Field(strict=True, ge=0, le=1_000_000)] = 0
    sizes: tuple[AreaSize, ...] = Field(default=(), max_length=10_000)

    @model_validator(mode="after")
    def _add_up(self) -> "AppraisalPart":
        if abs((whole := sum(self.points.values())) - FULL) > 1e-6:
            raise AtKey("points", f"must add up to {FULL:g}, not {whole:g}")
        return self

    def build(self) -> Scheme:
        """The same for `cases`."""
        return Scheme(
            name=self.scheme, points=self.points, street_share=self.street_share, least_cases=self.least_cases
        )

    def measures(self) -> dict[str, Measure]:
        """The size of each area."""
        return {one.area: Measure(square_km=one.square_km, population=one.population) for one in self.sizes}
