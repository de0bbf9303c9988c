"""When a zone's rule is in force: weekly hours, season and holidays, in the city's own time zone."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

LOOK_BACK_DAYS = 8
"""A stretch that began earlier than this is reported as that old: a week plus one day covers every weekly pattern."""


class DayKind(StrEnum):
    """Which days a span of hours is for, once the calendar has spoken."""

    EVERY_DAY = "every_day"
    WORKDAYS = "workdays"
    DAYS_OFF = "days_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Public holidays and the weekend days that are worked instead (调休).

    Attributes:
        zone: the city's time zone; all hours are local to it.
        holidays: dates off although they may be weekdays.
        workdays: dates worked although they are a Saturday or Sunday.
    """

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()

    def is_workday(self, day: date) -> bool:
        """Whether offices work on `day`.

        >>> Calendar(workdays=frozenset({date(2026, 10, 10)})).is_workday(date(2026, 10, 10))  # a Saturday, made up for
        True
        """
        if day in self.holidays:
            return False
        return day in self.workdays or day.weekday() < 5


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursSpan:
    """One line of a timetable. An end at or before the start lies on the next day; 00:00-00:00 is the whole day."""

    start: time
    end: time
    weekdays: frozenset[int] = frozenset(range(7))  # 0 = Monday
    days: DayKind = DayKind.EVERY_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """From one day of the year to another, both included; may run over New Year. Pairs are (month, day)."""

    first: tuple[int, int]
    last: tuple[int, int]

    def covers(self, day: date) -> bool:
        """Whether `day` lies in the season.

        >>> Season(first=(11, 1), last=(2, 28)).covers(date(2026, 1, 15))
        True
        """
        here = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A state that holds without a break: in force or not, since when (aware UTC)."""

    in_force: bool
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When something is in force. Without spans and season: always."""

    calendar: Calendar = field(default_factory=Calendar)
    spans: tuple[HoursSpan, ...] = ()
    season: Season | None = None

    def stretch(self, at: datetime) -> Stretch:
        """Whether it is in force at `at` (aware UTC), and since when without a break (at most eight days back)."""
        oldest = at - timedelta(days=LOOK_BACK_DAYS)
        if not self.spans and self.season is None:
            return Stretch(in_force=True, since=oldest)
        ended = oldest
        for start, end in self._merged(at.astimezone(self.calendar.zone).date()):
            if start <= at < end:
                return Stretch(in_force=True, since=max(start, oldest))
            if end <= at:
                ended = max(ended, end)
        return Stretch(in_force=False, since=ended)

    def _merged(self, today: date) -> list[tuple[datetime, datetime]]:
        merged: list[tuple[datetime, datetime]] = []
        for start, end in sorted(self._intervals(today)):
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return merged

    def _intervals(self, today: date) -> Iterator[tuple[datetime, datetime]]:
        whole_day = (HoursSpan(start=time(0), end=time(0)),)
        for offset in range(-LOOK_BACK_DAYS - 1, 2):
            day = today + timedelta(days=offset)
            if self.season is not None and not self.season.covers(day):
                continue
            for span in self.spans or whole_day:
                if self._applies(span, day):
                    last_day = day if span.end > span.start else day + timedelta(days=1)
                    yield self._utc(day, span.start), self._utc(last_day, span.end)

    def _applies(self, span: HoursSpan, day: date) -> bool:
        if span.days is DayKind.WORKDAYS:
            return self.calendar.is_workday(day)
        if span.days is DayKind.DAYS_OFF:
            return not self.calendar.is_workday(day)
        return day.weekday() in span.weekdays

    def _utc(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=self.calendar.zone).astimezone(UTC)
