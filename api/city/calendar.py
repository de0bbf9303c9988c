"""Public holidays, made-up workdays (调休) and the hours in which offices work."""

import re
from datetime import time
from itertools import pairwise
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field

from api.city.part import Day, Part
from cases.clocks import OFFICE_HOURS
from inference.zones.hours import Calendar

Span = tuple[time, time]
SPAN = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9]) ?- ?([01][0-9]|2[0-3]):([0-5][0-9])")


def _span(value: Any) -> Span:
    if isinstance(value, tuple):
        return value
    found = SPAN.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError('must be hours of one day such as "08:00-12:00"')
    hour, minute, last_hour, last_minute = (int(number) for number in found.groups())
    return time(hour, minute), time(last_hour, last_minute)


def _in_order(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    if not spans or any(one >= other for one, other in pairwise(instant for span in spans for instant in span)):
        raise ValueError('must be in order and must not touch, such as ["08:00-12:00", "14:00-18:00"]')
    return spans


WorkingHours = Annotated[
    tuple[Annotated[Span, BeforeValidator(_span)], ...],
    Field(max_length=10),
    AfterValidator(_in_order),
]


class CalendarPart(Part):
    """Dates that differ from the plain week, as the State Council publishes them each year, and working hours."""

    holidays: tuple[Day, ...] = Field(default=(), max_length=2000)
    workdays: tuple[Day, ...] = Field(default=(), max_length=2000)
    working_hours: WorkingHours = OFFICE_HOURS

    def in_zone(self, zone: ZoneInfo) -> Calendar:
        """The calendar that schedules ask, in the city's time zone."""
        return Calendar(zone=zone, holidays=frozenset(self.holidays), workdays=frozenset(self.workdays))
