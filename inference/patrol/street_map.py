"""What the map says of a place: carriageway or pavement, where nobody may stop, what is permitted."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import cos, pi, sin, sqrt
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from shapely import MultiPolygon, Point, Polygon, STRtree, transform
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from inference.errors import MapError
from inference.geo import LatLon
from inference.patrol.spread import Spread
from inference.zones.hours import Schedule

USUAL_LANE_METRES = 3.5
MOST_FEATURES = 200_000


class Ground(StrEnum):
    """What a part of the map is. The last three permit, and beat what forbids."""

    CARRIAGEWAY = "carriageway"
    PAVEMENT = "pavement"
    NO_STOPPING = "no_stopping"
    """Nobody may stop at all, so that one pass is enough."""
    NO_PARKING = "no_parking"
    KEEP_CLEAN = "keep_clean"
    NO_STALLS = "no_stalls"
    PERMITTED_BAY = "permitted_bay"
    PERMITTED_MARKET = "permitted_market"
    COLLECTION_POINT = "collection_point"


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetPart:
    """One area of the map.

    Attributes:
        id: shown in findings.
        ground: what it is.
        outline: in degrees WGS84, x the longitude.
        schedule: when it holds.
    """

    id: str
    ground: Ground
    outline: Polygon | MultiPolygon
    schedule: Schedule = field(default_factory=Schedule)


class StreetMap:
    """All parts, found by place.

    Args:
        parts: any number.
    """

    def __init__(self, parts: Sequence[StreetPart]) -> None:
        self.parts = tuple(parts)
        self._tree = STRtree([part.outline for part in parts])
        self._kinds = frozenset(part.ground for part in parts)

    def has(self, ground: Ground) -> bool:
        """Whether the map has any part of this kind: where it has none, it does not say where that holds."""
        return ground in self._kinds

    def shares(self, where: LatLon, spread: Spread) -> list[tuple[StreetPart, float]]:
        """The parts in which a place may lie, each with how likely, 0..1.

        Args:
            where: the place.
            spread: its error, taken for normally distributed.
        """
        samples = _samples(where, spread)
        near = Point(where.lon, where.lat).buffer(max(s.distance(Point(where.lon, where.lat)) for s in samples) + 1e-9)
        found: list[tuple[StreetPart, float]] = []
        for index in sorted(int(i) for i in self._tree.query(near)):
            part = self.parts[index]
            share = sum(part.outline.covers(sample) for sample in samples) / len(samples)
            if share > 0:
                found.append((part, share))
        return found


def street_map_from(geojson: str) -> StreetMap:
    """The map in a GeoJSON FeatureCollection (RFC 7946, WGS84).

    A feature is a polygon, or a line with `width` in metres (3.5 without it) that is made one. `properties.kind` is one
    of `Ground`, `properties.id` (or the feature's own) is its name.

    Raises:
        MapError: no such collection, or a feature of another kind or shape.
    """
    try:
        root: Any = json.loads(geojson)
        features = cast("list[Any]", root["features"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise MapError("the street map is no GeoJSON FeatureCollection; export it as one (RFC 7946).") from error
    if not isinstance(root["features"], list) or len(features) > MOST_FEATURES:
        raise MapError(f"the street map needs a list of at most {MOST_FEATURES:,} features.")
    return StreetMap([_part(number, feature) for number, feature in enumerate(features, start=1)])


def _part(number: int, feature: Any) -> StreetPart:
    try:
        properties = cast("dict[str, Any]", feature.get("properties") or {})
        name = str(properties.get("id") or feature.get("id") or f"feature-{number}")
        ground = Ground(properties["kind"])
        outline = shape(feature["geometry"])
        if outline.geom_type in ("LineString", "MultiLineString"):
            outline = _widened(outline, float(properties.get("width", USUAL_LANE_METRES)))
    except (AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
        kinds = ", ".join(Ground)
        raise MapError(
            f"feature {number} of the street map needs a polygon or line and a kind out of {kinds}; correct it."
        ) from error
    if not isinstance(outline, Polygon | MultiPolygon) or not outline.is_valid or outline.is_empty:
        raise MapError(f"feature {number} of the street map is no area whose edges do not cross; draw it anew.")
    return StreetPart(id=name, ground=ground, outline=outline)


def _widened(line: BaseGeometry, metres: float) -> BaseGeometry:
    """A line as an area of this width."""
    if not 0 < metres < 200:
        raise ValueError(f"a width of {metres} m")
    west, south, _, _ = line.bounds
    origin = LatLon(lat=south, lon=west)

    def to_metres(lon_lat: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.array([origin.east_north_to(LatLon(lat=lat, lon=lon)) for lon, lat in lon_lat.tolist()])

    def to_degrees(metres: NDArray[np.float64]) -> NDArray[np.float64]:
        places = [origin.moved(east, north) for east, north in metres.tolist()]
        return np.array([(place.lon, place.lat) for place in places])

    flat = transform(line, to_metres, include_z=False)
    return transform(flat.buffer(metres / 2, cap_style="flat"), to_degrees)


def _samples(where: LatLon, spread: Spread) -> list[Point]:
    """Points of equal weight that have the place's mean and spread: the middle, and two rings around it."""
    east, north = sqrt(max(spread.east, 1e-6)), sqrt(max(spread.north, 1e-6))
    tie = max(-0.999, min(0.999, spread.both / (east * north)))
    points = [where]
    for radius, count in ((0.9, 6), (1.9, 8)):
        for step in range(count):
            a = radius * cos(2 * pi * step / count), radius * sin(2 * pi * step / count)
            points.append(where.moved(east * a[0], north * (tie * a[0] + sqrt(1 - tie * tie) * a[1])))
    return [Point(point.lon, point.lat) for point in points]
