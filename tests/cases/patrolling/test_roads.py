from collections import Counter
from itertools import pairwise
from math import cos, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from cases.grid import Area, AreaLevel, Grid
from cases.patrolling.roads import SAMPLE_METRES, STRETCH_METRES, Point, Road, RoadMap
from inference.geo import LatLon

WEST: Point = (121.47, 31.23)
METRE_EAST = 1 / (111_200 * cos(radians(31.23)))  # a little short, so that 100 m are two stretches and not three
METRE_NORTH = 1 / 111_200


def at(east: float, north: float = 0.0) -> Point:
    return WEST[0] + east * METRE_EAST, WEST[1] + north * METRE_NORTH


def a_road(id: str, *line: Point, one_way: bool = False) -> Road:
    return Road(id=id, name=id, line=line, one_way=one_way)


def test_a_road_is_cut_into_stretches_of_at_most_50_metres() -> None:
    roads = RoadMap([a_road("a", at(0), at(230))])
    assert [stretch.id for stretch in roads.stretches] == ["a/0", "a/1", "a/2", "a/3", "a/4"]
    assert [stretch.metres for stretch in roads.stretches] == pytest.approx([46.0] * 5, abs=0.2)
    assert [len(stretch.samples) for stretch in roads.stretches] == [5] * 5


def test_roads_meet_where_they_share_a_point_and_nowhere_else() -> None:
    crossing, bridge = a_road("c", at(100, -60), at(100), at(100, 60)), a_road("b", at(50, -60), at(50, 60))
    roads = RoadMap([a_road("a", at(0), at(100), at(200)), crossing, bridge])
    assert [block.id for block in roads.blocks] == ["a:0", "a:1", "c:0", "c:1", "b:0"]
    ends = Counter(end for block in roads.blocks for end in block.ends)
    assert ends[at(100)] == 4


def test_a_stretch_lies_in_the_cell_of_its_middle_and_outside_all_in_none() -> None:
    areas = [
        Area(code=code, level=AreaLevel.CELL, name=code, shape=box(*at(west, -50), *at(west + 50, 50)))
        for code, west in (("w", 0.0), ("e", 50.0))
    ]
    roads = RoadMap([a_road("a", at(0), at(150))], Grid(areas))
    assert [stretch.cell for stretch in roads.stretches] == ["w", "e", None]


def test_the_nearest_block_of_a_place() -> None:
    roads = RoadMap([a_road("a", at(0), at(100)), a_road("b", at(0, 40), at(100, 40))])
    lon, lat = at(50, 30)
    near = roads.block_near(LatLon(lat=lat, lon=lon), 25)
    assert near is not None
    assert near.id == "b:0"
    assert roads.block_near(LatLon(lat=lat + 1, lon=lon), 25) is None
    assert RoadMap().block_near(LatLon(lat=lat, lon=lon), 25) is None


@given(st.lists(st.tuples(st.floats(-2000, 2000), st.floats(-2000, 2000)), min_size=2, max_size=8, unique=True))
def test_nothing_of_a_road_is_lost_by_cutting(corners: list[tuple[float, float]]) -> None:
    line = tuple(at(*corner) for corner in corners)
    if len(set(line)) < 2:
        return
    roads = RoadMap([a_road("a", *line)])
    whole = sum(LatLon(lat=a[1], lon=a[0]).metres_to(LatLon(lat=b[1], lon=b[0])) for a, b in pairwise(line))
    assert roads.metres == pytest.approx(whole, rel=1e-6)
    assert all(0 < stretch.metres <= STRETCH_METRES + 1e-6 for stretch in roads.stretches)
    assert len({stretch.id for stretch in roads.stretches}) == len(roads.stretches)
    assert all(stretch.metres / len(stretch.samples) <= SAMPLE_METRES + 1e-6 for stretch in roads.stretches)
