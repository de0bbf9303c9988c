import math
from itertools import pairwise

import pytest

from training.render.motion import Track

PARKS = [(0.0, 40.0, 1.2), (5.0, 12.0, 1.2), (8.0, 4.0, 3.6), (20.0, 4.0, 3.6), (24.0, -10.0, 1.2)]


def test_who_stands_stands_exactly() -> None:
    track = Track(PARKS)
    places = {(track.pose(t).x, track.pose(t).y) for t in (8.0, 9.3, 14.0, 19.9)}
    assert places == {(4.0, 3.6)}
    assert not track.pose(14.0).moving


def test_a_car_never_overshoots_its_place() -> None:
    track = Track(PARKS)
    xs = [track.pose(t / 10).x for t in range(0, 201)]
    assert all(b <= a + 1e-9 for a, b in pairwise(xs))
    assert min(xs) == pytest.approx(4.0)


def test_still_since_is_when_it_came_to_rest() -> None:
    track = Track(PARKS)
    assert track.still_since(4.0) is None
    assert track.still_since(15.0) == pytest.approx(8.0, abs=0.4)
    assert track.still_since(22.0) is None


def test_one_waypoint_has_always_been_there() -> None:
    track = Track([(3.0, 1.0, 2.0)])
    assert (track.pose(99.0).x, track.pose(99.0).y) == (1.0, 2.0)
    assert track.still_since(50.0) == 3.0


def test_a_car_looks_where_it_drives_and_keeps_looking_when_it_stands() -> None:
    track = Track([(0.0, 0.0, 0.0), (5.0, 0.0, -20.0), (9.0, 0.0, -20.0), (9.5, 0.0, -20.0)])
    for t in (0.1, 2.0, 8.0):
        assert track.pose(t).heading == pytest.approx(-math.pi / 2)


def test_facing_overrides_the_direction_of_travel() -> None:
    assert Track([(0.0, 0.0, 0.0), (5.0, 9.0, 0.0)], facing=1.0).pose(2.0).heading == 1.0


def test_travelled_metres_drive_the_walking_cycle() -> None:
    track = Track([(0.0, 0.0, 0.0), (10.0, 12.0, 0.0)])
    assert track.pose(5.0).travelled == pytest.approx(6.0, abs=0.05)
    assert track.pose(99.0).travelled == pytest.approx(12.0, abs=0.05)
