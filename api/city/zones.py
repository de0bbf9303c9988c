"""Zones of a camera as they stand in the city file."""

from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from api.city.hours import Hours, SeasonText
from api.city.part import AtKey, Flag, Fraction, Identifier, Part, Seconds
from inference.zones.hours import Calendar, Schedule
from inference.zones.zone import FractionXY, PerClass, Zone, ZoneKind

Points = Annotated[tuple[tuple[Fraction, Fraction], ...], Field(max_length=200)]


def _drawn_as(kind: ZoneKind) -> AfterValidator:
    def check(points: tuple[FractionXY, ...]) -> tuple[FractionXY, ...]:
        try:
            Zone(id="shape", kind=kind, points=points)
        except ValueError as error:
            raise ValueError(str(error).removeprefix("zone shape").removeprefix(":").strip()) from None
        return points

    return AfterValidator(check)


def _by_class(value: Any) -> Any:
    if isinstance(value, int | float):
        return {"default": value}
    if not isinstance(value, dict):
        raise ValueError("must be seconds such as `180`, or `{default: 180, bus: 60}`")
    if "default" not in value:
        raise AtKey("default", "is required, in seconds")
    return value


SecondsByClass = Annotated[dict[str, Seconds], BeforeValidator(_by_class), Field(max_length=100)]
"""Seconds, with exceptions for single object classes: `{default: 180, bus: 60}`, or just `180`."""


def _per_class(seconds: dict[str, float]) -> PerClass:
    exceptions = {name: value for name, value in seconds.items() if name != "default"}
    return PerClass(default=seconds["default"], by_class=exceptions)


class ZonePart(Part):
    """One polygon, or for a shop front one line, in fractions of the picture's width and height.

    Attributes:
        id: unique within the camera.
        kind: what holds here.
        polygon: corners in order around the zone.
        line: points of a shop front, the shop on the left when walked from first to last.
        hours: when it is in force; without hours always.
        season: days of the year in which it is in force.
        dwell: seconds an object must stand; without it the rule's own.
        grace: seconds that nothing counts after the hours have begun.
        queue: vehicles may have to wait here, a row of them is not parking.
    """

    id: Identifier
    kind: ZoneKind
    polygon: Annotated[Points, _drawn_as(ZoneKind.NO_PARKING)] | None = None
    line: Annotated[Points, _drawn_as(ZoneKind.SHOP_FRONT)] | None = None
    hours: tuple[Hours, ...] = Field(default=(), max_length=100)
    season: SeasonText | None = None
    dwell: SecondsByClass | None = None
    grace: SecondsByClass = Field(default={"default": 0})
    queue: Flag = False

    @model_validator(mode="after")
    def _drawn_once(self) -> Self:
        wanted, other = ("line", "polygon") if self.kind is ZoneKind.SHOP_FRONT else ("polygon", "line")
        if getattr(self, other) is not None:
            raise AtKey(other, f"does not belong to a zone of kind {self.kind}; draw a `{wanted}`")
        if getattr(self, wanted) is None:
            raise AtKey(wanted, f"is required for a zone of kind {self.kind}")
        return self

    def build(self, calendar: Calendar) -> Zone:
        """The zone that rules ask, its hours in the city's calendar."""
        return Zone(
            id=self.id,
            kind=self.kind,
            points=self.polygon or self.line or (),
            schedule=Schedule(calendar=calendar, spans=self.hours, season=self.season),
            dwell=_per_class(self.dwell) if self.dwell else None,
            grace=_per_class(self.grace),
            queue=self.queue,
        )
