"""Handling limits, and the four clocks they run on."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.clocks import ClockKind, WorkCalendar
from cases.errors import DutyListError
from cases.limit import Limit, parse_limit
from inference.zones.hours import Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
NATIONAL_DAY = Calendar(
    zone=SHANGHAI,
    holidays=frozenset({date(2026, 10, 1), date(2026, 10, 2)}),
    workdays=frozenset({date(2026, 10, 10)}),  # a Saturday
)
CALENDAR = WorkCalendar(days=NATIONAL_DAY)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("text", "amount", "clock"),
    [
        ("2紧急工作时", 2, ClockKind.EMERGENCY_HOURS),
        ("4小时", 4, ClockKind.EMERGENCY_HOURS),
        ("5工作时", 5, ClockKind.WORKING_HOURS),
        ("1.5 工作时", 1.5, ClockKind.WORKING_HOURS),
        ("2工作日", 2, ClockKind.WORKING_DAYS),
        ("１天", 1, ClockKind.CALENDAR_DAYS),
        ("2紧急工作日", 2, ClockKind.CALENDAR_DAYS),
        ("3自然日", 3, ClockKind.CALENDAR_DAYS),
        ("2 Working Days", 2, ClockKind.WORKING_DAYS),
        ("1 hour", 1, ClockKind.EMERGENCY_HOURS),
    ],
)
def test_the_words_say_the_clock(text: str, amount: float, clock: ClockKind) -> None:
    assert parse_limit(text) == Limit(amount=amount, clock=clock)


@pytest.mark.parametrize(
    "text", ["", "2", "工作日", "2 weeks", "-1天", "两天", "2工作日内", "0天", "9000小时", "1e3天", "nan天"]
)
def test_what_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(DutyListError, match="must be"):
        parse_limit(text)


@pytest.mark.parametrize("amount", [0, -1, float("nan"), float("inf")])
def test_a_limit_is_a_time(amount: float) -> None:
    with pytest.raises(DutyListError):
        Limit(amount=amount)


@given(st.integers(1, 8784), st.sampled_from(ClockKind))
def test_what_is_written_is_read_back(amount: int, clock: ClockKind) -> None:
    limit = Limit(amount=amount, clock=clock)
    assert parse_limit(str(limit)) == limit


@pytest.mark.parametrize(
    ("start", "text", "due"),
    [
        ("2026-09-30T17:00", "2紧急工作时", "2026-09-30T19:00"),
        ("2026-09-30T17:00", "1天", "2026-10-01T17:00"),
        # 1 and 2 October are holidays, 3 and 4 a weekend: the second hour is on Monday.
        ("2026-09-30T17:00", "2工作时", "2026-10-05T09:00"),
        ("2026-09-30T17:00", "1工作日", "2026-10-05T17:00"),
        ("2026-10-09T17:00", "2工作时", "2026-10-10T09:00"),  # a worked Saturday
        ("2026-10-12T11:30", "1工作时", "2026-10-12T14:30"),  # lunch does not count
        ("2026-10-12T13:00", "1工作时", "2026-10-12T15:00"),
        ("2026-10-12T03:00", "1工作日", "2026-10-12T18:00"),
        ("2026-10-10T19:00", "4工作时", "2026-10-12T12:00"),
    ],
)
def test_when_a_limit_ends(start: str, text: str, due: str) -> None:
    assert parse_limit(text).due(local(start), CALENDAR) == local(due).astimezone(UTC)


@pytest.mark.parametrize("hours", [(), ((time(9), time(9)),), ((time(14), time(18)), (time(8), time(12)))])
def test_working_hours_are_spans_in_order(hours: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(DutyListError, match="in order"):
        WorkCalendar(hours=hours)
