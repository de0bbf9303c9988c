"""What people have drawn on a camera's picture: zones and reference points, in the words of the city file."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Self

import yaml
from pydantic import Field, ValidationError, model_validator

from api.city.cameras import CameraPart, ReferencePoints, ground_of
from api.city.hours import written_hours, written_season
from api.city.part import Part
from api.city.zones import ZonePart
from inference.camera import CameraView
from inference.zones.hours import Calendar

DIGITS = 5
"""Of a fraction of the picture: a hundredth of a pixel of the widest one."""


class Drawing(Part):
    """Zones and reference points of one camera, as they stand under `cameras[]` of the city file."""

    zones: tuple[ZonePart, ...] = Field(default=(), max_length=200)
    reference_points: ReferencePoints = ()

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        names = [zone.id for zone in self.zones]
        doubled = next((name for name in names if names.count(name) > 1), None)
        if doubled:
            raise ValueError(f"two zones are called {doubled}; give each a name of its own")
        return self

    @classmethod
    def of(cls, camera: CameraPart) -> "Drawing":
        """What the city file itself says."""
        return cls.model_construct(zones=camera.zones, reference_points=camera.reference_points)

    def plain(self) -> dict[str, Any]:
        """The same as plain data, which `model_validate` reads again and a city file may hold."""
        return {
            "zones": [_plain_zone(zone) for zone in self.zones],
            "reference_points": [
                {"picture": _rounded(point.picture), "place": {"lat": point.place.lat, "lon": point.place.lon}}
                for point in self.reference_points
            ],
        }

    def as_yaml(self) -> str:
        """A fragment for the city file, to be put under its camera."""
        kept = {key: value for key, value in self.plain().items() if value}
        return yaml.safe_dump(kept or {"zones": []}, allow_unicode=True, sort_keys=False, default_flow_style=None)

    def on(self, view: CameraView, calendar: Calendar) -> CameraView:
        """A camera's view with these zones instead of its own."""
        zones = tuple(zone.build(calendar) for zone in self.zones)
        return replace(view, zones=zones, ground=ground_of(self.reference_points))


def read_drawing(plain: Mapping[str, Any]) -> Drawing:
    """A drawing that was kept.

    Raises:
        ValueError: it is none, in one sentence that says where.
    """
    try:
        return Drawing.model_validate(dict(plain))
    except ValidationError as error:
        raise ValueError(sentence_about(error)) from None


def sentence_about(error: ValidationError) -> str:
    """The first thing that is wrong with a drawing, and where."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    said = str(first["msg"]).removeprefix("Value error, ").replace("Input should", "must", 1)
    return f"{where}: {said}" if where else said


def _plain_zone(zone: ZonePart) -> dict[str, Any]:
    plain: dict[str, Any] = {"id": zone.id, "kind": zone.kind.value}
    for name, points in (("polygon", zone.polygon), ("line", zone.line)):
        if points is not None:
            plain[name] = [_rounded(point) for point in points]
    if zone.hours:
        plain["hours"] = [written_hours(span) for span in zone.hours]
    if zone.season:
        plain["season"] = written_season(zone.season)
    if zone.dwell:
        plain["dwell"] = dict(zone.dwell)
    if any(zone.grace.values()):
        plain["grace"] = dict(zone.grace)
    if zone.queue:
        plain["queue"] = True
    return plain


def _rounded(point: tuple[float, float]) -> list[float]:
    return [round(value, DIGITS) for value in point]
