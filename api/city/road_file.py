"""The city's roads, read from a GeoJSON file (RFC 7946): one feature a road, its line in the direction of traffic."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from api.city.geojson import Foreign, Position, feature_problem, is_on_earth, read_collection
from api.city.part import Code, Name, Text
from api.errors import CityError, Problem
from cases.patrolling.roads import Road

Line = Annotated[tuple[Position, ...], Field(min_length=2, max_length=10_000)]


class LineShape(Foreign):
    """One line."""

    type: Literal["LineString"]
    coordinates: Line


class MultiLineShape(Foreign):
    """Several lines, such as the two carriageways of an avenue."""

    type: Literal["MultiLineString"]
    coordinates: Annotated[tuple[Line, ...], Field(min_length=1)]


class RoadProperties(Foreign):
    """What a road is called. `name_en` is the English name; without a name the id stands for it."""

    id: Code
    name: Text | None = None
    name_en: Text | None = None
    one_way: bool = False


class RoadFeature(Foreign):
    """One road with its line."""

    type: Literal["Feature"]
    properties: RoadProperties
    geometry: Annotated[LineShape | MultiLineShape, Field(discriminator="type")]


class RoadCollection(Foreign):
    """The whole file."""

    type: Literal["FeatureCollection"]
    features: Annotated[tuple[RoadFeature, ...], Field(max_length=50_000)]


def read_roads(path: Path) -> tuple[tuple[Road, ...], dict[str, Name]]:
    """Read the roads and what people call them, by id.

    Raises:
        CityError: it cannot be read, two roads have one id, or a line has a point outside of the world or no length.
    """
    collection = read_collection(path, RoadCollection)
    wrong = list(_problems(str(path), collection))
    if wrong:
        raise CityError(wrong)
    roads = tuple(road for feature in collection.features for road in _roads(feature))
    said = [feature.properties for feature in collection.features]
    return roads, {one.id: Name(zh=one.name or one.id, en=one.name_en or one.name or one.id) for one in said}


def _problems(file: str, collection: RoadCollection) -> Iterator[Problem]:
    seen: set[str] = set()
    for i, feature in enumerate(collection.features):
        if feature.properties.id in seen:
            yield feature_problem(file, i, "properties.id", "is the id of another road too; give each its own")
        seen.add(feature.properties.id)
        for line in _lines(feature):
            if not all(map(is_on_earth, line)):
                sentence = "has a point outside of the world; write longitude before latitude, in degrees WGS84"
                yield feature_problem(file, i, "geometry", sentence)
            elif all(one[:2] == other[:2] for one, other in pairwise(line)):
                yield feature_problem(file, i, "geometry", "has no length; let it end elsewhere than it begins")


def _lines(feature: RoadFeature) -> tuple[tuple[Position, ...], ...]:
    shape = feature.geometry
    return (shape.coordinates,) if isinstance(shape, LineShape) else shape.coordinates


def _roads(feature: RoadFeature) -> Iterator[Road]:
    said, lines = feature.properties, _lines(feature)
    for i, line in enumerate(lines):
        yield Road(
            id=said.id if len(lines) == 1 else f"{said.id}.{i + 1}",
            name=said.name or "",
            line=tuple((position[0], position[1]) for position in line),
            one_way=said.one_way,
        )
