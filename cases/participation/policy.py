"""What a city shows to everybody and asks of its residents. Data of the city file; without it nothing is public."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from math import cos, radians

from cases.participation.menu import Service
from cases.reach import Reach
from inference.geo import LatLon

METRES_PER_DEGREE = 111_195.0
"""Of latitude, on the sphere that `LatLon.metres_to` measures on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentPolicy:
    """What residents may do and see.

    Attributes:
        open: whether there are doors for residents at all.
        codes: event codes that they may report and that everybody sees; None for all of the duty list.
        private_codes: event codes that may be reported, and are shown to nobody outside.
        rounded_metres: places are shown to everybody on a grid of so many metres; 0 shows them as they are.
        nearby_metres: within how many metres a reporter is asked whether a matter is the same.
        answer_within: how long after handling, or after closing, whoever reported may say whether it is done.
        reports_per_hour: how many reports one network address may send in an hour.
        services: the menu of services that can be ordered, by name.
    """

    open: bool = False
    codes: frozenset[str] | None = None
    private_codes: frozenset[str] = frozenset()
    rounded_metres: float = 0.0
    nearby_metres: float = 100.0
    answer_within: timedelta = timedelta(days=7)
    reports_per_hour: int = 10
    services: Mapping[str, Service] = field(default_factory=dict[str, Service])

    def may_be_reported(self, code: str) -> bool:
        """Whether residents may choose this event code."""
        return self.codes is None or code in self.codes or code in self.private_codes

    def seen_from_outside(self, reach: Reach) -> Reach:
        """What is left of a reach where only what is public may be seen."""
        return Reach(
            areas=reach.areas,
            filed_only=True,
            personal=False,
            codes=self.codes,
            hidden_codes=self.private_codes,
        )

    @property
    def public(self) -> Reach:
        """What everybody sees: cases of public kinds that were filed, in the whole city; nothing of a closed city."""
        return self.seen_from_outside(Reach(areas=None if self.open else frozenset()))

    def shown(self, place: LatLon | None) -> LatLon | None:
        """A place as everybody sees it.

        >>> ResidentPolicy(rounded_metres=1000).shown(LatLon(lat=31.2304, lon=121.4737))
        LatLon(lat=31.233419, lon=121.47842)
        """
        if place is None or not self.rounded_metres:
            return place
        high = self.rounded_metres / METRES_PER_DEGREE
        lat = min(90.0, max(-90.0, round(place.lat / high) * high))
        wide = high / max(cos(radians(lat)), 0.01)
        lon = min(180.0, max(-180.0, round(place.lon / wide) * wide))
        return LatLon(lat=round(lat, 6), lon=round(lon, 6))
