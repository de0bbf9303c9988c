"""The city's map, read from a GeoJSON file (RFC 7946): one feature an area, code and parent among the properties."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field
from shapely import MultiPolygon, Polygon

from api.city.geojson import Foreign, Position, feature_problem, is_on_earth, read_collection
from api.city.part import Code, Name, Text
from api.errors import CityError, Problem
from cases.grid import Area, AreaLevel, Shape

Ring = Annotated[tuple[Position, ...], Field(min_length=4)]
Rings = Annotated[tuple[Ring, ...], Field(min_length=1)]


class PolygonShape(Foreign):
    """One outline, then its holes."""

    type: Literal["Polygon"]
    coordinates: Rings


class MultiPolygonShape(Foreign):
    """Several polygons."""

    type: Literal["MultiPolygon"]
    coordinates: Annotated[tuple[Rings, ...], Field(min_length=1)]


class AreaProperties(Foreign):
    """What an area is called. `name_en` is the English name; without a name the code stands for it."""

    code: Code
    level: AreaLevel
    parent: Code | None = None
    name: Text | None = None
    name_en: Text | None = None


class AreaFeature(Foreign):
    """One area with its polygon."""

    type: Literal["Feature"]
    properties: AreaProperties
    geometry: Annotated[PolygonShape | MultiPolygonShape, Field(discriminator="type")]


class AreaCollection(Foreign):
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
        return feature_problem(self.file, feature, place, sentence)


def read_map(path: Path) -> MapFile:
    """Read a map.

    Raises:
        CityError: it is missing, too large, no GeoJSON, in other coordinates than WGS84, or has an area without a code
            or with a number that is none.
    """
    collection = read_collection(path, AreaCollection)
    places = [place for i, feature in enumerate(collection.features) for place in _outside_the_world(path, i, feature)]
    if places:
        raise CityError(places)
    said = [feature.properties for feature in collection.features]
    return MapFile(
        file=str(path),
        areas=tuple(_area(feature) for feature in collection.features),
        names=tuple(Name(zh=one.name or one.code, en=one.name_en or one.name or one.code) for one in said),
    )


def _outside_the_world(path: Path, index: int, feature: AreaFeature) -> Iterator[Problem]:
    for rings in _polygons(feature):
        for ring in rings:
            if not all(map(is_on_earth, ring)):
                sentence = "has a point outside of the world; write longitude before latitude, in degrees WGS84"
                yield feature_problem(str(path), index, "geometry", sentence)
                return
            if ring[0] != ring[-1]:
                sentence = "has an outline that is not closed; let it end at the point where it begins"
                yield feature_problem(str(path), index, "geometry", sentence)
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
