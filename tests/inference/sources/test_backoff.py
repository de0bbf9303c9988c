from hypothesis import given
from hypothesis import strategies as st

from inference.sources.backoff import GOOD_SECONDS, LONGEST_SECONDS, Backoff

chances = st.lists(st.floats(0, 1), min_size=1, max_size=80)


@given(chances)
def test_the_pause_grows_is_capped_and_jittered(given_chances: list[float]) -> None:
    numbers = iter(given_chances)
    backoff = Backoff(lambda: next(numbers))
    for attempt, chance in enumerate(given_chances):
        longest = min(LONGEST_SECONDS, 2.0**attempt)
        delay = backoff.delay(0.0)
        assert longest / 2 <= delay <= longest
        assert delay == longest * (0.5 + 0.5 * chance)


@given(st.integers(1, 30), st.floats(0.01, 1), st.floats(0, 1e6))
def test_only_five_good_minutes_start_it_again(failures: int, chance: float, lived: float) -> None:
    backoff = Backoff(lambda: chance)
    last = [backoff.delay(0.0) for _ in range(failures)][-1]
    after = backoff.delay(lived)
    assert (after <= 1.0) is (lived >= GOOD_SECONDS)
    assert after >= last or lived >= GOOD_SECONDS


def test_two_cameras_do_not_return_together() -> None:
    first, second = Backoff(lambda: 0.1), Backoff(lambda: 0.9)
    assert first.delay(0.0) != second.delay(0.0)
