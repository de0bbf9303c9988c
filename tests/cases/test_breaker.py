"""When a department is left in peace, and how it comes back."""

from datetime import timedelta

from cases.breaker import OPENS_AFTER, Breaker, BreakerState
from tests.case_builders import NOON

FRESH = Breaker(department="police")
SECOND = timedelta(seconds=1)
WAIT = timedelta(minutes=1)


def failing(*filings: str) -> Breaker:
    breaker = FRESH
    for filing in filings:
        breaker = breaker.missed(filing, "answered 500", now=NOON, wait=WAIT)
    return breaker


def test_one_filing_alone_never_opens_it() -> None:
    breaker = failing(*["a"] * 50)
    assert breaker.state(NOON) is BreakerState.CLOSED
    assert breaker.failed == ("a",)


def test_different_filings_in_a_row_open_it() -> None:
    assert failing("a", "b").state(NOON) is BreakerState.CLOSED
    opened = failing("a", "b", "c")
    assert opened.state(NOON) is BreakerState.OPEN
    assert opened.open_until == NOON + WAIT
    assert (opened.since, opened.error, len(opened.failed)) == (NOON, "answered 500", OPENS_AFTER)


def test_a_success_forgets_the_failures_before() -> None:
    breaker = failing("a", "b").succeeded().missed("c", "no", now=NOON, wait=WAIT)
    assert breaker.failed == ("c",)
    assert breaker.state(NOON) is BreakerState.CLOSED


def test_a_probe_closes_it_or_opens_it_again() -> None:
    breaker, now = failing("a", "b", "c"), NOON
    for opened in range(1, 9):
        assert (breaker.opened, breaker.open_until) == (opened, now + opened * WAIT)
        assert breaker.state(now + opened * WAIT - SECOND) is BreakerState.OPEN
        now += opened * WAIT
        assert breaker.state(now) is BreakerState.HALF_OPEN
        breaker = breaker.missed("a", "no", now=now, wait=(opened + 1) * WAIT)
    assert breaker.silent_for(now) == now - NOON
    assert breaker.succeeded().state(now) is BreakerState.CLOSED
    assert breaker.succeeded().silent_for(now) == timedelta(0)


def test_one_probe_two_filings_or_none_are_let_through() -> None:
    opened = failing("a", "b", "c")
    assert FRESH.most_at_once(NOON) == 2
    assert opened.most_at_once(NOON) == 0
    assert opened.most_at_once(NOON + WAIT) == 1


def test_the_pace_holds_after_a_success_too() -> None:
    took = FRESH.took(NOON, SECOND).succeeded()
    assert took.most_at_once(NOON) == 0
    assert took.most_at_once(NOON + SECOND) == 2


def test_a_department_may_say_itself_how_long_it_wants_peace() -> None:
    waiting = FRESH.asked_to_wait(NOON + timedelta(hours=1), "busy", now=NOON)
    assert waiting.state(NOON + timedelta(minutes=59)) is BreakerState.OPEN
    sooner = waiting.asked_to_wait(NOON + timedelta(minutes=1), "busy", now=NOON)
    assert sooner.open_until == waiting.open_until
