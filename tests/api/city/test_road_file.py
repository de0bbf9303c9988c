"""The road file: what is read from it, and what its author is told."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.city.city import load_city
from api.errors import CityError

CITY = """city: {name: {zh: 城, en: City}}
patrol: {roads: {file: roads.geojson}}
"""
LINE = [[121.47, 31.23], [121.471, 31.23], [121.472, 31.23]]


def a_road(id: str, line: list[list[Any]] = LINE, **more: Any) -> dict[str, Any]:
    shape = {"type": "LineString", "coordinates": line}
    return {"type": "Feature", "properties": {"id": id, "highway": "residential", **more}, "geometry": shape}


def a_collection(*features: dict[str, Any]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


@pytest.fixture
def told(write: Callable[[str], Path]) -> Callable[[str], list[str]]:
    def check(content: str) -> list[str]:
        path = write(CITY)
        path.with_name("roads.geojson").write_text(content, encoding="utf-8")
        try:
            load_city(path)
        except CityError as error:
            return [str(problem) for problem in error.problems]
        return []

    return check


def test_roads_with_their_names_and_both_carriageways(write: Callable[[str], Path]) -> None:
    path = write(CITY)
    avenue = a_road("avenue", one_way=True, name="大道", name_en="Avenue")
    avenue["geometry"] = {"type": "MultiLineString", "coordinates": [LINE, LINE[::-1]]}
    lane = a_road("lane", [[121.471, 31.23, 8.5], [121.471, 31.231, 8.5]])
    path.with_name("roads.geojson").write_text(a_collection(avenue, lane), encoding="utf-8")
    city = load_city(path)
    assert {id: name.en for id, name in city.road_names.items()} == {"avenue": "Avenue", "lane": "lane"}
    assert [block.id for block in city.roads.blocks] == [
        "avenue.1:0",
        "avenue.1:1",
        "avenue.2:0",
        "avenue.2:1",
        "lane:0",
    ]
    assert [block.road.one_way for block in city.roads.blocks] == [True] * 4 + [False]


@pytest.mark.parametrize(
    ("features", "sentence"),
    [
        ([a_road("a"), a_road("a")], "features[1].properties.id: is the id of another road too; give each its own"),
        ([a_road("a", [[31.23, 121.47], [31.23, 121.48]])], "write longitude before latitude"),
        ([a_road("a", [LINE[0], LINE[0]])], "has no length"),
        ([a_road("a", [LINE[0]])], "features[0].geometry.coordinates"),
        ([a_road("a", [LINE[0], [121.47, "31"]])], "features[0].geometry.coordinates[1][1]"),
        ([{**a_road("a"), "geometry": {"type": "Point", "coordinates": LINE[0]}}], "features[0].geometry"),
    ],
)
def test_what_is_wrong_is_told_with_its_feature(
    told: Callable[[str], list[str]], features: list[dict[str, Any]], sentence: str
) -> None:
    assert any(sentence in problem for problem in told(a_collection(*features)))


def test_a_vehicle_must_be_a_moving_camera_and_a_crew_must_have_a_vehicle(write: Callable[[str], Path]) -> None:
    path = write(
        """city: {name: {zh: 城, en: City}}
cameras: [{id: gate, name: {zh: 门, en: Gate}}]
patrol:
  vehicles: [{camera: gate, start: {lat: 31, lon: 121}}]
  crews: [{id: a, name: {zh: 甲, en: A}, vehicle: gat}]
"""
    )
    with pytest.raises(CityError) as refused:
        load_city(path)
    assert [problem.key for problem in refused.value.problems] == [
        "patrol.vehicles[0].camera",
        "patrol.crews[0].vehicle",
    ]
