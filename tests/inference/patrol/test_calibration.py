"""Calibration from the horizon and from points, and what is refused."""

from math import atan2, cos, hypot, radians, sin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.errors import CalibrationError
from inference.patrol.calibration import ReferencePoint, from_horizon, from_points, mounted
from inference.patrol.camera import PatrolCamera

SIZE = (1280, 720)


def seen(camera: PatrolCamera, right: float, ahead: float) -> ReferencePoint:
    """Where a camera sees a mark on the ground."""
    turn, pitch = radians(camera.heading_offset), radians(camera.pitch)
    away, bearing = hypot(right, ahead), atan2(right, ahead) - turn
    forward, aside = away * cos(bearing), away * sin(bearing)
    depth = forward * cos(pitch) + camera.height * sin(pitch)
    down = camera.height * cos(pitch) - forward * sin(pitch)
    x, y = camera.focal_share * aside / depth, camera.focal_share * SIZE[0] / SIZE[1] * down / depth
    return ReferencePoint(x=0.5 + x, y=0.5 + y, right=right, ahead=ahead)


@settings(max_examples=40, deadline=None)
@given(st.floats(1.0, 3.0), st.floats(-2, 15), st.floats(-25, 25), st.floats(50, 100))
def test_points_give_back_the_camera_that_sees_them(height: float, pitch: float, offset: float, wide: float) -> None:
    camera = PatrolCamera(height=height, pitch=pitch, heading_offset=offset, field_of_view=wide)
    marks = [seen(camera, right, ahead) for right, ahead in ((-3, 6), (2, 8), (4, 15), (-2, 20))]
    found = from_points(PatrolCamera(field_of_view=wide), marks, SIZE)
    assert found.height == pytest.approx(height, abs=0.02)
    assert found.pitch == pytest.approx(pitch, abs=0.1)
    assert found.heading_offset == pytest.approx(offset, abs=0.1)


def test_badly_measured_points_say_how_sure_they_leave_it() -> None:
    camera = PatrolCamera(height=1.8, pitch=5)
    marks = [seen(camera, right, ahead) for right, ahead in ((-3, 6), (2, 8), (4, 15), (-2, 20))]
    shaken = [
        ReferencePoint(x=m.x + 0.006 * (-1) ** n, y=m.y + 0.004 * (-1) ** n, right=m.right, ahead=m.ahead)
        for n, m in enumerate(marks)
    ]
    exact, rough = from_points(PatrolCamera(), marks, SIZE), from_points(PatrolCamera(), shaken, SIZE)
    assert rough.pitch_error >= exact.pitch_error
    assert abs(rough.height - 1.8) < 3 * rough.height_error


def test_the_horizon_gives_the_pitch() -> None:
    camera = PatrolCamera(field_of_view=78)
    for pitch in (-5.0, 0.0, 4.0, 12.0):
        horizon = 0.5 - camera.focal_share * SIZE[0] / SIZE[1] * sin(radians(pitch)) / cos(radians(pitch))
        assert from_horizon(camera, horizon, SIZE).pitch == pytest.approx(pitch, abs=1e-6)


def test_what_cannot_be_is_refused() -> None:
    camera = PatrolCamera()
    marks = [seen(camera, right, ahead) for right, ahead in ((-3, 6), (2, 8), (4, 15))]
    with pytest.raises(CalibrationError, match="at least 3"):
        from_points(camera, marks[:2], SIZE)
    mixed = [
        ReferencePoint(x=marks[2].x, y=marks[0].y, right=-3, ahead=6),
        ReferencePoint(x=0.1, y=0.9, right=4, ahead=15),
        marks[1],
    ]
    with pytest.raises(CalibrationError, match="measure them again"):
        from_points(camera, mixed, SIZE)
    with pytest.raises(CalibrationError, match="horizon"):
        from_horizon(camera, float("nan"), SIZE)
    with pytest.raises(CalibrationError, match="horizon"):
        from_horizon(camera, -40.0, SIZE)


def test_a_mounting_in_words() -> None:
    assert mounted("1.8,4,,-10") == PatrolCamera(height=1.8, pitch=4, heading_offset=-10)
    assert mounted("") == PatrolCamera()
    for text in ("high", "99", "1,2,3,4,5", "nan"):
        with pytest.raises(CalibrationError, match="mounting"):
            mounted(text)
