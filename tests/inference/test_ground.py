"""Points of the picture on the ground: exact where the ground is flat, honest where the points do not fit."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from inference.geo import LatLon
from inference.ground import METRES_PER_DEGREE, GroundPlane, PictureXY, ReferencePoint
from tests.case_builders import HERE, north_of

CORNERS: tuple[PictureXY, ...] = ((0.1, 0.9), (0.9, 0.9), (0.65, 0.5), (0.35, 0.5))
HORIZON = 0.3


def seen_from_a_mast(picture: PictureXY) -> LatLon:
    """What a camera that looks north sees at this point: the nearer to the horizon, the farther away."""
    ahead = 6.0 / (picture[1] - HORIZON)
    return east_of(north_of(HERE, ahead), (picture[0] - 0.5) * ahead)


def east_of(place: LatLon, metres: float) -> LatLon:
    from math import cos, radians

    return LatLon(lat=place.lat, lon=place.lon + metres / (METRES_PER_DEGREE * cos(radians(place.lat))))


def plane(*points: PictureXY) -> GroundPlane:
    return GroundPlane.fit([ReferencePoint(picture=point, place=seen_from_a_mast(point)) for point in points])


@given(x=st.floats(0, 1), y=st.floats(0.4, 1))
def test_four_points_are_enough_for_all_others(x: float, y: float) -> None:
    found = plane(*CORNERS).place((x, y))
    assert found is not None
    assert found.metres_to(seen_from_a_mast((x, y))) < 0.1


@given(points=st.lists(st.tuples(st.floats(0, 1), st.floats(0.4, 1)), min_size=4, max_size=9))
def test_it_fits_its_own_points_or_refuses(points: list[PictureXY]) -> None:
    try:
        fitted = plane(*points)
    except ValueError as refused:
        assume("line" in str(refused) or "flat" in str(refused))
        return
    assert len(fitted.residuals) == len(points)


def test_the_sky_is_nowhere() -> None:
    assert plane(*CORNERS).place((0.5, HORIZON - 0.05)) is None
    assert plane(*CORNERS).place((0.5, HORIZON + 1e-6)) is None


def test_a_fifth_point_shows_by_how_much_one_is_off() -> None:
    good = [ReferencePoint(picture=point, place=seen_from_a_mast(point)) for point in (*CORNERS, (0.5, 0.7))]
    assert max(GroundPlane.fit(good).residuals) < 0.01
    wrong = [*good[:-1], ReferencePoint(picture=(0.5, 0.7), place=east_of(good[-1].place, 3.0))]
    assert 0.5 < max(GroundPlane.fit(wrong).residuals) < 5
    assert max(GroundPlane.fit(wrong[:4]).residuals) < 0.01


@pytest.mark.parametrize(
    ("points", "word"),
    [(CORNERS[:3], "four"), (((0.1, 0.9), (0.3, 0.9), (0.5, 0.9), (0.9, 0.9)), "line"), ((CORNERS[0],) * 4, "line")],
)
def test_points_that_say_too_little_are_refused(points: tuple[PictureXY, ...], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        plane(*points)
