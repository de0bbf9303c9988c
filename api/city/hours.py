"""Hours and seasons as a person writes them: `Mon-Fri 07:00-09:30`, `days off 09:00-21:00`, `07-01..10-31`."""

import re
from datetime import date, time
from typing import Annotated, Any

from pydantic import BeforeValidator

from inference.zones.hours import DayKind, HoursSpan, Season

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY_KINDS = {"daily": DayKind.EVERY_DAY, "workdays": DayKind.WORKDAYS, "days off": DayKind.DAYS_OFF}
SPAN = re.compile(r"(?P<days>\S.*?)\s+(?P<start>[0-9]{2}:[0-9]{2})\s*-\s*(?P<end>[0-9]{2}:[0-9]{2})")
SEASON = re.compile(r"([0-9]{2})-([0-9]{2})\.\.([0-9]{2})-([0-9]{2})")
LEAP_YEAR = 2024


def parse_hours(text: str) -> HoursSpan:
    """Read one line of a timetable.

    Raises:
        ValueError: it is not of the form `DAYS HH:MM-HH:MM`.

    >>> sorted(parse_hours("Mon-Fri 07:00-09:30").weekdays)
    [0, 1, 2, 3, 4]
    >>> parse_hours("days off 22:00-06:00").days
    <DayKind.DAYS_OFF: 'days_off'>
    """
    found = SPAN.fullmatch(text.strip())
    if found is None:
        raise ValueError('must look like "Mon-Fri 07:00-09:30", "daily 22:00-06:00", "workdays …" or "days off …"')
    start, end = _clock(found["start"]), _clock(found["end"])
    if found["start"] == found["end"] or found["start"] == "24:00":
        raise ValueError('must begin before 24:00 and end at another time; the whole day is "daily 00:00-24:00"')
    if found["days"] in DAY_KINDS:
        return HoursSpan(start=start, end=end, days=DAY_KINDS[found["days"]])
    return HoursSpan(start=start, end=end, weekdays=_weekdays(found["days"]))


def parse_season(text: str) -> Season:
    """Read a season, both days included.

    Raises:
        ValueError: it is not of the form `MM-DD..MM-DD`.

    >>> parse_season("07-01..10-31")
    Season(first=(7, 1), last=(10, 31))
    """
    found = SEASON.fullmatch(text)
    if found is None:
        raise ValueError('must look like "07-01..10-31" (month-day..month-day)')
    month, day, last_month, last_day = (int(number) for number in found.groups())
    for m, d in ((month, day), (last_month, last_day)):
        try:
            date(LEAP_YEAR, m, d)
        except ValueError:
            raise ValueError(f"{m:02d}-{d:02d} is not a day of the year") from None
    return Season(first=(month, day), last=(last_month, last_day))


def written_hours(span: HoursSpan) -> str:
    """One line of a timetable as `parse_hours` reads it.

    >>> written_hours(parse_hours("Mon-Fri 07:00-24:00"))
    'Mon,Tue,Wed,Thu,Fri 07:00-24:00'
    """
    kinds = {kind: name for name, kind in DAY_KINDS.items()}
    every_day = span.days is DayKind.EVERY_DAY and len(span.weekdays) < len(WEEKDAYS)
    days = ",".join(WEEKDAYS[day] for day in sorted(span.weekdays)) if every_day else kinds[span.days]
    return f"{days} {span.start:%H:%M}-{'24:00' if span.end == time(0) else f'{span.end:%H:%M}'}"


def written_season(season: Season) -> str:
    """A season as `parse_season` reads it.

    >>> written_season(Season(first=(7, 1), last=(10, 31)))
    '07-01..10-31'
    """
    return "{:02d}-{:02d}..{:02d}-{:02d}".format(*season.first, *season.last)


def _clock(text: str) -> time:
    if text == "24:00":
        return time(0)
    hour, minute = (int(number) for number in text.split(":"))
    if hour > 23 or minute > 59:
        raise ValueError(f"{text} is not a time of day; use 00:00 to 24:00")
    return time(hour, minute)


def _weekdays(text: str) -> frozenset[int]:
    days: set[int] = set()
    for stretch in text.split(","):
        ends = [end.strip() for end in stretch.split("-")]
        if len(ends) > 2 or any(end not in WEEKDAYS for end in ends):
            raise ValueError(
                f"days must be {', '.join(WEEKDAYS)}, a stretch such as Mon-Fri, daily, workdays or days off"
            )
        first, last = WEEKDAYS.index(ends[0]), WEEKDAYS.index(ends[-1])
        days.update((first + i) % 7 for i in range((last - first) % 7 + 1))
    return frozenset(days)


def _hours(value: Any) -> HoursSpan:
    if isinstance(value, HoursSpan):
        return value
    if not isinstance(value, str):
        raise ValueError("must be text; put it in quotes")
    return parse_hours(value)


def _season(value: Any) -> Season:
    if isinstance(value, Season):
        return value
    if not isinstance(value, str):
        raise ValueError("must be text; put it in quotes")
    return parse_season(value)


Hours = Annotated[HoursSpan, BeforeValidator(_hours)]
SeasonText = Annotated[Season, BeforeValidator(_season)]
