"""Laws of counting time, in eight time zones across both changes of their clocks."""

import os
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.clocks import ClockKind, WorkCalendar
from cases.errors import DutyListError
from inference.zones.hours import Calendar

CHANGES = {
    "Europe/Berlin": (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)),
    "America/New_York": (datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC)),
    "America/Santiago": (datetime(2026, 4, 5, 3, tzinfo=UTC), datetime(2026, 9, 6, 4, tzinfo=UTC)),  # at midnight
    "Australia/Lord_Howe": (datetime(2026, 4, 4, 15, tzinfo=UTC), datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),  # 30 min
    "Africa/Cairo": (datetime(2026, 4, 23, 22, tzinfo=UTC), datetime(2026, 10, 29, 21, tzinfo=UTC)),  # at midnight
    "Asia/Beirut": (datetime(2026, 3, 28, 22, tzinfo=UTC), datetime(2026, 10, 24, 21, tzinfo=UTC)),
    "Pacific/Auckland": (datetime(2026, 4, 4, 14, tzinfo=UTC), datetime(2026, 9, 26, 14, tzinfo=UTC)),
    "Asia/Shanghai": (datetime(2026, 4, 5, tzinfo=UTC), datetime(2026, 10, 4, tzinfo=UTC)),  # never changes
}
CLOSE = timedelta(microseconds=20)


def working(zone: str, off: list[date]) -> WorkCalendar:
    return WorkCalendar(
        days=Calendar(zone=ZoneInfo(zone), holidays=frozenset(off), workdays=frozenset({date(2026, 3, 28)}))
    )


calendars = st.builds(
    working,
    st.sampled_from(sorted(CHANGES)),
    st.lists(st.dates(date(2026, 3, 1), date(2026, 11, 30)), max_size=6),
)


@st.composite
def moments(draw: st.DrawFn) -> datetime:
    """Instants around a change of some zone's clocks."""
    change = draw(st.sampled_from([change for both in CHANGES.values() for change in both]))
    return change + draw(st.timedeltas(timedelta(days=-4), timedelta(days=4)))


LAWS = settings(max_examples=int(os.environ.get("JIEXUN_TEST_TIME_LAWS", "100")))
"""Examples of each law."""
clocks = st.sampled_from(ClockKind)
amounts = st.floats(0.001, 40)


@LAWS
@given(calendars, moments(), amounts, amounts, clocks)
def test_two_limits_one_after_the_other_are_one_limit(
    calendar: WorkCalendar, start: datetime, one: float, other: float, clock: ClockKind
) -> None:
    at_once = calendar.after(start, one + other, clock)
    in_turn = calendar.after(calendar.after(start, one, clock), other, clock)
    assert abs(calendar.passed(min(at_once, in_turn), max(at_once, in_turn), clock)) < 1e-7


@LAWS
@given(calendars, moments(), moments(), amounts, clocks)
def test_who_starts_later_is_due_no_earlier(
    calendar: WorkCalendar, one: datetime, other: datetime, amount: float, clock: ClockKind
) -> None:
    first, second = sorted((one, other))
    assert calendar.after(first, amount, clock) <= calendar.after(second, amount, clock) + CLOSE


@LAWS
@given(calendars, moments(), amounts, clocks)
def test_a_limit_ends_after_it_starts_and_is_what_has_passed(
    calendar: WorkCalendar, start: datetime, amount: float, clock: ClockKind
) -> None:
    due = calendar.after(start, amount, clock)
    assert due > start
    assert due.utcoffset() == timedelta(0)
    assert calendar.passed(start, due, clock) == pytest.approx(amount, abs=1e-7)


@LAWS
@given(calendars, moments(), st.lists(st.timedeltas(timedelta(0), timedelta(days=3)), min_size=1, max_size=5), clocks)
def test_the_sum_of_the_parts_is_the_whole(
    calendar: WorkCalendar, start: datetime, steps: list[timedelta], clock: ClockKind
) -> None:
    at, total = start, 0.0
    for step in steps:
        total += calendar.passed(at, at + step, clock)
        at += step
    assert calendar.passed(start, at, clock) == pytest.approx(total, abs=1e-7)
    assert calendar.passed(at, start, clock) == 0 or at == start


@pytest.mark.parametrize("zone", sorted(CHANGES))
@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("clock", [ClockKind.CALENDAR_DAYS, ClockKind.WORKING_DAYS])
def test_days_over_a_change_end_at_the_same_time_of_day(zone: str, which: int, clock: ClockKind) -> None:
    calendar = WorkCalendar(days=Calendar(zone=ZoneInfo(zone)))
    change = CHANGES[zone][which].astimezone(ZoneInfo(zone))
    monday_before = (change - timedelta(days=change.weekday() or 7)).replace(hour=10, minute=0, second=0, microsecond=0)
    start = monday_before + timedelta(days=2)
    assert start < change
    due = calendar.after(start, 5, clock).astimezone(ZoneInfo(zone))
    days = 5 if clock is ClockKind.CALENDAR_DAYS else 7  # a weekend lies between
    assert due.replace(tzinfo=None) == start.replace(tzinfo=None) + timedelta(days=days)


def test_a_calendar_without_working_days_is_said_to_be_wrong() -> None:
    class NeverWorks(Calendar):
        def is_workday(self, day: date) -> bool:
            return False

    with pytest.raises(DutyListError, match="check its holidays"):
        WorkCalendar(days=NeverWorks()).after(datetime(2026, 1, 1, tzinfo=UTC), 1, ClockKind.WORKING_DAYS)
