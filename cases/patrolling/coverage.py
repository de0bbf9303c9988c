"""Coverage (覆盖率): which stretches and grid cells were seen on which day, and where nobody has been."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cases.patrolling.roads import RoadMap, Stretch
from inference.geo import LatLon

REACH_METRES = 15.0
"""A look from the carriageway tells of both sides of a street so far around the vehicle."""

WORST_POSITION_METRES = 10.0
"""Where the position may be farther off, nobody knows which street was seen, and none is counted."""

SEEN_SHARE = 0.8
"""Share of a stretch's samples that makes it seen: a vehicle that only crosses a road has not seen it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPart:
    """What one pass has seen of one stretch, from its first look there to its last.

    Attributes:
        stretch: its id.
        mask: bit i stands for sample i.
        first_at: aware UTC.
        last_at: aware UTC.
    """

    stretch: str
    mask: int
    first_at: datetime
    last_at: datetime

    def joined(self, other: "SeenPart") -> "SeenPart":
        """Both together; the same part twice changes nothing."""
        return SeenPart(
            stretch=self.stretch,
            mask=self.mask | other.mask,
            first_at=min(self.first_at, other.first_at),
            last_at=max(self.last_at, other.last_at),
        )

    def is_whole(self, stretch: Stretch) -> bool:
        """Whether that makes the stretch seen."""
        return self.mask.bit_count() >= SEEN_SHARE * len(stretch.samples)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenStretch:
    """What is known of a stretch on one day.

    Attributes:
        passes: how many passes have seen it whole, each by itself.
        first_at: aware UTC, the first look of the first of them.
        last_at: aware UTC, the last look of the last.
    """

    passes: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CellCoverage:
    """How much of one unit grid cell's roads was seen on one day.

    Attributes:
        cell: its code.
        metres: of road in it.
        seen_metres: of them that were seen.
    """

    cell: str
    metres: float
    seen_metres: float

    @property
    def share(self) -> float:
        """0..1."""
        return self.seen_metres / self.metres if self.metres else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCoverage:
    """One day.

    Attributes:
        metres: of all roads.
        seen_metres: of stretches that were seen.
        stretches: what is known of each stretch that was seen, by id.
        cells: every cell with roads, by code.
        unvisited: codes of cells with roads of which no stretch was seen, in order.
    """

    metres: float
    seen_metres: float
    stretches: Mapping[str, SeenStretch]
    cells: Mapping[str, CellCoverage]
    unvisited: tuple[str, ...]

    @property
    def share(self) -> float:
        """0..1, by length."""
        return self.seen_metres / self.metres if self.metres else 0.0


def seen_from(roads: RoadMap, place: LatLon, off_metres: float, at: datetime) -> tuple[SeenPart, ...]:
    """What a look from a place tells of the stretches around it.

    Args:
        roads: the city's.
        place: of the vehicle.
        off_metres: how far the place may be off; beyond `WORST_POSITION_METRES` nothing is counted.
        at: aware UTC, of the look.
    """
    if off_metres > WORST_POSITION_METRES:
        return ()
    masks: dict[str, int] = {}
    for stretch, sample in roads.samples_near(place, REACH_METRES):
        masks[stretch] = masks.get(stretch, 0) | 1 << sample
    return tuple(SeenPart(stretch=id, mask=mask, first_at=at, last_at=at) for id, mask in sorted(masks.items()))


def joined(parts: Iterable[SeenPart]) -> dict[str, SeenPart]:
    """Parts of one pass put together, by stretch."""
    together: dict[str, SeenPart] = {}
    for part in parts:
        together[part.stretch] = together[part.stretch].joined(part) if part.stretch in together else part
    return together


def coverage_of(roads: RoadMap, seen: Mapping[str, SeenStretch]) -> DayCoverage:
    """A day, from what is known of its stretches.

    Args:
        roads: as they are now; stretches that it no longer has are left out.
        seen: those that at least one pass has seen whole, by id.
    """
    known = {id: stretch for id, stretch in seen.items() if id in roads.by_id and stretch.passes}
    cells = _cells(roads, known)
    return DayCoverage(
        metres=roads.metres,
        seen_metres=sum(roads.by_id[id].metres for id in known),
        stretches=known,
        cells=cells,
        unvisited=tuple(code for code, cell in sorted(cells.items()) if not cell.seen_metres),
    )


def _cells(roads: RoadMap, seen: Mapping[str, SeenStretch]) -> dict[str, CellCoverage]:
    metres: dict[str, list[float]] = {}
    for stretch in roads.stretches:
        if stretch.cell is not None:
            sums = metres.setdefault(stretch.cell, [0.0, 0.0])
            sums[0] += stretch.metres
            sums[1] += stretch.metres if stretch.id in seen else 0.0
    return {code: CellCoverage(cell=code, metres=whole, seen_metres=part) for code, (whole, part) in metres.items()}
