"""By when a department has to have handled a case."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite

from cases.errors import DutyListError


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A handling limit (处置时限) on the clock that never stops: nights and holidays count.

    Attributes:
        hours: more than 0.
    """

    hours: float

    def __post_init__(self) -> None:
        if not (isfinite(self.hours) and self.hours > 0):
            raise DutyListError(f"a handling limit must be more than 0 hours, not {self.hours}")

    def due(self, start: datetime) -> datetime:
        """The instant at which a case that starts at `start` is due.

        >>> from datetime import UTC
        >>> Limit(hours=4).due(datetime(2026, 3, 1, 22, tzinfo=UTC)).isoformat()
        '2026-03-02T02:00:00+00:00'
        """
        return start + timedelta(hours=self.hours)
