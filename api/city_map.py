"""The city's map as a small drawing of our own: areas from its grid, no tiles, no foreign server."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, radians

import shapely

from api.city.city import City
from cases.grid import METRES_PER_DEGREE, AreaLevel, Grid, Shape
from inference.geo import LatLon

SIZE = 320
"""Width and height of the drawing, in its own units; a picture of it has so many CSS pixels."""

CLOSEST, WIDEST = 60.0, 200_000.0
"""Metres from the middle of the drawing to its edge."""

FINEST: tuple[tuple[float, AreaLevel], ...] = (
    (900, AreaLevel.CELL),
    (6_000, AreaLevel.COMMUNITY),
    (WIDEST, AreaLevel.STREET),
)
"""Down to which level areas are drawn when so many metres are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What the drawing shows: a square around a place.

    Attributes:
        middle: WGS84.
        metres: from the middle to the edge.
    """

    middle: LatLon
    metres: float

    def xy(self, lat: float, lon: float) -> tuple[float, float]:
        """Where a place lies in the drawing; its upper left corner is 0, 0."""
        half = SIZE / 2
        x = (lon - self.middle.lon) * self._lon_metres / self.metres * half + half
        y = (self.middle.lat - lat) * METRES_PER_DEGREE / self.metres * half + half
        return round(x, 1), round(y, 1)

    def place(self, x: float, y: float) -> LatLon:
        """The place at a point of the drawing."""
        east = (min(SIZE, max(0.0, x)) / SIZE * 2 - 1) * self.metres
        south = (min(SIZE, max(0.0, y)) / SIZE * 2 - 1) * self.metres
        lat = min(90.0, max(-90.0, self.middle.lat - south / METRES_PER_DEGREE))
        lon = min(180.0, max(-180.0, self.middle.lon + east / self._lon_metres))
        return LatLon(lat=round(lat, 6), lon=round(lon, 6))

    @property
    def corners(self) -> tuple[LatLon, LatLon]:
        """South-west and north-east."""
        return self.place(0, SIZE), self.place(SIZE, 0)

    @property
    def _lon_metres(self) -> float:
        return METRES_PER_DEGREE * max(cos(radians(self.middle.lat)), 0.01)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One area as it is drawn. `x` and `y` are where its name stands; it has none where there is no room."""

    level: AreaLevel
    path: str
    code: str
    x: float
    y: float
    named: bool


def view_of(middle: LatLon, metres: float) -> View:
    """A square around a place, neither too small nor too large.

    >>> view_of(LatLon(lat=31.0, lon=121.0), 1.0).metres
    60.0
    """
    return View(middle=middle, metres=min(WIDEST, max(CLOSEST, metres)))


def around(places: Sequence[LatLon]) -> View | None:
    """A square that holds all places; None where there are none."""
    if not places:
        return None
    low = LatLon(lat=min(one.lat for one in places), lon=min(one.lon for one in places))
    high = LatLon(lat=max(one.lat for one in places), lon=max(one.lon for one in places))
    middle = LatLon(lat=(low.lat + high.lat) / 2, lon=(low.lon + high.lon) / 2)
    wide = LatLon(lat=middle.lat, lon=low.lon).metres_to(LatLon(lat=middle.lat, lon=high.lon))
    high_metres = LatLon(lat=low.lat, lon=middle.lon).metres_to(LatLon(lat=high.lat, lon=middle.lon))
    return view_of(middle, max(wide, high_metres, 300.0) * 0.55)


def whole_city(city: City) -> View | None:
    """All of a city: its map, or where its cameras are; None where nobody knows."""
    bounds = city.grid.bounds
    if bounds is not None:
        return around(bounds)
    return around([part.position.build() for part in city.file.cameras if part.position])


def area_view(grid: Grid, code: str) -> View | None:
    """One area; None where it is not drawn."""
    area = grid.areas.get(code)
    if area is None or area.shape is None:
        return None
    west, south, east, north = area.shape.bounds
    return around([LatLon(lat=south, lon=west), LatLon(lat=north, lon=east)])


def outlines(grid: Grid, view: View) -> tuple[Outline, ...]:
    """The areas in a view, the largest first."""
    finest = next(level for metres, level in FINEST if view.metres <= metres)
    levels = tuple(AreaLevel)
    wanted = levels[: levels.index(finest) + 1]
    return tuple(
        _outline(area.code, area.level, area.shape, view, finest)
        for area in grid.between(*view.corners)
        if area.shape is not None and area.level in wanted
    )


def scale_of(view: View) -> tuple[int, float]:
    """A round number of metres, and how long it is in the drawing.

    >>> scale_of(View(middle=LatLon(lat=0, lon=0), metres=800.0))
    (200, 40.0)
    """
    per_unit = view.metres * 2 / SIZE
    fits = [base * 10**power for power in range(6) for base in (1, 2, 5) if base * 10**power <= per_unit * 70]
    metres = fits[-1] if fits else 1
    return metres, round(metres / per_unit, 1)


def _outline(code: str, level: AreaLevel, shape: Shape, view: View, finest: AreaLevel) -> Outline:
    low, high = view.corners
    inside = shapely.intersection(shape, shapely.box(low.lon, low.lat, high.lon, high.lat))
    middle = inside.representative_point() if not inside.is_empty else shape.representative_point()
    x, y = view.xy(middle.y, middle.x)
    west, _, east, _ = inside.bounds if not inside.is_empty else shape.bounds
    room = view.xy(middle.y, east)[0] - view.xy(middle.y, west)[0]
    named = level is not AreaLevel.CELL and level is finest and room > 44
    named = named or (finest is AreaLevel.CELL and level is AreaLevel.COMMUNITY and room > 44)
    return Outline(level=level, path=" ".join(_rings(shape, view)), code=code, x=x, y=y, named=named)


def _rings(shape: Shape, view: View) -> Iterator[str]:
    step = view.metres * 2 / SIZE / METRES_PER_DEGREE / 2  # half a unit of the drawing
    for polygon in shapely.get_parts(shapely.simplify(shape, step)):
        for ring in (polygon.exterior, *polygon.interiors):
            points = [view.xy(lat, lon) for lon, lat in ring.coords]
            yield "M" + " ".join(f"{x:g},{y:g}" for x, y in points) + "Z"
