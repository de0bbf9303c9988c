"""Places from boxes, against bodies that are projected corner by corner."""

from datetime import UTC, datetime
from math import cos, hypot, radians, sin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.geo import LatLon
from inference.patrol.camera import PatrolCamera
from inference.patrol.footprint import Footprint
from inference.patrol.ground import placed, seen_at
from inference.patrol.pose import Pose
from tests.patrol_drive import BODIES, SIZE, Drive, Town

ORIGIN = LatLon(lat=31.23, lon=121.47)

cameras = st.builds(
    PatrolCamera,
    height=st.floats(1.2, 3.0),
    pitch=st.floats(0, 15),
    field_of_view=st.floats(55, 100),
    heading_offset=st.floats(-20, 20),
)


def pose(heading: float = 70.0, error: float = 0.0) -> Pose:
    at = datetime(2026, 5, 14, tzinfo=UTC)
    return Pose(at=at, where=ORIGIN, speed=8.0, heading=heading, position_error=2.0, heading_error=error)


def east_north(bearing: float, ahead: float, right: float) -> tuple[float, float]:
    b = radians(bearing)
    return ahead * sin(b) + right * cos(b), ahead * cos(b) - right * sin(b)


def fractions(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    return box[0] / SIZE[0], box[1] / SIZE[1], box[2] / SIZE[0], box[3] / SIZE[1]


@settings(max_examples=150, deadline=None)
@given(cameras, st.floats(6, 25), st.floats(-6, 6), st.floats(0, 359))
def test_a_point_on_the_ground_is_found_again(camera: PatrolCamera, ahead: float, right: float, heading: float) -> None:
    where = ORIGIN.moved(*east_north(heading, ahead, right))
    seen = seen_at(where, SIZE, camera, pose(heading))
    assert seen is not None
    x, y = seen
    point = (x - 0.004, y - 0.02, x + 0.004, y)
    found = placed(point, SIZE, Footprint(length=0.0, width=0.0), camera, pose(heading))
    if found is not None and point[0] > 0.01 and point[2] < 0.99:  # inside the picture
        assert found.where.metres_to(where) < 0.02
        assert found.ahead == pytest.approx(ahead, abs=0.02)
        assert found.right == pytest.approx(right, abs=0.02)


@settings(max_examples=150, deadline=None)
@given(cameras, st.sampled_from(["car", "garbage", "stall"]), st.floats(8, 24), st.floats(-7, 7))
def test_the_middle_of_a_body_is_found_from_its_box(
    camera: PatrolCamera, name: str, ahead: float, right: float
) -> None:
    town, drive = Town(camera=camera), Drive(begins=0)
    length, width, _ = BODIES[name]
    box = fractions(town.box(ahead, right, BODIES[name], drive, 0.0))
    found = placed(box, SIZE, Footprint(length=length, width=width), camera, pose(town.bearing))
    if found is not None and box[0] > 0.01 and box[2] < 0.99:
        assert hypot(found.ahead - ahead, found.right - right) < 0.12 * hypot(ahead, right)


@settings(max_examples=100, deadline=None)
@given(st.floats(6, 15), st.floats(3, 9), st.sampled_from([-1, 1]), st.sampled_from(["car", "garbage", "stall"]))
def test_a_body_cut_off_at_a_side_is_found_with_a_larger_error(
    ahead: float, aside: float, side: int, name: str
) -> None:
    town, drive = Town(), Drive(begins=0)
    length, width, _ = BODIES[name]
    left, top, right, bottom = fractions(town.box(ahead, side * aside, BODIES[name], drive, 0.0))
    box = (max(0.0, left), max(0.0, top), min(1.0, right), min(1.0, bottom))
    if (left >= 0 and right <= 1) or box[2] - box[0] < 0.4 * (right - left):
        return  # whole, or next to nothing of it
    found = placed(box, SIZE, Footprint(length=length, width=width), town.camera, pose(town.bearing))
    if found is not None:
        truth = pose().where.moved(*east_north(town.bearing, ahead, side * aside))
        assert found.own.widths_to(*found.where.east_north_to(truth)) < 3
        assert found.where.metres_to(truth) < 0.25 * hypot(ahead, aside)


def test_the_error_covers_what_a_nod_and_a_wrong_height_do() -> None:
    camera = PatrolCamera(height=1.5, pitch=3.0)
    box = fractions(Town(camera=camera).box(15, 3, BODIES["car"], Drive(begins=0), 0.0))
    footprint = Footprint(length=4.6, width=1.8)
    usual = placed(box, SIZE, footprint, camera, pose())
    assert usual is not None
    nodded = placed(box, SIZE, footprint, PatrolCamera(height=1.5, pitch=3.0 + camera.pitch_error), pose())
    raised = placed(box, SIZE, footprint, PatrolCamera(height=1.5 + camera.height_error, pitch=3.0), pose())
    assert nodded is not None
    assert raised is not None
    for other in (nodded, raised):
        assert usual.own.widths_to(*usual.where.east_north_to(other.where)) < 1.05
    assert usual.own.metres > usual.where.metres_to(nodded.where)


def test_what_is_far_is_less_sure_and_mostly_along_the_line_of_sight() -> None:
    camera = PatrolCamera()
    town = Town(camera=camera, bearing=0.0)
    spreads = []
    for ahead in (8.0, 16.0, 24.0):
        box = fractions(town.box(ahead, 2, BODIES["car"], Drive(begins=0), 0.0))
        found = placed(box, SIZE, Footprint(length=4.6, width=1.8), camera, pose(0.0))
        assert found is not None
        spreads.append(found.own)
    assert spreads[0].metres < spreads[1].metres < spreads[2].metres
    assert spreads[2].north > 4 * spreads[2].east


@pytest.mark.parametrize(
    "box",
    [
        (0.4, 0.2, 0.6, 0.45),  # ends above the horizon
        (0.0, 0.5, 1.0, 0.8),  # cut off on both sides
        (0.3, 0.5, 0.6, 1.0),  # below
        (0.4, 0.4, 0.45, 0.505),  # too far
    ],
)
def test_what_cannot_be_placed_is_not_placed(box: tuple[float, float, float, float]) -> None:
    assert placed(box, SIZE, Footprint(length=1.0, width=1.0), PatrolCamera(pitch=0.0), pose()) is None


def test_without_a_heading_nothing_is_placed() -> None:
    lost = Pose(
        at=datetime(2026, 5, 14, tzinfo=UTC), where=ORIGIN, speed=0, heading=None, position_error=2, heading_error=90
    )
    box = (0.4, 0.5, 0.6, 0.8)
    assert placed(box, SIZE, Footprint(length=1.0, width=1.0), PatrolCamera(), lost) is None
    assert seen_at(ORIGIN.moved(10, 0), SIZE, PatrolCamera(), lost) is None
