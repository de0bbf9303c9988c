"""The four clocks on which handling limits run: 紧急工作时, 工作时, 工作日, 自然日."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from cases.errors import DutyListError
from inference.zones.hours import Calendar


class ClockKind(StrEnum):
    """What a limit is counted in."""

    EMERGENCY_HOURS = "emergency_hours"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"


OFFICE_HOURS = ((time(8), time(12)), (time(14), time(18)))
"""Working hours where a city names none: those that most cities publish."""


HOUR = timedelta(hours=1)

NOTHING = 1e-9
"""Hours or days below what a microsecond is: what is left by rounding."""

LONGEST_STANDSTILL = 4000
"""Days. A calendar in which so many pass without one that counts is wrong, and is not searched any further."""


class _Piece(NamedTuple):
    """A stretch that counts evenly; aware UTC; `worth` in hours or days, as its clock counts."""

    begins: datetime
    ends: datetime
    worth: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCalendar:
    """When offices work.

    Attributes:
        days: holidays, made-up workdays (调休) and the city's time zone.
        hours: spans of one working day, local time, in order and apart from each other.

    Raises:
        DutyListError: there are no hours, or they overlap.
    """

    days: Calendar = field(default_factory=Calendar)
    hours: tuple[tuple[time, time], ...] = OFFICE_HOURS

    def __post_init__(self) -> None:
        instants = [instant for span in self.hours for instant in span]
        if not instants or any(one >= other for one, other in pairwise(instants)):
            raise DutyListError("working hours must be spans of one day, in order, such as 08:00-12:00 and 14:00-18:00")

    def passed(self, start: datetime, end: datetime, clock: ClockKind) -> float:
        """How much of `clock` runs between two instants, in hours or days as it counts; 0 where `end` comes first."""
        if clock is ClockKind.EMERGENCY_HOURS:
            return max((end - start) / HOUR, 0.0)
        total = 0.0
        for begins, ends, worth in self._pieces(start, clock):
            if begins >= end:
                break
            within = min(end, ends) - max(start, begins)
            total += worth * max(within / (ends - begins), 0.0)
        return total

    def after(self, start: datetime, amount: float, clock: ClockKind) -> datetime:
        """The first instant at which `amount` of `clock` has run since `start`.

        What runs from a to b and from b to c is what runs from a to c, on every clock and whatever happens to the
        clocks on the wall.

        Args:
            start: aware.
            amount: at least 0; hours or days, as the clock counts.
            clock: 紧急工作时 never stops. 自然日 counts days of the calendar, each as one, also those two a year that
                have 23 or 25 hours: from and to any other day it ends at the same time of day. 工作时 runs in working
                hours only. 工作日 counts working days, part of one by its share of the working hours.

        Returns:
            Aware UTC.

        Raises:
            DutyListError: the calendar has no days that count.
        """
        start, left = start.astimezone(UTC), amount
        if clock is ClockKind.EMERGENCY_HOURS or left <= 0:
            return start + max(left, 0.0) * HOUR
        for begins, ends, worth in self._pieces(start, clock):
            here = max(start, begins)
            rest = worth * ((ends - here) / (ends - begins))
            if rest > 0 and rest >= left - NOTHING:
                return here + (ends - here) * min(left / rest, 1.0)
            left -= max(rest, 0.0)
        raise DutyListError("the calendar has no working days for years; check its holidays")

    def _pieces(self, start: datetime, clock: ClockKind) -> Iterator[_Piece]:
        """What counts, from the day of `start` on."""
        day, idle = start.astimezone(self.days.zone).date(), 0
        while idle < LONGEST_STANDSTILL:
            found = self._pieces_of(day, clock)
            yield from found
            idle = 0 if found else idle + 1
            day += timedelta(days=1)

    def _pieces_of(self, day: date, clock: ClockKind) -> list[_Piece]:
        if clock is ClockKind.CALENDAR_DAYS:
            return [_Piece(self._utc(day, time(0)), self._utc(day + timedelta(days=1), time(0)), 1.0)]
        if not self.days.is_workday(day):
            return []
        spans = [(self._utc(day, begins), self._utc(day, ends)) for begins, ends in self.hours]
        whole = sum((ends - begins for begins, ends in spans), timedelta())
        unit = HOUR if clock is ClockKind.WORKING_HOURS else whole
        # A clock that is put forward within working hours can leave nothing of a span.
        return [_Piece(begins, ends, (ends - begins) / unit) for begins, ends in spans if ends > begins]

    def _utc(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=self.days.zone).astimezone(UTC)
