from datetime import time

import pytest

from api.city.hours import parse_hours, parse_season
from inference.zones.hours import DayKind, HoursSpan


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Mon 08:00-09:00", {0}),
        ("Mon,Wed 08:00-09:00", {0, 2}),
        ("Mon-Wed, Sun 08:00-09:00", {0, 1, 2, 6}),
        ("Sat-Mon 08:00-09:00", {5, 6, 0}),
    ],
)
def test_weekdays(text: str, days: set[int]) -> None:
    assert parse_hours(text) == HoursSpan(start=time(8), end=time(9), weekdays=frozenset(days))


@pytest.mark.parametrize(
    ("text", "kind"),
    [("daily", DayKind.EVERY_DAY), ("workdays", DayKind.WORKDAYS), ("days off", DayKind.DAYS_OFF)],
)
def test_kinds_of_days(text: str, kind: DayKind) -> None:
    assert parse_hours(f"{text}  22:30 - 06:00") == HoursSpan(start=time(22, 30), end=time(6), days=kind)


def test_the_whole_day_and_the_end_of_a_day() -> None:
    assert parse_hours("daily 00:00-24:00") == HoursSpan(start=time(0), end=time(0))
    assert parse_hours("daily 22:00-24:00") == HoursSpan(start=time(22), end=time(0))


@pytest.mark.parametrize(
    "text",
    [
        *("", "08:00-09:00", "daily", "daily 8:00-09:00", "daily 08:00", "daily 08:00-08:00", "daily 24:00-06:00"),
        *("daily 25:00-26:00", "daily 08:60-09:00", "Mo 08:00-09:00", "Mon-Tue-Wed 08:00-09:00", "Mon, 08:00-09:00"),
        *("daily 00:00-24:01", "daily ٠٨:00-09:00", "Mon/Tue 08:00-09:00"),
    ],
)
def test_hours_that_mean_nothing_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"must|days|not a time of day"):
        parse_hours(text)


@pytest.mark.parametrize("text", ["", "7-1..10-31", "07-01-10-31", "02-30..03-01", "00-10..03-01", "07-01..13-01"])
def test_seasons_that_mean_nothing_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"must look like|not a day of the year"):
        parse_season(text)


def test_a_leap_day_is_a_day_of_the_year() -> None:
    assert parse_season("02-29..03-01").first == (2, 29)
