"""The gate lets change through, and time; it never silences what stands."""

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from inference.frame import ImageLuma
from inference.gate import FORCED_AFTER, GATE_WH, Gate

START = datetime(2026, 5, 14, 4, 0, tzinfo=UTC)


def road(level: int = 100) -> ImageLuma:
    return np.full((GATE_WH[1], GATE_WH[0]), level, np.uint8)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def opened() -> Gate:
    gate = Gate()
    assert gate.wants(road(), START)
    return gate


def test_the_same_picture_is_not_wanted_twice() -> None:
    assert not opened().wants(road(), at(2))


def test_after_a_while_every_picture_is_wanted() -> None:
    assert opened().wants(road(), START + FORCED_AFTER)


def test_a_car_that_appears_is_wanted() -> None:
    picture = road()
    picture[40:52, 60:80] = 180
    assert opened().wants(picture, at(2))


def test_a_cloud_over_the_whole_street_is_not() -> None:
    assert not opened().wants(road(70), at(2))


def test_noise_is_not() -> None:
    noisy = (road() + np.random.default_rng(1).normal(0, 4, road().shape)).clip(0, 255).astype(np.uint8)
    assert not opened().wants(noisy, at(2))


def test_slow_changes_add_up_until_they_are_seen() -> None:
    gate, wanted = opened(), []
    for step in range(1, 9):
        picture = road()
        picture[40:56, 60:84] = 100 + 2 * step
        wanted.append(gate.wants(picture, at(step)))
    assert any(wanted)
    assert not wanted[0]


def test_a_rule_that_is_due_gets_its_look() -> None:
    gate = opened()
    assert not gate.wants(road(), at(2), due=at(3))
    assert gate.wants(road(), at(4), due=at(3))


def test_a_clock_that_jumps_back_does_not_silence_a_camera() -> None:
    assert opened().wants(road(), at(-3600))


@given(step=st.floats(0.04, 60))
def test_no_camera_is_silent_for_longer_than_the_forced_interval_and_one_step(step: float) -> None:
    gate, last = opened(), 0.0
    for i in range(1, 40):
        if gate.wants(road(), at(i * step)):
            assert i * step - last < FORCED_AFTER.total_seconds() + step + 1e-3
            last = i * step
