"""The map file: what is read from it, and what its author is told."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.city.city import load_city
from api.errors import CityError
from inference.geo import LatLon

CITY = """city: {name: {zh: 城, en: City}}
areas: [{code: "1", level: district, name: {zh: 区, en: District}}]
grid: {file: grid.geojson}
departments: [{id: office, name: {zh: 所, en: Office}}]
duty_list: {fallback: {department: office}}
"""
RING = [[121, 31], [121.01, 31], [121.01, 31.01], [121, 31.01], [121, 31]]


def a_feature(code: str, level: str, parent: str, ring: list[list[Any]] = RING, **more: str) -> dict[str, Any]:
    properties = {"code": code, "level": level, "parent": parent, "OBJECTID": 7, **more}
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def a_collection(*features: dict[str, Any], **more: Any) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features, **more})


GOOD = (a_feature("1-2", "street", "1", name="街", name_en="Street"), a_feature("1-2-3", "community", "1-2"))


@pytest.fixture
def told(write: Callable[[str], Path]) -> Callable[[str], list[str]]:
    def check(content: str) -> list[str]:
        path = write(CITY)
        path.with_name("grid.geojson").write_text(content, encoding="utf-8")
        try:
            load_city(path)
        except CityError as error:
            return [str(problem) for problem in error.problems]
        return []

    return check


def test_a_map_adds_its_areas_to_those_of_the_city_file(write: Callable[[str], Path]) -> None:
    path = write(CITY)
    path.with_name("grid.geojson").write_text(a_collection(*GOOD), encoding="utf-8")
    city = load_city(path)
    assert {code: name.en for code, name in city.areas.items()} == {"1": "District", "1-2": "Street", "1-2-3": "1-2-3"}
    assert city.order is not None
    assert city.order.grid.path(city.order.grid.locate(LatLon(lat=31.005, lon=121.005)).area) == ("1-2-3", "1-2", "1")


def test_what_other_programs_add_is_passed_over(told: Callable[[str], list[str]]) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    high = [[*point, 12.5] for point in RING]
    assert told(a_collection(a_feature("1-2", "street", "1", high), crs=crs, name="layer", bbox=[1, 2, 3, 4])) == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "grid.geojson: is no JSON ("),
        ("[" * 100_000, "grid.geojson: is "),
        ("[]", "grid.geojson: must be "),
        (a_collection(GOOD[0]).replace("31.01", "NaN"), "grid.geojson: is no JSON (NaN is no number); export it as"),
        (
            a_collection(GOOD[0]).replace("31.01", "1e999"),
            "grid.geojson: features[0].geometry.coordinates[0][2][1]: must be a finite number",
        ),
        (
            a_collection(GOOD[0]).replace("31.01", '"31.01"'),
            "grid.geojson: features[0].geometry.coordinates[0][2][1]: must be a number",
        ),
        (
            a_collection(a_feature("1-2", "street", "1", [[y, x] for x, y in RING])),
            "grid.geojson: features[0].geometry: has a point outside of the world; write longitude before latitude",
        ),
        (
            a_collection(a_feature("1-2", "street", "1", RING[:-1])),
            "grid.geojson: features[0].geometry: has an outline that is not closed; let it end at",
        ),
        (
            a_collection(GOOD[0], crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4547"}}),
            "grid.geojson: is not in WGS84; convert its coordinates to longitude and latitude (EPSG:4326)",
        ),
        (a_collection(a_feature("1 2", "street", "1")), "grid.geojson: features[0].properties.code: must be up to 32"),
        (
            a_collection(a_feature("1-2", "block", "1")),
            "grid.geojson: features[0].properties.level: must be 'district'",
        ),
        (
            a_collection({**GOOD[0], "geometry": {"type": "Point", "coordinates": [1, 2]}}),
            "grid.geojson: features[0].geometry: ",
        ),
        (a_collection(GOOD[1]), "grid.geojson: features[0].properties.parent: names no area; "),
        (
            a_collection(a_feature("1-2", "street", "1", [RING[0], RING[2], RING[1], RING[3], RING[0]])),
            "grid.geojson: features[0].geometry: has edges that cross or touch near longitude, latitude",
        ),
        (
            a_collection(*GOOD, a_feature("1-9", "street", "1")),
            "grid.geojson: features[2].geometry: of 1-9 overlaps that of 1-2 by ",
        ),
        (a_collection(a_feature("1", "street", "1")), "grid.geojson: features[0].properties.code: is that of another"),
    ],
)
def test_a_wrong_map_is_refused_in_one_sentence(content: str, sentence: str, told: Callable[[str], list[str]]) -> None:
    said = told(content)
    assert said[0].startswith(sentence), said
    assert "\n" not in said[0]


def test_a_map_that_is_missing(write: Callable[[str], Path]) -> None:
    with pytest.raises(CityError) as refused:
        load_city(write(CITY))
    assert str(refused.value) == (
        "grid.geojson: cannot be read (No such file or directory); name an existing GeoJSON file"
    )
