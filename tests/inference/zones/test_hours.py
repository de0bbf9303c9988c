"""Hours: any week, any season, both sides of midnight, both changes of the clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from inference.zones.hours import Calendar, DayKind, HoursSpan, Schedule, Season

SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = [
    ZoneInfo(name)
    for name in (
        "Asia/Shanghai",
        "Europe/Berlin",
        "Europe/Dublin",
        "America/New_York",
        "America/St_Johns",
        "America/Santiago",
        "Africa/Cairo",
        "Australia/Lord_Howe",
    )
]
ANY_TIME = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
SPANS = st.builds(
    HoursSpan,
    start=st.times(),
    end=st.times(),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    days=st.sampled_from(DayKind),
)


def local(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}:00").replace(tzinfo=SHANGHAI).astimezone(UTC)


def test_without_hours_it_is_always_in_force() -> None:
    stretch = Schedule().stretch(local("2026-05-14", "12:00"))
    assert stretch.in_force
    assert stretch.since <= local("2026-05-07", "12:00")


def test_inside_and_outside_the_hours() -> None:
    schedule = Schedule(spans=(HoursSpan(start=time(7), end=time(9, 30)),))
    inside = schedule.stretch(local("2026-05-14", "08:00"))
    assert (inside.in_force, inside.since) == (True, local("2026-05-14", "07:00"))
    outside = schedule.stretch(local("2026-05-14", "09:30"))
    assert (outside.in_force, outside.since) == (False, local("2026-05-14", "09:30"))


def test_a_night_span_runs_over_midnight() -> None:
    schedule = Schedule(spans=(HoursSpan(start=time(22), end=time(6)),))
    assert schedule.stretch(local("2026-05-14", "03:00")).since == local("2026-05-13", "22:00")


def test_days_that_touch_are_one_stretch() -> None:
    schedule = Schedule(spans=(HoursSpan(start=time(0), end=time(0), weekdays=frozenset({0, 1, 2})),))
    assert schedule.stretch(local("2026-05-13", "12:00")).since == local("2026-05-11", "00:00")  # Wednesday, Monday


def test_a_saturday_that_is_worked_counts_as_workday_and_a_holiday_does_not() -> None:
    calendar = Calendar(holidays=frozenset({date(2026, 10, 1)}), workdays=frozenset({date(2026, 10, 10)}))
    schedule = Schedule(calendar=calendar, spans=(HoursSpan(start=time(8), end=time(18), days=DayKind.WORKDAYS),))
    assert schedule.stretch(local("2026-10-10", "12:00")).in_force
    assert not schedule.stretch(local("2026-10-01", "12:00")).in_force


def test_a_season_may_run_over_new_year() -> None:
    schedule = Schedule(season=Season(first=(11, 1), last=(2, 28)))
    assert schedule.stretch(local("2026-12-31", "12:00")).in_force
    assert not schedule.stretch(local("2026-05-14", "12:00")).in_force


@given(at=ANY_TIME, spans=st.lists(SPANS, max_size=3), zone=st.sampled_from(ZONES))
def test_what_holds_has_held_since_then(at: datetime, spans: list[HoursSpan], zone: ZoneInfo) -> None:
    schedule = Schedule(calendar=Calendar(zone=zone), spans=tuple(spans))
    now = schedule.stretch(at)
    assert now.since <= at
    assert schedule.stretch(now.since).in_force is now.in_force
    between = now.since + (at - now.since) / 2
    assert schedule.stretch(between).in_force is now.in_force
    if now.since > at - timedelta(days=7):
        assert schedule.stretch(now.since - timedelta(microseconds=1)).in_force is not now.in_force
