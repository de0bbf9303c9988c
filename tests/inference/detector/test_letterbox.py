import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.detector.letterbox import PAD_GREY, Canvas, Letterbox

sides = st.integers(1, 5000)
shares = st.tuples(*[st.floats(0, 1)] * 4)


@given(picture_wh=st.tuples(sides, sides), canvas_wh=st.sampled_from([(640, 384), (640, 640)]), box=shares)
def test_a_box_comes_back_to_where_it_was(
    picture_wh: tuple[int, int], canvas_wh: tuple[int, int], box: tuple[float, ...]
) -> None:
    wanted = np.array([box], dtype=np.float32) * np.array(picture_wh * 2, dtype=np.float32)
    letterbox = Letterbox.of(picture_wh, canvas_wh)
    in_canvas = np.array([box], dtype=np.float32) * np.array(letterbox.inner_wh * 2, dtype=np.float32)
    in_canvas += np.array(letterbox.offset_xy * 2, dtype=np.float32)
    back = letterbox.to_picture(in_canvas, picture_wh)
    tolerance = 1e-3 * max(picture_wh) + 1e-3
    assert np.abs(back - wanted).max() <= tolerance


@given(picture_wh=st.tuples(sides, sides), canvas_wh=st.sampled_from([(640, 384), (640, 640)]))
def test_the_picture_lies_inside_the_canvas_and_touches_two_sides(
    picture_wh: tuple[int, int], canvas_wh: tuple[int, int]
) -> None:
    box = Letterbox.of(picture_wh, canvas_wh)
    assert all(o >= 0 and o + i <= c for o, i, c in zip(box.offset_xy, box.inner_wh, canvas_wh, strict=True))
    assert any(i == c for i, c in zip(box.inner_wh, canvas_wh, strict=True))


def test_boxes_are_given_in_pixels_of_the_full_picture_and_cut_off_at_its_edges() -> None:
    box = Letterbox.of((640, 360), (640, 384))
    boxes = box.to_picture(np.array([[-5.0, 12, 320, 400]], dtype=np.float32), (1920, 1080))
    assert boxes.tolist() == [[0, 0, 960, 1080]]


@pytest.mark.parametrize("size_wh", [(640, 360), (64, 64), (1280, 720), (30, 400)])
def test_a_reused_canvas_holds_nothing_of_the_picture_before(size_wh: tuple[int, int]) -> None:
    picture = np.full((size_wh[1], size_wh[0], 3), 7, dtype=np.uint8)
    reused, fresh = Canvas((640, 384)), Canvas((640, 384))
    reused.place(np.full((640, 640, 3), 255, dtype=np.uint8))
    reused.place(picture)
    fresh.place(picture)
    assert np.array_equal(reused.pixels, fresh.pixels)
    assert set(np.unique(reused.pixels)) <= {7, PAD_GREY}


def test_a_picture_that_already_fits_is_not_resampled() -> None:
    picture = np.random.default_rng(1).integers(0, 256, (360, 640, 3), dtype=np.uint8)
    canvas = Canvas((640, 384))
    canvas.place(picture)
    assert np.array_equal(canvas.pixels[0, 12:372], picture)
