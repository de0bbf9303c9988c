from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.sources.capture_time import SteadyClock, Timeline
from inference.sources.stream_clock import StreamClock
from tests.rigs.manual_clock import ManualClock


def test_the_distance_between_pictures_is_that_of_their_timestamps() -> None:
    clock = StreamClock()
    assert clock.captured(50.0, arrival=1000.0) == 1000.0
    jittered = clock.captured(52.0, arrival=1002.4)
    assert jittered == pytest.approx(1002.0, abs=0.15)


def test_a_burst_after_a_stall_keeps_its_true_times_and_its_old_part_is_left_out() -> None:
    clock = StreamClock()
    for n in range(10):
        clock.captured(n * 1.0, arrival=1000.0 + n)
    burst = [clock.captured(10.0 + n, arrival=1070.0 + n / 100) for n in range(60)]
    assert burst[:50] == [None] * 50
    assert burst[59] == pytest.approx(1069.0, abs=2.0)
    assert clock.captured(70.0, arrival=1071.0) == pytest.approx(1070.5, abs=1.0)


@pytest.mark.parametrize("rate", [0.96, 0.99, 1.0, 1.01, 1.5])
def test_a_clock_that_drifts_is_followed(rate: float) -> None:
    clock = StreamClock()
    for n in range(3600):
        captured = clock.captured(n * rate, arrival=1000.0 + n)
        assert captured is not None
        assert 0 <= 1000.0 + n - captured < 1.0


@pytest.mark.parametrize("jump", [-86400.0, -60.0, 86400.0, -(2**32) / 90_000])
def test_a_clock_that_jumps_changes_nothing(jump: float) -> None:
    clock = StreamClock()
    clock.captured(100_000.0, arrival=1000.0)
    assert clock.captured(100_002.0 + jump, arrival=1002.0) == pytest.approx(1002.0, abs=0.15)


def test_a_lasting_delay_becomes_the_new_normal_after_a_minute() -> None:
    clock = StreamClock()
    clock.captured(0.0, arrival=1000.0)
    times = [clock.captured(n * 2.0, arrival=1040.0 + n * 2.0) for n in range(1, 60)]
    assert times[0] is None
    assert times[-1] == pytest.approx(1040.0 + 59 * 2.0, abs=5.0)


@given(st.lists(st.tuples(st.floats(-1e5, 1e5), st.floats(0.001, 30.0)), max_size=60))
def test_time_never_goes_back_and_never_lies_ahead(steps: list[tuple[float, float]]) -> None:
    clock, arrival, last = StreamClock(), 1000.0, 0.0
    for pts, wait in steps:
        arrival += wait
        captured = clock.captured(pts, arrival)
        if captured is not None:
            assert last - 1e-6 <= captured <= arrival + 1e-6
            last = captured


def test_a_steady_clock_reads_the_wall_once(noon: datetime) -> None:
    monotonic = ManualClock(5.0)
    clock = SteadyClock(noon, monotonic)
    monotonic.seconds += 3600
    assert clock.now() == noon + timedelta(hours=1)
    assert clock.at(5.5) == noon + timedelta(seconds=0.5)


milliseconds = st.integers(-(10**9), 10**9).map(lambda count: count / 1000)


@given(milliseconds, st.lists(milliseconds, min_size=1))
def test_a_timeline_only_goes_forward(origin: float, stamps: list[float]) -> None:
    timeline = Timeline(origin)
    seconds = [timeline.seconds(pts) for pts in stamps]
    assert all(later >= earlier for earlier, later in pairwise(seconds))
