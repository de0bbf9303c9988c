import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.render.camera import Camera, Rect, merged, touched

CAMERA = Camera(at=(-9.5, -3.9, 5.7), look=(7.2, 3.3, 0.2), fov=64, width=960, height=540)
UP = np.array([0.0, 0.0, 1.0])


def cube(x: float, y: float) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.array([(x + a, y + b, c) for a in (0, 2) for b in (0, 2) for c in (0.0, 2.0)], dtype=np.float64)


def test_the_point_looked_at_is_the_middle() -> None:
    pixels, ahead = CAMERA.project([CAMERA.look])
    assert ahead.all()
    assert np.allclose(pixels, [(480, 270)])


def test_up_is_up_and_right_is_right() -> None:
    (low, high, right), _ = CAMERA.project([(7, 3, 0), (7, 3, 2), (7, 0, 0)])
    assert high[1] < low[1]
    assert right[0] > low[0]


def test_what_is_behind_has_no_box() -> None:
    assert CAMERA.box(cube(-40, -20)) is None
    assert touched(CAMERA, cube(-40, -20), UP) is None


def test_a_clipped_box_lies_in_the_picture() -> None:
    assert CAMERA.clipped((-50.0, 10.0, 100.0, 900.0)) == (0.0, 10.0, 100.0, 540.0)
    assert CAMERA.clipped((970.0, 10.0, 990.0, 90.0)) is None


def test_the_touched_rectangle_covers_the_thing_and_its_shadow() -> None:
    sun = np.array([-1.0, 0.0, 1.0]) / np.sqrt(2)
    thing = cube(5, 0)
    rect = touched(CAMERA, thing, sun)
    assert rect is not None
    pixels, _ = CAMERA.project(np.concatenate([thing, [(9, 2, 0), (9, 0, 0)]]))
    assert (pixels >= rect[:2]).all()
    assert (pixels <= rect[2:]).all()


def test_a_zone_is_cut_off_at_the_picture() -> None:
    zone = CAMERA.polygon([(-30, 2.3), (40, 2.3), (40, 4.7), (-30, 4.7)])
    assert len(zone) >= 3
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in zone)
    assert CAMERA.polygon([(-60, -30), (-50, -30), (-50, -20)]) == []


@st.composite
def rects(draw: st.DrawFn) -> Rect:
    x, y = draw(st.integers(0, 900)), draw(st.integers(0, 500))
    return x, y, x + draw(st.integers(5, 60)), y + draw(st.integers(5, 40))


@given(st.lists(rects(), max_size=8))
def test_merged_rectangles_cover_the_same_and_are_not_more(given_rects: list[Rect]) -> None:
    result = merged(given_rects)
    assert len(result) <= len(given_rects)
    for x0, y0, x1, y1 in given_rects:
        assert any(a <= x0 and b <= y0 and c >= x1 and d >= y1 for a, b, c, d in result)


def test_far_rectangles_stay_apart_and_near_ones_melt() -> None:
    assert len(merged([(0, 0, 50, 50), (800, 400, 900, 500)])) == 2
    assert merged([(0, 0, 50, 50), (40, 0, 90, 50)]) == [(0, 0, 90, 50)]


@pytest.mark.parametrize("fov", [30.0, 90.0])
def test_a_wider_lens_makes_things_smaller(fov: float) -> None:
    camera = Camera(at=(0, 0, 2), look=(10, 0, 2), fov=fov, width=100, height=60)
    box = camera.box(np.array([(10, -1, 2.0), (10, 1, 2.0)]))
    assert box is not None
    assert (box[2] - box[0] > 30) == (fov == 30.0)
