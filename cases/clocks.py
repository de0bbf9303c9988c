"""The four clocks on which handling limits run: 紧急工作时, 工作时, 工作日, 自然日."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import count, pairwise

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

    @property
    def day(self) -> timedelta:
        """How long one working day is."""
        return sum((_length(span) for span in self.hours), timedelta())

    def after(self, start: datetime, amount: float, clock: ClockKind) -> datetime:
        """The instant at which `amount` of `clock` has run since `start`.

        Args:
            start: aware.
            amount: more than 0; hours or days, as the clock counts.
            clock: 紧急工作时 never stops; 自然日 ends at the same time of day; 工作时 runs in working hours only; one
                工作日 is as much working time as a working day has, so it ends at that time of the next working day.

        Returns:
            Aware UTC.
        """
        match clock:
            case ClockKind.EMERGENCY_HOURS:
                return (start + timedelta(hours=amount)).astimezone(UTC)
            case ClockKind.CALENDAR_DAYS:
                return (start.astimezone(self.days.zone) + timedelta(days=amount)).astimezone(UTC)
            case ClockKind.WORKING_HOURS:
                return self._worked(start, timedelta(hours=amount))
            case ClockKind.WORKING_DAYS:
                return self._worked(start, self.day * amount)

    def _worked(self, start: datetime, left: timedelta) -> datetime:
        for begins, ends in self._spans(start.astimezone(self.days.zone).date()):
            begins = max(begins, start)
            if ends - begins >= left:
                return (begins + left).astimezone(UTC)
            left -= max(ends - begins, timedelta())
        raise AssertionError("working days never end")

    def _spans(self, first: date) -> Iterator[tuple[datetime, datetime]]:
        """Every span of working time from `first` on, aware UTC."""
        for offset in count():
            day = first + timedelta(days=offset)
            if self.days.is_workday(day):
                for begins, ends in self.hours:
                    yield self._utc(day, begins), self._utc(day, ends)

    def _utc(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=self.days.zone).astimezone(UTC)


def _length(span: tuple[time, time]) -> timedelta:
    begins, ends = (timedelta(hours=at.hour, minutes=at.minute, seconds=at.second) for at in span)
    return ends - begins
