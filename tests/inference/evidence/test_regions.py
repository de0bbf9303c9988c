from math import inf, nan

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from inference.detections import Box
from inference.errors import EvidenceError
from inference.evidence.regions import region

NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.floats(-100, 5000)
BOXES = st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
SIZES = st.tuples(st.integers(1, 4000), st.integers(1, 4000))


@given(box=BOXES, size_wh=SIZES, margin=st.sampled_from([0.0, 0.15, 1.0]), least=st.sampled_from([0.0, 8.0]))
def test_a_region_always_lies_in_the_picture(box: Box, size_wh: tuple[int, int], margin: float, least: float) -> None:
    found = region(box, size_wh, margin, least)
    assume(found is not None)
    assert found is not None
    assert 0 <= found.left < found.right <= size_wh[0]
    assert 0 <= found.top < found.bottom <= size_wh[1]


@given(box=st.tuples(*[st.floats(0, 99)] * 4))
def test_a_box_inside_is_covered_whole_with_its_margin(box: Box) -> None:
    found = region(box, (100, 100), margin=0.15)
    assert found is not None
    left, right = sorted((box[0], box[2]))
    assert found.left <= max(0, left - 0.15 * (right - left))
    assert found.right >= min(100, right + 0.15 * (right - left))


@pytest.mark.parametrize("box", [(200.0, 0.0, 300.0, 50.0), (0.0, -50.0, 50.0, -1.0)])
def test_a_box_outside_has_no_region(box: Box) -> None:
    assert region(box, (200, 100), margin=0.5) is None


@pytest.mark.parametrize("wrong", [nan, inf, -inf])
def test_a_box_that_is_no_place_is_refused(wrong: float) -> None:
    with pytest.raises(EvidenceError, match="finite"):
        region((0.0, 0.0, 10.0, wrong), (100, 100))
