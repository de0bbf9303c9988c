"""Who of the grid staff goes and looks."""

from shapely import box

from cases.grid import Area, AreaLevel, Grid
from cases.organisation import Organisation, Unit, UnitKind
from cases.staff import GridStaff
from inference.geo import LatLon

GRID = Grid(
    [
        Area(code="d", level=AreaLevel.DISTRICT, name="d"),
        Area(code="s", level=AreaLevel.STREET, name="s", parent="d"),
        Area(code="m", level=AreaLevel.COMMUNITY, name="m", parent="s", shape=box(121.0, 31.0, 121.02, 31.01)),
        Area(code="c1", level=AreaLevel.CELL, name="c1", parent="m", shape=box(121.0, 31.0, 121.01, 31.01)),
    ]
)
STAFF = GridStaff(
    grid=GRID,
    organisation=Organisation(
        [
            Unit(id="g1", kind=UnitKind.GRID_STAFF, name="Li", areas=("c1",)),
            Unit(id="g2", kind=UnitKind.GRID_STAFF, name="Wang", areas=("m",)),
            Unit(id="m", kind=UnitKind.COMMUNITY, name="committee", areas=("c1", "m", "s")),
        ]
    ),
)


def test_whoever_looks_after_the_cell_goes_before_those_of_the_community() -> None:
    assert STAFF.nearest(LatLon(lat=31.005, lon=121.005), None) == "Li"
    assert STAFF.nearest(LatLon(lat=31.005, lon=121.015), None) == "Wang"
    assert STAFF.nearest(None, "c1") == "Li"


def test_where_nobody_looks_after_nobody_is_named() -> None:
    assert STAFF.nearest(None, "s") is None
    assert STAFF.nearest(LatLon(lat=0, lon=0), None) is None
