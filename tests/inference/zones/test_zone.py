"""Zones refuse what cannot be meant, and know what stands in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.zones.zone import FractionXY, PerClass, Zone, ZoneKind

SQUARE: tuple[FractionXY, ...] = ((0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8))
UNIT = st.floats(0, 1)


def area(*points: FractionXY) -> Zone:
    return Zone(id="z", kind=ZoneKind.NO_PARKING, points=points)


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        (((0.1, 0.1), (0.9, 0.9)), "needs at least 3 points"),
        (((0, 0), (1, 1), (1, 0), (0, 1)), "edges cross"),
        (((0, 0), (1, 0), (1.2, 1)), "must lie between 0 and 1"),
        (((0, 0), (1, 0), (float("nan"), 1)), "must lie between 0 and 1"),
    ],
)
def test_a_zone_that_cannot_be_meant_is_refused(points: tuple[FractionXY, ...], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        area(*points)


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf")])
def test_seconds_must_be_a_number_of_at_least_zero(seconds: float) -> None:
    with pytest.raises(ValueError, match="at least 0"):
        PerClass(default=seconds)


@given(x=UNIT, y=UNIT)
def test_a_square_covers_what_lies_between_its_edges(x: float, y: float) -> None:
    assert area(*SQUARE).covers((x, y)) is (0.2 <= x <= 0.8 and 0.2 <= y <= 0.8)


@given(x=st.floats(0.25, 0.7), y=UNIT)
def test_below_a_line_walked_to_the_right_is_the_pavement(x: float, y: float) -> None:
    line = Zone(id="l", kind=ZoneKind.SHOP_FRONT, points=((0.2, 0.5), (0.8, 0.5)))
    assert line.share_beyond((x, y), (x + 0.05, y)) == (1.0 if y > 0.5 else 0.0)


def test_half_beyond_a_slanted_line() -> None:
    line = Zone(id="l", kind=ZoneKind.SHOP_FRONT, points=((0.0, 0.0), (1.0, 1.0)))
    assert line.share_beyond((0.4, 0.5), (0.6, 0.5)) == pytest.approx(0.5, abs=0.1)


def test_past_the_end_of_a_line_is_another_shop() -> None:
    line = Zone(id="l", kind=ZoneKind.SHOP_FRONT, points=((0.2, 0.5), (0.4, 0.5)))
    assert line.share_beyond((0.6, 0.9), (0.7, 0.9)) == 0
