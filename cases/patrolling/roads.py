"""The city's roads as patrols see them: blocks between junctions, cut into stretches of at most 50 m (路段)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from types import MappingProxyType

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, STRtree

from cases.grid import AreaLevel, Grid, Metres, array_of
from inference.geo import LatLon

STRETCH_METRES = 50.0
"""No stretch is longer."""

SAMPLE_METRES = 10.0
"""Points of a stretch that are looked at lie at most so far apart."""

MOST_SAMPLES = 5
"""What `STRETCH_METRES` comes to: so many bits tell which parts of a stretch were seen."""

Point = tuple[float, float]
"""Longitude, latitude: as GeoJSON writes them, bit by bit, so that a junction is where two roads share one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """One road of the city file.

    Attributes:
        id: as the city's map calls it.
        name: for people; empty where it has none.
        line: WGS84 longitude and latitude, two points or more.
        one_way: it is driven in the direction of the line only.
    """

    id: str
    name: str
    line: tuple[Point, ...]
    one_way: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A piece of a road that is either seen or not.

    Attributes:
        id: the road's id and the number of the piece along it, e.g. `qingshi-road/7`.
        block: id of the block that it belongs to.
        line: from its beginning to its end.
        metres: its length.
        cell: code of the unit grid cell of its middle; None outside all cells.
        samples: middles of equal parts, at most `SAMPLE_METRES` long, that have to be seen.
    """

    id: str
    block: str
    line: tuple[LatLon, ...]
    metres: float
    cell: str | None
    samples: tuple[LatLon, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A road from one junction to the next.

    Attributes:
        id: the road's id and the number of the block along it, e.g. `qingshi-road:2`.
        road: the road.
        ends: the junctions at its beginning and its end.
        line: from one to the other.
        metres: its length.
        stretches: what it is cut into, in order.
    """

    id: str
    road: Road
    ends: tuple[Point, Point]
    line: tuple[LatLon, ...]
    metres: float
    stretches: tuple[Stretch, ...]


class RoadMap:
    """All roads of a city, cut up once.

    Roads meet where they share a point of their lines, as in OpenStreetMap and in survey data; where two lines cross
    without one, the one is a bridge.

    Args:
        roads: with ids that occur once.
        grid: whose cells the stretches lie in.
    """

    def __init__(self, roads: Iterable[Road] = (), grid: Grid | None = None) -> None:
        given = tuple(roads)
        self._metres = Metres.around(array_of(LineString(road.line) for road in given))
        self._grid = grid or Grid()
        self.blocks: tuple[Block, ...] = tuple(self._cut(given))
        self.stretches: tuple[Stretch, ...] = tuple(piece for block in self.blocks for piece in block.stretches)
        self._by_id = {stretch.id: stretch for stretch in self.stretches}
        self._blocks = {block.id: block for block in self.blocks}
        self._owners = [(stretch.id, i) for stretch in self.stretches for i in range(len(stretch.samples))]
        samples = [self._metres.point(place) for stretch in self.stretches for place in stretch.samples]
        self._tree = STRtree(samples)

    @property
    def by_id(self) -> Mapping[str, Stretch]:
        """Every stretch by its id."""
        return MappingProxyType(self._by_id)

    @property
    def metres(self) -> float:
        """The length of all roads."""
        return sum(stretch.metres for stretch in self.stretches)

    def samples_near(self, place: LatLon, metres: float) -> Iterator[tuple[str, int]]:
        """The samples within `metres` of a place, each as the id of its stretch and its number in it."""
        for i in self._tree.query(self._metres.point(place), predicate="dwithin", distance=metres):
            yield self._owners[i]

    def block_near(self, place: LatLon, metres: float) -> Block | None:
        """The block that is nearest to a place, at most `metres` away."""
        found = self._tree.query_nearest(self._metres.point(place), max_distance=metres, all_matches=False)
        if not len(found):
            return None
        return self._blocks[self._by_id[self._owners[int(found[0])][0]].block]

    def _cut(self, roads: Sequence[Road]) -> Iterator[Block]:
        junctions = _junctions(roads)
        for road in roads:
            number = 0
            for i, points in enumerate(_between(road.line, junctions)):
                block = self._block(f"{road.id}:{i}", road, points, number)
                number += len(block.stretches)
                yield block

    def _block(self, id: str, road: Road, points: Sequence[Point], first: int) -> Block:
        places = tuple(LatLon(lat=lat, lon=lon) for lon, lat in points)
        metres = sum(one.metres_to(other) for one, other in pairwise(places))
        line = LineString(points)
        count = max(1, ceil(metres / STRETCH_METRES - 1e-9))
        pieces = [
            self._stretch(f"{road.id}/{first + i}", id, _part(line, i / count, (i + 1) / count), metres / count)
            for i in range(count)
        ]
        return Block(
            id=id, road=road, ends=(points[0], points[-1]), line=places, metres=metres, stretches=tuple(pieces)
        )

    def _stretch(self, id: str, block: str, line: LineString, metres: float) -> Stretch:
        count = min(MOST_SAMPLES, max(1, ceil(metres / SAMPLE_METRES - 1e-9)))
        middle = _at(line, 0.5)
        return Stretch(
            id=id,
            block=block,
            line=tuple(LatLon(lat=y, lon=x) for x, y in line.coords),
            metres=metres,
            cell=self._grid.at(self._grid.locate(middle).area, AreaLevel.CELL),
            samples=tuple(_at(line, (i + 0.5) / count) for i in range(count)),
        )


def _junctions(roads: Sequence[Road]) -> frozenset[Point]:
    """Points that more than one road has, or one road more than once, and the ends of all roads."""
    seen: set[Point] = set()
    shared: set[Point] = set()
    for road in roads:
        for point in road.line:
            (shared if point in seen else seen).add(point)
        shared |= {road.line[0], road.line[-1]}
    return frozenset(shared)


def _between(line: Sequence[Point], junctions: frozenset[Point]) -> Iterator[list[Point]]:
    piece = [line[0]]
    for point in line[1:]:
        if point == piece[-1]:
            continue
        piece.append(point)
        if point in junctions:
            yield piece
            piece = [point]


def _part(line: LineString, start: float, end: float) -> LineString:
    """The line between two shares of its length."""
    lengths = _lengths(line)
    inner = [xy for xy, at in zip(line.coords, lengths, strict=True) if start < at < end]
    ends = [line.interpolate(share, normalized=True).coords[0] for share in (start, end)]
    return LineString([ends[0], *inner, ends[1]])


def _lengths(line: LineString) -> NDArray[np.float64]:
    """(points,): the share of the line's length up to each of its points."""
    xy = shapely.get_coordinates(line)
    steps = np.hypot(*np.diff(xy, axis=0).T)
    return np.concatenate([[0.0], np.cumsum(steps)]) / max(float(steps.sum()), 1e-12)


def _at(line: LineString, share: float) -> LatLon:
    point = line.interpolate(share, normalized=True)
    return LatLon(lat=point.y, lon=point.x)
