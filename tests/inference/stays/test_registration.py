"""Where the camera looks is found again through shift, zoom, light and traffic, and only there."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.frame import ImageLuma
from inference.stays.registration import STILL, Registration, View, luma_size

SIZE = (320, 180)
CORNERS = ((0.1, 0.1, 0.2, 0.2), (0.8, 0.7, 0.9, 0.9))


def street(seed: int) -> ImageLuma:
    rng = np.random.default_rng(seed)
    coarse = cv2.resize(rng.integers(40, 200, (15, 26)).astype(np.uint8), SIZE, interpolation=cv2.INTER_CUBIC)
    fine = cv2.resize(rng.normal(0, 10, (60, 106)), SIZE, interpolation=cv2.INTER_LINEAR)
    return np.clip(coarse + fine, 0, 255).astype(np.uint8)


def seen(picture: ImageLuma, zoom: float, right: float, down: float) -> ImageLuma:
    """The picture zoomed about its middle and shifted by fractions of its size."""
    width, height = SIZE
    matrix = np.array(
        [
            [zoom, 0, width * (right + (1 - zoom) / 2)],
            [0, zoom, height * (down + (1 - zoom) / 2)],
        ]
    )
    return np.asarray(cv2.warpAffine(picture, matrix, SIZE, borderMode=cv2.BORDER_REFLECT), np.uint8)


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 50),
    zoom=st.floats(0.95, 1.05),
    right=st.floats(-0.065, 0.065),
    down=st.floats(-0.065, 0.065),
)
def test_a_nudge_is_found_and_undone(seed: int, zoom: float, right: float, down: float) -> None:
    reference = street(seed)
    view = Registration(reference).locate(seen(reference, zoom, right, down))
    assert not view.lost
    for box in CORNERS:
        truth = tuple(zoom * (v - 0.5) + 0.5 + move for v, move in zip(box, (right, down) * 2, strict=True))
        assert view.to_picture(box) == pytest.approx(truth, abs=0.008)
        assert view.to_reference(view.to_picture(box)) == pytest.approx(box, abs=0.001)


@pytest.mark.parametrize("last", [0.8, 1.5])
def test_a_zoom_adds_up_over_many_pictures(last: float) -> None:
    reference = street(3)
    follower = Registration(reference)
    views = [follower.locate(seen(reference, float(zoom), 0, 0)) for zoom in np.linspace(1, last, 12)]
    assert not any(view.lost for view in views)
    assert views[-1].matrix[0, 0] == pytest.approx(last, abs=0.02)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 50), other=st.integers(51, 100))
def test_another_place_is_lost(seed: int, other: int) -> None:
    assert Registration(street(seed)).locate(street(other)).lost


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 50), noise=st.integers(0, 6), gain=st.floats(0.5, 1.2))
def test_the_same_place_is_exactly_still(seed: int, noise: int, gain: float) -> None:
    reference = street(seed)
    grain = np.random.default_rng(seed).integers(0, noise + 1, reference.shape)
    assert Registration(reference).locate((reference * gain + grain).clip(0, 255).astype(np.uint8)) is STILL


@pytest.mark.parametrize(("right", "steady"), [(0.0, True), (0.3, True), (0.5, True), (0.8, False), (2.0, False)])
def test_a_movement_below_measuring_noise_is_none(right: float, steady: bool) -> None:
    view = Registration(street(1)).locate(seen(street(1), 1, right / SIZE[0], 0))
    assert view.steady is steady
    if steady:
        assert view.to_picture(CORNERS[0]) == CORNERS[0]


@pytest.mark.parametrize("picture", range(20))
def test_a_nudge_is_found_as_exactly_when_the_light_changes_with_it(picture: int) -> None:
    nudged = seen(street(picture), 1, 15 / SIZE[0], -8 / SIZE[1])
    for gain, haze in ((0.4, 0), (0.6, 60), (1.3, 0), (0.5, 100)):
        lit = (nudged * gain + haze).clip(0, 255).astype(np.uint8)
        view = Registration(street(picture)).locate(lit)
        assert view.matrix[:, 2] * SIZE == pytest.approx((15, -8), abs=0.6)  # pixels


def only_texture(seed: int) -> ImageLuma:
    """A road without a corner, and texture in one place only, which covers less than a quarter of the picture."""
    road = np.repeat(np.linspace(80, 170, SIZE[1]).astype(np.uint8)[:, None], SIZE[0], axis=1)
    road[20:160, 20:80] = street(seed)[20:160, 20:80]
    return road


@pytest.mark.parametrize("gain", [1.0, 0.6, 1.4])
def test_traffic_that_takes_all_the_texture_takes_no_view_away(gain: float) -> None:
    reference = only_texture(1)
    follower = Registration(reference)
    nudged = follower.locate(seen(reference, 1, 0.02, 0))
    assert not nudged.steady
    van = (seen(only_texture(2), 1, 0.02, 0) * gain).clip(0, 255).astype(np.uint8)
    assert follower.locate(van) is nudged


def test_a_bus_that_covered_half_of_the_reference_may_leave() -> None:
    reference = street(1)
    bus = np.random.default_rng(9).integers(0, 256, (60, 70)).astype(np.uint8)
    reference[10:170, :176] = cv2.resize(bus, (176, 160), interpolation=cv2.INTER_NEAREST)
    assert Registration(reference).locate(street(1)).drawable


def test_a_plain_picture_says_nothing_about_the_view() -> None:
    fog = np.full(SIZE[::-1], 120, np.uint8)
    assert Registration(street(1), last=STILL).locate(fog).steady
    assert Registration(fog).locate(fog).steady


@pytest.mark.parametrize("shape", [(240, 320), (181, 320), (90, 160)])
def test_another_size_of_the_stream_changes_no_reference(shape: tuple[int, int]) -> None:
    follower = Registration(street(1))
    assert follower.locate(np.asarray(cv2.resize(street(2), shape[::-1]), np.uint8)).lost
    assert not follower.locate(np.asarray(cv2.resize(street(1), shape[::-1]), np.uint8)).lost
    assert follower.locate(street(1)).steady


def test_the_first_picture_is_the_reference() -> None:
    follower = Registration()
    assert follower.locate(street(1)) is STILL
    assert follower.locate(street(2)).lost
    assert follower.last is STILL


def test_what_is_drawn_on_the_reference_is_drawn_again_only_where_it_lies_right() -> None:
    assert STILL.drawable
    assert not View(matrix=np.array([[1, 0, 0.02], [0, 1, 0]])).drawable
    assert not View(matrix=STILL.matrix, lost=True).drawable


def test_a_tiny_or_long_picture_has_a_luma_size() -> None:
    assert luma_size((1920, 1080)) == (320, 180)
    assert luma_size((2, 2)) == (16, 16)
    assert luma_size((8000, 10)) == (320, 16)
