"""How often a camera is looked at: rests only where nothing stands that a rule waits for, and never for long."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from api.work.cadence import LONGEST_REST, QUIET_AFTER, Cadence
from inference.gate import FORCED_AFTER
from inference.pipeline import Look
from inference.zones.zone import PerClass, ZoneKind
from tests.street import Street, inspector, zone

START = datetime(2026, 5, 14, 4, 0, tzinfo=UTC)


def rests(cadence: Cadence, looks: list[tuple[float, Look]]) -> list[float]:
    return [cadence.rest(look, START + timedelta(seconds=at)) for at, look in looks]


def test_an_empty_street_is_looked_at_seldom_after_a_while() -> None:
    looks = [(2.0 * n, Look(gated=n % 10 != 0)) for n in range(100)]
    given_rests = rests(Cadence([]), looks)
    first = next(n for n, rest in enumerate(given_rests) if rest)
    assert looks[first][0] == QUIET_AFTER.total_seconds()
    assert set(given_rests[first:]) == {LONGEST_REST}


@given(st.lists(st.tuples(st.floats(0, 30), st.booleans(), st.booleans()), max_size=80))
def test_where_a_rule_waits_there_is_no_rest(steps: list[tuple[float, bool, bool]]) -> None:
    cadence, at = Cadence([]), 0.0
    for pause, gated, waits in steps:
        at += pause
        due = START + timedelta(seconds=at + 60) if waits else None
        rest = cadence.rest(Look(gated=gated, due=due), START + timedelta(seconds=at))
        assert rest == 0 or (not waits and at >= QUIET_AFTER.total_seconds())
        assert rest + FORCED_AFTER.total_seconds() <= 30


def test_a_short_dwell_allows_short_rests_only() -> None:
    brief = zone(ZoneKind.NO_PARKING, dwell=PerClass(default=60, by_class={"bus": 20}))
    assert max(rests(Cadence([brief]), [(0.0, Look()), (130.0, Look(gated=True))])) == 2.0


def test_something_new_that_stands_ends_the_rests() -> None:
    street = Street().add("car", (300, 150, 420, 220), since=300)
    cadence = Cadence([])
    watcher = inspector(street)
    for frame in street.frames(until=400):
        rest = cadence.rest(watcher.look(frame), frame.captured_at)
        assert rest == 0 or frame.pts < 300
