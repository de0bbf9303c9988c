"""The city's map: district → street → community → unit grid cell, and which of them a point lies in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import cos, radians
from types import MappingProxyType

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Point, Polygon, STRtree

from inference.geo import EARTH_RADIUS_METRES, LatLon

Shape = Polygon | MultiPolygon
"""Degrees WGS84, x = longitude, y = latitude."""

Shapes = NDArray[np.object_]  # (n,), each a Shape

NEAREST_METRES = 1000.0
"""A point this near to a known area, but in none, is that area's to see to; one farther away is nobody's."""

METRES_PER_DEGREE = radians(1) * EARTH_RADIUS_METRES


class AreaLevel(StrEnum):
    """How large an area is. Each lies in one of the level before it."""

    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    CELL = "cell"


LEVELS = tuple(AreaLevel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One area.

    Attributes:
        code: as the city writes it; its length is local (15 digits in Beijing, 16 characters elsewhere).
        level: how large it is.
        name: for people.
        parent: code of the area that it lies in; None for a district.
        shape: where it is, if that is known.
    """

    code: str
    level: AreaLevel
    name: str
    parent: str | None = None
    shape: Shape | None = None


class Standing(StrEnum):
    """How a point stands to the area that was found for it."""

    INSIDE = "inside"
    NEAREST = "nearest"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """What the map says about a point.

    Attributes:
        standing: whether it lies in the area, only near to it, or in and near none.
        area: the smallest area; None outside. A point that is only near has no cell: its area is a community or larger.
    """

    standing: Standing
    area: str | None


class Grid:
    """All areas of a city. Codes must be unique and parents known; `cases.grid_check` says where they are not.

    Args:
        areas: in any order.
    """

    def __init__(self, areas: Iterable[Area] = ()) -> None:
        self._areas = {area.code: area for area in areas}
        self._drawn = [area for area in self._areas.values() if area.shape is not None]
        shapes = array_of(area.shape for area in self._drawn)
        self._tree = STRtree(shapes)
        self._metres = Metres.around(shapes)
        self._metric_tree = STRtree(self._metres.flat(shapes))

    @property
    def areas(self) -> Mapping[str, Area]:
        """Every area by its code."""
        return MappingProxyType(self._areas)

    @property
    def bounds(self) -> tuple[LatLon, LatLon] | None:
        """South-west and north-east corner of all that is drawn; None where nothing is."""
        if not self._drawn:
            return None
        west, south, east, north = shapely.total_bounds(array_of(area.shape for area in self._drawn))
        return LatLon(lat=float(south), lon=float(west)), LatLon(lat=float(north), lon=float(east))

    def between(self, low: LatLon, high: LatLon) -> tuple[Area, ...]:
        """Areas that are drawn and reach into a box of the map, the largest first."""
        found = self._tree.query(shapely.box(low.lon, low.lat, high.lon, high.lat), predicate="intersects")
        reaching = [self._drawn[i] for i in found]
        return tuple(sorted(reaching, key=lambda area: (LEVELS.index(area.level), area.code)))

    def path(self, code: str | None) -> tuple[str, ...]:
        """The area and all that it lies in, the smallest first. A code that is not on the map stands alone."""
        path: list[str] = []
        while code is not None and code not in path:
            path.append(code)
            area = self._areas.get(code)
            code = area.parent if area else None
        return tuple(path)

    def at(self, code: str | None, level: AreaLevel) -> str | None:
        """The area of `level` that `code` is or lies in, e.g. the street of a cell."""
        for found in self.path(code):
            if found in self._areas and self._areas[found].level is level:
                return found
        return None

    def locate(self, place: LatLon) -> Spot:
        """The smallest area that covers the point; its edge belongs to it.

        On an edge that two areas of one level share, the one with the smaller code has the point, so every point has
        exactly one cell. A point in none belongs to the nearest area within `NEAREST_METRES`, but to no cell.
        """
        hits = self._tree.query(Point(place.lon, place.lat), predicate="covered_by")
        if len(hits):
            return Spot(standing=Standing.INSIDE, area=self._smallest(self._drawn[i] for i in hits).code)
        flat = self._metres.point(place)
        near = self._metric_tree.query_nearest(flat, max_distance=NEAREST_METRES) if self._drawn else ()
        owners = [self._without_cell(self._drawn[i]) for i in near]
        known = [area for area in owners if area is not None]
        if not known:
            return Spot(standing=Standing.OUTSIDE, area=None)
        return Spot(standing=Standing.NEAREST, area=self._smallest(known).code)

    def area_of(self, place: LatLon | None, given: str | None) -> str | None:
        """Which area a matter at `place` belongs to.

        Args:
            place: where it is, if that is known.
            given: the area that the city gave to its camera. The place narrows it down, but never leaves it: a camera
                at a border may look across.
        """
        if place is None:
            return given
        spot = self.locate(place)
        if given is None:
            return spot.area
        return spot.area if spot.standing is Standing.INSIDE and given in self.path(spot.area) else given

    def _smallest(self, areas: Iterable[Area]) -> Area:
        return min(areas, key=lambda area: (-LEVELS.index(area.level), area.code))

    def _without_cell(self, area: Area) -> Area | None:
        if area.level is not AreaLevel.CELL:
            return area
        return self._areas.get(area.parent) if area.parent else None


def array_of(shapes: Iterable[shapely.Geometry | None]) -> Shapes:
    """Shapes as shapely's functions for many want them."""
    given = list(shapes)
    held = np.empty(len(given), dtype=object)
    held[:] = given
    return held


@dataclass(frozen=True, slots=True, kw_only=True)
class Metres:
    """A flat map of a city: degrees become metres, right to about 0.1 % within 50 km of `lat`."""

    lat: float

    @classmethod
    def around(cls, shapes: Shapes) -> "Metres":
        """The map whose middle is that of the shapes."""
        if not len(shapes):
            return cls(lat=0.0)
        _, south, _, north = shapely.total_bounds(shapes)
        return cls(lat=float(south + north) / 2)

    def point(self, place: LatLon) -> Point:
        """A point in metres."""
        return Point(place.lon * self._per_lon, place.lat * METRES_PER_DEGREE)

    def flat(self, shapes: Shapes) -> Shapes:
        """Shapes in metres."""
        scale = np.array([self._per_lon, METRES_PER_DEGREE])
        return shapely.transform(shapes, lambda xy: xy * scale)

    @property
    def _per_lon(self) -> float:
        return METRES_PER_DEGREE * cos(radians(self.lat))
