"""The league table (排名): units side by side, with points and ranks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from cases.appraisal.scheme import Scheme
from cases.appraisal.tally import Tally


class Unit(StrEnum):
    """What is appraised (评价对象)."""

    DEPARTMENT = "department"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    CELL = "cell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """How large an area is, so that areas can be compared.

    Attributes:
        square_km: land.
        population: inhabitants.
    """

    square_km: float | None = None
    population: int | None = None

    def per_square_km(self, cases: int) -> float | None:
        """Cases on a square kilometre, or None where the land is not known."""
        return cases / self.square_km if self.square_km else None

    def per_10_000(self, cases: int) -> float | None:
        """Cases of ten thousand inhabitants, or None where their number is not known."""
        return 10_000 * cases / self.population if self.population else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One line of the table.

    Attributes:
        unit: department or area code.
        tally: its cases.
        objective: points from the indicators, 0..100.
        vote: mean vote of the streets, 0..100; departments only.
        points: all together, 0..100; None where nothing could be measured.
        rank: 1 for the best; equal points share a rank; None where it is not ranked.
        measure: its size, where it is an area.
    """

    unit: str
    tally: Tally
    objective: float | None
    vote: float | None
    points: float | None
    rank: int | None
    measure: Measure = Measure()


def league(
    tallies: Mapping[str, Tally],
    scheme: Scheme,
    *,
    votes: Mapping[str, float] | None = None,
    measures: Mapping[str, Measure] | None = None,
) -> tuple[Standing, ...]:
    """The table, best first; units without points or with too few cases at the end, by name.

    Args:
        tallies: the cases of each unit.
        scheme: how points are given.
        votes: mean vote of the streets for each department, 0..100.
        measures: sizes of areas.
    """
    unranked = [
        _standing(unit, tally, scheme, (votes or {}).get(unit), (measures or {}).get(unit, Measure()))
        for unit, tally in tallies.items()
    ]
    return tuple(_ranked(unranked, scheme.least_cases))


def _standing(unit: str, tally: Tally, scheme: Scheme, vote: float | None, measure: Measure) -> Standing:
    objective = scheme.objective(tally)
    points = scheme.overall(objective, vote)
    return Standing(unit=unit, tally=tally, objective=objective, vote=vote, points=points, rank=None, measure=measure)


def _ranked(standings: list[Standing], least_cases: int) -> Iterable[Standing]:
    # Points are compared as they are shown, to two decimals: nobody is ranked by what nobody sees.
    def shown(standing: Standing) -> float | None:
        ranked = standing.points is not None and standing.tally.cases >= least_cases
        return round(standing.points, 2) if ranked and standing.points is not None else None

    order = sorted(standings, key=lambda one: (shown(one) is None, -(shown(one) or 0.0), one.unit))
    best = [points for one in order if (points := shown(one)) is not None]
    for one in order:
        points = shown(one)
        yield one if points is None else replace(one, rank=best.index(points) + 1)
