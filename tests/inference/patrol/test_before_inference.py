"""What is left out before inference: poor pictures, and stretches that have been inspected."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.frame import ImageLuma
from inference.geo import LatLon
from inference.patrol.pose import Pose
from inference.patrol.quality import LOOKS_STUCK, QUALITY_WH, Flaw, QualityWatch
from inference.patrol.sampling import (
    AGAIN_AFTER,
    CLOSER_LATEST_METRES,
    CLOSER_METRES,
    LATEST_METRES,
    DistanceSampling,
)

HERE = LatLon(lat=31.2304, lon=121.4737)
BEGAN = datetime(2026, 5, 14, 4, 0, tzinfo=UTC)


def street(seed: int) -> ImageLuma:
    """A picture with fine and coarse texture, another one for each place."""
    rng = np.random.default_rng(seed)
    coarse = cv2.resize(rng.integers(50, 190, (18, 32), dtype=np.uint8), QUALITY_WH, interpolation=cv2.INTER_NEAREST)
    fine = rng.integers(-20, 20, (QUALITY_WH[1], QUALITY_WH[0]))
    return np.clip(coarse.astype(np.int32) + fine, 0, 255).astype(np.uint8)


def blurred(luma: ImageLuma) -> ImageLuma:
    return np.asarray(cv2.GaussianBlur(luma, (0, 0), 6), np.uint8)


def fog(luma: ImageLuma) -> ImageLuma:
    return np.clip(150 + (luma.astype(np.float32) - 120) * 0.04, 0, 255).astype(np.uint8)


def night(luma: ImageLuma) -> ImageLuma:
    return (luma * 0.15).astype(np.uint8)


def test_a_street_is_worth_looking_at() -> None:
    watch = QualityWatch()
    assert {watch.measure(street(seed)).flaw for seed in range(8)} == {None}


@pytest.mark.parametrize(("spoil", "flaw"), [(night, Flaw.DARK), (blurred, Flaw.BLURRED), (fog, Flaw.VEILED)])
def test_a_poor_picture_is_told_by_name(spoil: Callable[[ImageLuma], ImageLuma], flaw: Flaw) -> None:
    watch = QualityWatch()
    assert [watch.measure(spoil(street(seed))).flaw for seed in range(3)] == [flaw] * 3


def test_what_sits_on_the_lens_is_told_once_the_street_has_passed_by() -> None:
    watch, dirt = QualityWatch(), street(99)
    flaws: list[Flaw | None] = []
    for seed in range(LOOKS_STUCK + 2):
        luma = street(seed)
        luma[:, : QUALITY_WH[0] // 2] = dirt[:, : QUALITY_WH[0] // 2]
        flaws.append(watch.measure(luma).flaw)
    assert flaws[0] is None
    assert flaws[-1] is Flaw.COVERED


def test_a_standing_vehicle_has_no_dirt_on_its_lens() -> None:
    watch = QualityWatch()
    assert {watch.measure(street(1)).flaw for _ in range(10)} == {None}


def pose(metres: float, second: float, heading: float = 90.0) -> Pose:
    at = BEGAN + timedelta(seconds=second)
    return Pose(at=at, where=HERE.moved(metres, 0), speed=5, heading=heading, position_error=2, heading_error=2)


@dataclass(slots=True)
class Driven:
    """Metres at which was inspected, and pictures that had to be decoded for it."""

    looks: list[float]
    decoded: int


def inspected(
    sampling: DistanceSampling, metres: list[float], *, later: float = 0.0, heading: float = 90.0
) -> list[float]:
    found: list[float] = []
    for number, place in enumerate(metres):
        here = pose(place, later + number * 0.1, heading)
        if sampling.wants(here):
            sampling.inspected(here)
            found.append(place)
    return found


def test_each_stretch_is_inspected_at_steps_of_at_most_five_metres() -> None:
    way = [n * 0.3 for n in range(400)]
    found = inspected(DistanceSampling(), way)
    steps = [b - a for a, b in pairwise(found)]
    assert max(steps) <= 5.0
    assert min(steps) >= 4.0


@pytest.mark.parametrize("between", [0.04, 0.2, 0.25])
def test_the_last_picture_within_five_metres_is_taken(between: float) -> None:
    sampling, found = DistanceSampling(), list[float]()
    for number in range(round(60 / between)):
        here = pose(number * between * 5.0, number * between)
        if sampling.wants(here):
            sampling.inspected(here)
            found.append(number * between * 5.0)
    steps = [b - a for a, b in pairwise(found)]
    assert max(steps) <= 5.0
    assert min(steps) >= (4.7 if between < 0.1 else 4.5 if between == 0.25 else 4.0)


def driven(speed: float, keys: float, *, seconds: float = 60.0, fps: int = 25, closer: bool = False) -> Driven:
    """What is chosen of a recording with a key picture every `keys` seconds, at a steady speed (m/s)."""
    sampling, found = DistanceSampling(), Driven(looks=[], decoded=0)
    size = round(keys * fps)
    for first in range(0, round(seconds * fps), size):
        group = [pose(speed * n / fps, n / fps) for n in range(first, first + size)]
        then, at = pose(speed * (first + size) / fps, (first + size) / fps), 0
        while (chosen := sampling.choice(group[at:], then, closer=closer)) is not None:
            at += chosen + 1
            sampling.inspected(group[at - 1])
            found.looks.append(speed * (first + at - 1) / fps)
        found.decoded += at
    return found


@given(speed=st.floats(0.3, 33.0), keys=st.sampled_from([0.2, 0.5, 1.0, 2.0, 5.0, 10.0]))
def test_of_a_recording_no_step_is_longer_than_five_metres_and_no_more_is_inspected_than_that_needs(
    speed: float, keys: float
) -> None:
    found = driven(speed, keys)
    steps = [b - a for a, b in pairwise(found.looks)]
    assert max(steps, default=0.0) <= 5.0
    assert min(steps, default=CLOSER_METRES) >= CLOSER_METRES - 1e-6
    assert 60.0 * speed - (found.looks[-1]) <= 5.0
    assert all(a + b > LATEST_METRES - CLOSER_METRES for a, b in pairwise(steps))


@pytest.mark.parametrize(("speed", "keys", "looks", "decoded"), [(4.0, 1.0, 60, 60), (8.0, 1.0, 121, 631)])
def test_key_pictures_alone_where_they_are_enough_and_else_as_little_behind_them_as_can_be(
    speed: float, keys: float, looks: int, decoded: int
) -> None:
    found = driven(speed, keys)
    assert (len(found.looks), found.decoded) == (pytest.approx(looks, abs=2), pytest.approx(decoded, abs=30))


def test_a_standing_vehicle_decodes_nothing_and_an_unknown_place_is_not_chosen() -> None:
    assert driven(0.0, 1.0).looks == [0.0]
    sampling = DistanceSampling()
    assert sampling.choice([None, None], None) is None
    assert sampling.choice([None, pose(0, 0)], None) == 1
    sampling.inspected(pose(0, 0))
    assert sampling.choice([pose(0.5, 0.1), None, pose(4, 0.8)], pose(9, 1.8)) == 2
    sampling.refused(pose(4, 0.8))
    assert sampling.choice([pose(4.5, 0.9), pose(5.6, 1.1)], pose(9, 1.8)) == 1


def test_something_near_that_was_seen_once_is_seen_again_within_a_few_metres() -> None:
    assert len(driven(3.0, 1.0, closer=True).looks) == pytest.approx(60, abs=2)  # each key picture
    far = driven(4.5, 1.0, closer=True).looks
    assert max(b - a for a, b in pairwise(far)) <= CLOSER_LATEST_METRES + 0.2


def test_standing_and_the_same_stretch_again_are_not_inspected_twice_but_a_later_pass_is() -> None:
    sampling = DistanceSampling()
    way = [float(n) for n in range(60)]
    assert len(inspected(sampling, way)) > 10
    assert inspected(sampling, [57.0 + 0.5 * (-1) ** n for n in range(50)], later=10) == []
    assert len(inspected(sampling, way, later=60)) <= 2
    assert len(inspected(sampling, list(reversed(way)), later=120, heading=270.0)) > 8  # the other way round
    assert len(inspected(sampling, way, later=AGAIN_AFTER.total_seconds() + 200)) > 10


def test_something_near_that_was_seen_once_brings_the_next_look_forward() -> None:
    sampling = DistanceSampling()
    sampling.inspected(pose(0, 0))
    assert not sampling.wants(pose(2, 0.4))
    assert sampling.wants(pose(2, 0.4), closer=True)
    assert not sampling.wants(pose(1, 0.2), closer=True)


def test_what_may_be_looked_at_again_is_not_remembered() -> None:
    sampling = DistanceSampling()
    minutes = AGAIN_AFTER.total_seconds() / 60
    for minute in range(60):
        inspected(sampling, [300.0 * minute + n for n in range(60)], later=60.0 * minute)
    assert len(sampling.cells) <= (minutes + 1) * 60 / 4.5
