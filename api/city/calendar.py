"""Public holidays and made-up workdays (调休)."""

from zoneinfo import ZoneInfo

from pydantic import Field

from api.city.part import Day, Part
from inference.zones.hours import Calendar


class CalendarPart(Part):
    """Dates that differ from the plain week, as the State Council publishes them each year."""

    holidays: tuple[Day, ...] = Field(default=(), max_length=2000)
    workdays: tuple[Day, ...] = Field(default=(), max_length=2000)

    def in_zone(self, zone: ZoneInfo) -> Calendar:
        """The calendar that schedules ask, in the city's time zone."""
        return Calendar(zone=zone, holidays=frozenset(self.holidays), workdays=frozenset(self.workdays))
