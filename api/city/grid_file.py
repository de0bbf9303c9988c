"""The city's map, read from a GeoJSON file (RFC 7946): one feature an area, code and parent among the properties."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, Strict, ValidationError
from shapely import MultiPolygon, Polygon

from api.city.document import dotted
from api.city.part import Code, Name, Text
from api.city.problems import sentence_of
from api.errors import CityError, Problem
from cases.grid import Area, AreaLevel, Shape

LARGEST_BYTES = 100_000_000
WGS84 = ("CRS84", "EPSG::4326", "EPSG:4326")

Degrees = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Position = Annotated[tuple[Degrees, ...], Field(min_length=2, max_length=3)]
Ring = Annotated[tuple[Position, ...], Field(min_length=4)]
Rings = Annotated[tuple[Ring, ...], Field(min_length=1)]


class _Foreign(BaseModel):
    """A GeoJSON object. Other programs add members of their own to it, as the standard allows."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class PolygonShape(_Foreign):
    """One outline, then its holes."""

    type: Literal["Polygon"]
    coordinates: Rings


class MultiPolygonShape(_Foreign):
    """Several polygons."""

    type: Literal["MultiPolygon"]
    coordinates: Annotated[tuple[Rings, ...], Field(min_length=1)]


class AreaProperties(_Foreign):
    """What an area is called. `name_en` is the English name; without a name the code stands for it."""

    code: Code
    level: AreaLevel
    parent: Code | None = None
    name: Text | None = None
    name_en: Text | None = None


class AreaFeature(_Foreign):
    """One area with its polygon."""

    type: Literal["Feature"]
    properties: AreaProperties
    geometry: Annotated[PolygonShape | MultiPolygonShape, Field(discriminator="type")]


class AreaCollection(_Foreign):
    """The whole file."""

    type: Literal["FeatureCollection"]
    features: tuple[AreaFeature, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapFile:
    """What a map file says, feature by feature.

    Attributes:
        file: its name, for messages.
        areas: in the order of the file.
        names: both names of every area, in the same order.
    """

    file: str
    areas: tuple[Area, ...]
    names: tuple[Name, ...]

    def problem(self, feature: int, key: str, sentence: str) -> Problem:
        """A problem of one feature."""
        place = "geometry" if key == "shape" else f"properties.{key}"
        return Problem(file=self.file, line=None, key=f"features[{feature}].{place}", sentence=sentence)


def read_map(path: Path) -> MapFile:
    """Read a map.

    Raises:
        CityError: it is missing, too large, no GeoJSON, in other coordinates than WGS84, or has an area without a code
            or with a number that is none.
    """
    plain = _read_json(path)
    _refuse_other_coordinates(path, plain)
    try:
        collection = AreaCollection.model_validate(plain)
    except ValidationError as error:
        raise CityError(list(_problems(path, error))) from None
    places = [place for i, feature in enumerate(collection.features) for place in _outside_the_world(path, i, feature)]
    if places:
        raise CityError(places)
    said = [feature.properties for feature in collection.features]
    return MapFile(
        file=str(path),
        areas=tuple(_area(feature) for feature in collection.features),
        names=tuple(Name(zh=one.name or one.code, en=one.name_en or one.name or one.code) for one in said),
    )


def _read_json(path: Path) -> Any:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise _refused(path, f"cannot be read ({error.strerror}); name an existing GeoJSON file") from None
    if len(data) > LARGEST_BYTES:
        raise _refused(path, f"is larger than {LARGEST_BYTES:,} bytes; leave points out that lie on straight edges")
    try:
        return json.loads(data, parse_constant=_no_number)
    except RecursionError:
        raise _refused(path, "is nested too deeply for GeoJSON") from None
    except ValueError as error:
        raise _refused(path, f"is no JSON ({error}); export it as GeoJSON once more") from None


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number")


def _refuse_other_coordinates(path: Path, plain: Any) -> None:
    """Files of the older standard (2008) may name a system; maps of a city office often lie in a projected one."""
    if isinstance(plain, dict) and plain.get("crs") is not None:
        name = str(plain["crs"])
        if not any(known in name for known in WGS84):
            raise _refused(path, "is not in WGS84; convert its coordinates to longitude and latitude (EPSG:4326)")


def _outside_the_world(path: Path, index: int, feature: AreaFeature) -> Iterator[Problem]:
    for rings in _polygons(feature):
        for ring in rings:
            key = f"features[{index}].geometry"
            if any(abs(position[0]) > 180 or abs(position[1]) > 90 for position in ring):
                sentence = "has a point outside of the world; write longitude before latitude, in degrees WGS84"
                yield Problem(file=str(path), line=None, key=key, sentence=sentence)
                return
            if ring[0] != ring[-1]:
                sentence = "has an outline that is not closed; let it end at the point where it begins"
                yield Problem(file=str(path), line=None, key=key, sentence=sentence)
                return


def _polygons(feature: AreaFeature) -> tuple[Rings, ...]:
    shape = feature.geometry
    return (shape.coordinates,) if isinstance(shape, PolygonShape) else shape.coordinates


def _area(feature: AreaFeature) -> Area:
    said = feature.properties
    polygons = [Polygon(rings[0], rings[1:]) for rings in _flat(_polygons(feature))]
    shape: Shape = polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)
    return Area(code=said.code, level=said.level, name=said.name or said.code, parent=said.parent, shape=shape)


def _flat(polygons: Sequence[Rings]) -> Iterator[list[list[tuple[float, float]]]]:
    """Without heights, which a map of areas does not need."""
    for rings in polygons:
        yield [[(position[0], position[1]) for position in ring] for ring in rings]


def _problems(path: Path, error: ValidationError) -> Iterator[Problem]:
    for found in error.errors(include_url=False, include_input=False):
        # A variant's name stands in the location behind `geometry`; the file has no such key.
        location = tuple(part for part in found["loc"] if part not in ("Polygon", "MultiPolygon"))
        sentence = sentence_of(found["type"], found["msg"], found.get("ctx", {}))
        yield Problem(file=str(path), line=None, key=dotted(location), sentence=sentence)


def _refused(path: Path, sentence: str) -> CityError:
    return CityError([Problem(file=str(path), line=None, key="", sentence=sentence)])
