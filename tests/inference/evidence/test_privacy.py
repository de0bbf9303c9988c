from collections.abc import Callable
from math import nan

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inference.detections import Box
from inference.errors import EvidenceError
from inference.evidence.privacy import CELLS, masked, public_copy
from inference.frame import ImageBGR

PERSON: Box = (200.0, 20.0, 240.0, 130.0)
CAR: Box = (30.0, 50.0, 150.0, 130.0)


def colours(pixels: ImageBGR) -> int:
    return len(np.unique(pixels.reshape(-1, 3), axis=0))


def inside(pixels: ImageBGR, box: Box) -> ImageBGR:
    x1, y1, x2, y2 = (int(v) for v in box)
    return pixels[max(0, y1) : max(0, y2), max(0, x1) : max(0, x2)]


@pytest.mark.parametrize("box", [PERSON, CAR, (-20.0, 10.0, 60.0, 400.0), (0.0, 0.0, 320.0, 192.0)])
def test_a_box_is_at_most_eight_by_eight_cells(picture: Callable[..., ImageBGR], box: Box) -> None:
    assert colours(inside(picture(), box)) > 1000
    assert colours(inside(masked(picture(), [box]), box)) <= CELLS * CELLS


def test_no_detail_finer_than_a_cell_is_left(picture: Callable[..., ImageBGR]) -> None:
    """Two pictures that differ only in detail of the size of a plate's characters give the same mask."""
    pixels = picture()
    checks = np.indices(pixels.shape[:2]).sum(axis=0) % 2 * 2 - 1
    plate = np.clip(pixels.astype(int), 60, 190)
    one, other = (plate + 50 * checks[..., None]).astype(np.uint8), (plate - 50 * checks[..., None]).astype(np.uint8)
    difference = inside(masked(one, [CAR]), CAR).astype(int) - inside(masked(other, [CAR]), CAR)
    assert abs(difference).max() <= 2


def test_the_mask_is_a_little_larger_than_the_box_and_nothing_else_changes(picture: Callable[..., ImageBGR]) -> None:
    pixels = picture()
    changed = np.argwhere((masked(pixels, [CAR]) != pixels).any(axis=2))
    (top, left), (bottom, right) = changed.min(axis=0), changed.max(axis=0)
    assert 30 - 12 <= left < 30
    assert 50 - 12 <= top < 50
    assert 150 <= right < 150 + 12
    assert 130 <= bottom < 130 + 12


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(boxes=st.lists(st.tuples(*[st.floats(-40, 360)] * 4), min_size=1, max_size=6))
def test_overlapping_boxes_never_uncover_each_other(picture: Callable[..., ImageBGR], boxes: list[Box]) -> None:
    copy = masked(picture(), boxes)
    ordered = [(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)) for x1, y1, x2, y2 in boxes]
    for box in ordered:
        if inside(copy, box).size:
            assert colours(inside(copy, box)) <= CELLS * CELLS * len(boxes)


def test_a_small_box_in_a_large_one_does_not_make_its_grid_finer(picture: Callable[..., ImageBGR]) -> None:
    pixels = picture()
    plate_taken_for_a_person = (70.0, 80.0, 110.0, 100.0)
    for boxes in ([CAR, plate_taken_for_a_person], [plate_taken_for_a_person, CAR]):
        assert colours(inside(masked(pixels, boxes), CAR)) <= CELLS * CELLS


def test_without_detections_there_is_no_public_copy(picture: Callable[..., ImageBGR]) -> None:
    assert public_copy(picture(), None, CAR) is None


def test_an_empty_street_may_be_shown(picture: Callable[..., ImageBGR]) -> None:
    copy = public_copy(picture(), (), (100.0, 60.0, 130.0, 90.0))
    assert copy is not None
    assert np.array_equal(copy[:40], picture()[:40])


def test_a_box_that_is_no_place_stops_the_copy(picture: Callable[..., ImageBGR]) -> None:
    with pytest.raises(EvidenceError):
        public_copy(picture(), [CAR, (0.0, 0.0, nan, 10.0)], CAR)


def test_the_target_is_outlined_on_its_mask_and_the_picture_is_not_touched(picture: Callable[..., ImageBGR]) -> None:
    pixels = picture()
    copy = public_copy(pixels, [CAR], CAR)
    assert copy is not None
    assert not np.array_equal(copy, masked(pixels, [CAR]))
    assert np.array_equal(pixels, picture())
