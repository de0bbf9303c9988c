"""Places in a camera's picture where something is forbidden or permitted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import isfinite

from shapely import LineString, Point, Polygon

from inference.zones.hours import Schedule

FractionXY = tuple[float, float]  # of the reference picture's width and height, 0..1

BEYOND_BORDER = 0.05


class ZoneKind(StrEnum):
    """What holds in a zone. The last three permit; a permit beats a prohibition where both cover a place."""

    NO_PARKING = "no_parking"
    NO_STALLS = "no_stalls"
    SHOP_FRONT = "shop_front"
    KEEP_CLEAN = "keep_clean"
    PERMITTED_BAY = "permitted_bay"
    PERMITTED_MARKET = "permitted_market"
    COLLECTION_POINT = "collection_point"


@dataclass(frozen=True, slots=True, kw_only=True)
class PerClass:
    """Seconds, with exceptions for single object classes.

    >>> PerClass(default=180, by_class={"bus": 60}).of("bus")
    60
    """

    default: float
    by_class: Mapping[str, float] = field(default_factory=dict[str, float])

    def __post_init__(self) -> None:
        for seconds in (self.default, *self.by_class.values()):
            if not (isfinite(seconds) and seconds >= 0):
                raise ValueError(f"seconds must be a number of at least 0, not {seconds}")

    def of(self, object_class: str) -> float:
        """The seconds that hold for `object_class`."""
        return self.by_class.get(object_class, self.default)


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """One polygon, or for a shop front one line, drawn on a camera preset's reference picture.

    Attributes:
        id: unique within the camera.
        kind: what holds here.
        points: at least three corners, or for `shop_front` at least two points of a line that has the shop on its left
            and the pavement on its right when walked from the first point to the last.
        schedule: when it is in force.
        dwell: seconds an object must stand before it counts; None takes the rule's own default.
        grace: seconds that nothing counts after the hours have begun.
        queue: vehicles may have to wait here (a traffic lane before a light): a row of waiting vehicles is not parking.

    Raises:
        ValueError: too few points, a point outside 0..1, or edges that cross.
    """

    id: str
    kind: ZoneKind
    points: tuple[FractionXY, ...]
    schedule: Schedule = field(default_factory=Schedule)
    dwell: PerClass | None = None
    grace: PerClass = field(default_factory=lambda: PerClass(default=0))
    queue: bool = False

    def __post_init__(self) -> None:
        needed = 2 if self.is_line else 3
        if len(self.points) < needed:
            raise ValueError(f"zone {self.id} needs at least {needed} points, it has {len(self.points)}")
        for x, y in self.points:
            if not (0 <= x <= 1 and 0 <= y <= 1):
                raise ValueError(
                    f"zone {self.id}: point ({x}, {y}) must lie between 0 and 1 (fractions of the picture)"
                )
        if self.is_line:
            if not LineString(self.points).is_simple:
                raise ValueError(f"zone {self.id}: the line crosses itself; draw it in one sweep")
        elif not Polygon(self.points).is_valid:
            raise ValueError(f"zone {self.id}: edges cross; list the corners in order around the zone")

    @property
    def is_line(self) -> bool:
        """Whether `points` is a line with two sides rather than an area."""
        return self.kind is ZoneKind.SHOP_FRONT

    def covers(self, contact: FractionXY) -> bool:
        """Whether a ground contact point lies in the area (its edge included).

        A point a little outside the picture, as a camera that shakes gives it, counts as on the picture's border.

        >>> Zone(id="z", kind=ZoneKind.NO_PARKING, points=((0, 0), (1, 0), (1, 1))).covers((0.8, 0.2))
        True
        """
        inside = [min(max(v, 0.0), 1.0) if -BEYOND_BORDER <= v <= 1 + BEYOND_BORDER else v for v in contact]
        return not self.is_line and bool(Polygon(self.points).covers(Point(inside)))

    def share_beyond(self, left: FractionXY, right: FractionXY) -> float:
        """How much of an object's ground edge lies on the pavement side of a shop-front line, 0..1.

        Args:
            left: lower left corner of the object's box.
            right: its lower right corner.
        """
        if not self.is_line:
            return 0.0
        samples = 9
        beyond = 0
        for i in range(samples):
            t = i / (samples - 1)
            beyond += self._is_beyond((left[0] + t * (right[0] - left[0]), left[1] + t * (right[1] - left[1])))
        return beyond / samples

    def _is_beyond(self, point: FractionXY) -> bool:
        line = LineString(self.points)
        along = line.project(Point(point))
        if along <= 0 or along >= line.length:
            return False  # past an end of this shop's front: another shop's business
        for (x1, y1), (x2, y2) in zip(self.points, self.points[1:], strict=False):
            along -= ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
            if along <= 0:
                return (x2 - x1) * (point[1] - y1) - (y2 - y1) * (point[0] - x1) > 0
        return False


WHOLE_PICTURE: tuple[FractionXY, ...] = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
