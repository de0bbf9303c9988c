"""Which area a point lies in."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon

from cases.grid import Area, AreaLevel, Grid, Standing
from cases.grid_check import faults
from inference.geo import LatLon

STEP = 0.001  # degrees: cells of about 111 m x 95 m
SIDE = 4


def square(column: float, row: float, columns: float = 1, rows: float = 1) -> Polygon:
    west, south = 121 + column * STEP, 31 + row * STEP
    east, north = 121 + (column + columns) * STEP, 31 + (row + rows) * STEP
    return Polygon([(west, south), (east, south), (east, north), (west, north)])


def at(column: float, row: float) -> LatLon:
    return LatLon(lat=31 + row * STEP, lon=121 + column * STEP)


def an_area(code: str, level: AreaLevel, parent: str | None, shape: Polygon | MultiPolygon | None = None) -> Area:
    return Area(code=code, level=level, name=code, parent=parent, shape=shape)


def a_map() -> list[Area]:
    """One district, two streets side by side, one community each, four by four cells in all."""
    areas = [an_area("d", AreaLevel.DISTRICT, None)]
    for street, west in (("s1", 0), ("s2", 2)):
        areas.append(an_area(street, AreaLevel.STREET, "d", square(west, 0, 2, SIDE)))
        areas.append(an_area(f"{street}c", AreaLevel.COMMUNITY, street, square(west, 0, 2, SIDE)))
    for column in range(SIDE):
        for row in range(SIDE):
            parent = "s1c" if column < 2 else "s2c"
            areas.append(an_area(f"{column}{row}", AreaLevel.CELL, parent, square(column, row)))
    return areas


GRID = Grid(a_map())
INSIDE = st.integers(0, SIDE * 8).map(lambda eighths: eighths / 8)
"""Columns and rows in the union, many of them on edges and corners."""


def test_a_point_has_its_cell_community_street_and_district() -> None:
    spot = GRID.locate(at(2.5, 1.5))
    assert (spot.standing, spot.area) == (Standing.INSIDE, "21")
    assert GRID.path(spot.area) == ("21", "s2c", "s2", "d")
    assert GRID.at(spot.area, AreaLevel.STREET) == "s2"


@given(column=INSIDE, row=INSIDE)
def test_every_point_of_the_union_has_exactly_one_cell_and_it_is_one_that_covers_it(column: float, row: float) -> None:
    spot = GRID.locate(at(column, row))
    covering = [area.code for area in a_map() if area.level is AreaLevel.CELL and covers(area, column, row)]
    assert spot.area == min(covering)
    assert Grid(reversed(a_map())).locate(at(column, row)) == spot


@given(column=INSIDE, row=INSIDE)
def test_the_smaller_code_has_a_common_edge_wherever_it_lies(column: float, row: float) -> None:
    def turned(code: str) -> str:
        return f"{9 - int(code[0])}{9 - int(code[1])}"

    cells = [area for area in a_map() if area.level is AreaLevel.CELL]
    grid = Grid(replace(cell, code=turned(cell.code), parent=None) for cell in cells)
    covering = [turned(cell.code) for cell in cells if covers(cell, column, row)]
    assert grid.locate(at(column, row)).area == min(covering)


def covers(area: Area, column: float, row: float) -> bool:
    west, south = int(area.code[0]), int(area.code[1])
    return west <= column <= west + 1 and south <= row <= south + 1


@given(points=st.lists(st.tuples(INSIDE, INSIDE), max_size=40))
def test_the_cells_of_a_street_hold_as_many_points_as_the_street(points: list[tuple[float, float]]) -> None:
    cells = Counter(GRID.locate(at(*point)).area for point in points)
    streets = Counter(GRID.at(cell, AreaLevel.STREET) for cell in cells.elements())
    for street in ("s1", "s2"):
        inside = sum(count for cell, count in cells.items() if street in GRID.path(cell))
        assert streets[street] == inside
    assert streets.total() == len(points)


@pytest.mark.parametrize(
    ("place", "standing", "area"),
    [
        (at(-1, 2), Standing.NEAREST, "s1c"),  # some 95 m west of the map
        (at(SIDE + 1, 2), Standing.NEAREST, "s2c"),
        (at(2, -1), Standing.NEAREST, "s1c"),  # as near to both: the smaller code
        (at(-20, 2), Standing.OUTSIDE, None),
    ],
)
def test_a_point_outside_all_cells_is_nobodys_cell(place: LatLon, standing: Standing, area: str | None) -> None:
    spot = GRID.locate(place)
    assert (spot.standing, spot.area) == (standing, area)


def test_a_hole_between_the_cells_belongs_to_the_community() -> None:
    grid = Grid([area for area in a_map() if area.code != "00"])
    assert grid.locate(at(0.5, 0.5)).area == "s1c"


@pytest.mark.parametrize(
    ("place", "given_area", "area"),
    [
        (None, None, None),
        (None, "s1", "s1"),
        (at(0.5, 0.5), None, "00"),
        (at(0.5, 0.5), "s1", "00"),  # narrowed down
        (at(0.5, 0.5), "s2", "s2"),  # the camera looks across the border
        (at(-1, 2), "s2", "s2"),
        (at(-1, 2), None, "s1c"),
        (at(-20, 2), "s2", "s2"),
        (at(0.5, 0.5), "unmapped", "unmapped"),
    ],
)
def test_a_place_narrows_down_what_the_city_says_of_its_camera(
    place: LatLon | None, given_area: str | None, area: str | None
) -> None:
    assert GRID.area_of(place, given_area) == area


def test_a_city_without_a_map_knows_no_place() -> None:
    assert Grid().locate(at(0, 0)).standing is Standing.OUTSIDE
    assert Grid().area_of(at(0, 0), "given") == "given"


def test_a_good_map_has_no_faults() -> None:
    assert list(faults(a_map())) == []


def told(areas: list[Area]) -> list[str]:
    return [f"{areas[fault.area].code} {fault.key} {fault.sentence}" for fault in faults(areas)]


@pytest.mark.parametrize(
    ("area", "sentence"),
    [
        (an_area("d", AreaLevel.DISTRICT, None), "d code is that of another area, too; give each its own"),
        (an_area("x", AreaLevel.DISTRICT, "d"), "x parent does not belong to a district; delete it"),
        (an_area("x", AreaLevel.CELL, None), "x parent is required: a cell lies in a community"),
        (an_area("x", AreaLevel.CELL, "s1d"), 'x parent names no area; did you mean "s1c"?'),
        (an_area("x", AreaLevel.CELL, "s1"), "x parent names a street; a cell lies in a community"),
        (
            an_area("x", AreaLevel.CELL, "s1c", Polygon([(121, 31), (121.1, 31.1), (121.1, 31), (121, 31.1)])),
            "x shape has edges that cross or touch near longitude, latitude 121.05, 31.05; draw it again",
        ),
        (
            an_area("x", AreaLevel.CELL, "s1c", Polygon([(121, 31), (121.1, 31), (121.05, 31)])),
            "x shape has no surface; draw it around at least three corners",
        ),
    ],
)
def test_what_is_wrong_with_an_area(area: Area, sentence: str) -> None:
    assert told([*a_map(), area]) == [sentence]


def test_overlaps_and_what_lies_outside_its_parent_are_told_in_square_metres() -> None:
    said = told([*a_map(), an_area("x", AreaLevel.CELL, "s1c", square(1.5, 0))])
    assert len(said) == 3
    assert all(sentence.startswith("x shape ") for sentence in said)
    assert "lies with 5,299 m² outside of s1c; draw it inside" in said[0]
    assert "of x overlaps that of 10 by 5,299 m²; give every place to one of them" in "".join(said)
    assert "of x overlaps that of 20 by 5,299 m²" in "".join(said)


def test_neighbours_whose_edge_was_rounded_differently_are_no_overlap() -> None:
    areas = [area for area in a_map() if area.code != "00"]
    assert told([*areas, an_area("00", AreaLevel.CELL, "s1c", square(0, 0, 1 + 1e-4, 1))]) == []
