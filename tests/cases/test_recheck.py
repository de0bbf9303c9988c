"""When a place is looked at again, and how many looks it takes to say something."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cases.recheck import Hindrance, Recheck, RecheckResult, RecheckRule
from inference.sight import Sight
from tests.case_builders import NOON

ZONE = ZoneInfo("Asia/Shanghai")
S = timedelta(seconds=1)


def a_recheck() -> Recheck:
    return Recheck(
        id="r",
        case_id="c",
        handled_at=NOON,
        finding="f",
        camera="cam",
        asked_at=NOON,
        look_from=NOON + 60 * S,
        give_up_at=NOON + 3600 * S,
    )


def after(*sights: tuple[Sight, int]) -> Recheck:
    recheck = a_recheck()
    for sight, seconds in sights:
        recheck = recheck.seen(sight, NOON + seconds * S)
    return recheck


THERE, EMPTY, HIDDEN, DARK = Sight.THERE, Sight.EMPTY, Sight.HIDDEN, Sight.DARK


@pytest.mark.parametrize(
    ("sights", "verdict"),
    [
        ([], None),
        ([(EMPTY, 60)], None),
        ([(EMPTY, 60), (EMPTY, 69)], None),
        ([(EMPTY, 60), (EMPTY, 70)], RecheckResult.GONE),
        ([(THERE, 60), (THERE, 70)], RecheckResult.STILL_THERE),
        ([(EMPTY, 60), (THERE, 65), (EMPTY, 70)], None),
        ([(EMPTY, 60), (HIDDEN, 65), (EMPTY, 70)], RecheckResult.GONE),
        ([(THERE, 60), (EMPTY, 70), (EMPTY, 80)], RecheckResult.GONE),
        ([(HIDDEN, 60), (HIDDEN, 90)], None),
        ([(EMPTY, 90), (EMPTY, 60)], None),
    ],
    ids=str,
)
def test_looks_decide_only_where_they_agree(sights: list[tuple[Sight, int]], verdict: RecheckResult | None) -> None:
    assert after(*sights).verdict is verdict


@pytest.mark.parametrize(
    ("sights", "why"),
    [
        ([], Hindrance.NO_PICTURE),
        ([(HIDDEN, 60), (HIDDEN, 70), (DARK, 80)], Hindrance.HIDDEN),
        ([(EMPTY, 60), (THERE, 70)], Hindrance.UNSURE),
        ([(DARK, 60), (EMPTY, 70)], Hindrance.DARK),
    ],
    ids=str,
)
def test_what_stood_in_the_way_most_is_named(sights: list[tuple[Sight, int]], why: Hindrance) -> None:
    assert after(*sights).obstacle is why


def test_looks_count_only_within_the_window() -> None:
    recheck = a_recheck()
    assert [recheck.counts(NOON + s * S) for s in (59, 60, 3599, 3600)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("handled", "seen", "begins"),
    [
        ("2026-03-02T10:00", "2026-03-01T18:20", "2026-03-02T18:20"),
        ("2026-03-02T18:19", "2026-03-02T18:20", "2026-03-03T18:20"),
        ("2026-03-02T23:59", "2026-03-01T00:01", "2026-03-04T00:01"),
    ],
)
def test_what_comes_back_every_evening_is_looked_at_in_the_evening(handled: str, seen: str, begins: str) -> None:
    rule = RecheckRule(same_time_of_day=True)
    handled_at, seen_at, expected = (
        datetime.fromisoformat(at).replace(tzinfo=ZONE).astimezone(UTC) for at in (handled, seen, begins)
    )
    assert rule.look_from(handled_at, seen_at, ZONE) == expected


def test_other_kinds_are_looked_at_after_a_delay() -> None:
    assert RecheckRule(after=timedelta(minutes=7)).look_from(NOON, NOON, ZONE) == NOON + timedelta(minutes=7)
