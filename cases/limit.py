"""A handling limit (处置时限): so much of one clock, written as duty lists write it."""

import re
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from unicodedata import normalize

from cases.clocks import ClockKind, WorkCalendar
from cases.errors import DutyListError

LARGEST = 8784
"""Hours of a leap year: nobody's duty takes longer, but a slip of the keyboard may."""

UNITS = {
    "紧急工作时": ClockKind.EMERGENCY_HOURS,
    "小时": ClockKind.EMERGENCY_HOURS,
    "hour": ClockKind.EMERGENCY_HOURS,
    "hours": ClockKind.EMERGENCY_HOURS,
    "工作时": ClockKind.WORKING_HOURS,
    "工作小时": ClockKind.WORKING_HOURS,
    "working hour": ClockKind.WORKING_HOURS,
    "working hours": ClockKind.WORKING_HOURS,
    "工作日": ClockKind.WORKING_DAYS,
    "working day": ClockKind.WORKING_DAYS,
    "working days": ClockKind.WORKING_DAYS,
    "自然日": ClockKind.CALENDAR_DAYS,
    # On the clock that never stops a day is a calendar day.
    "紧急工作日": ClockKind.CALENDAR_DAYS,
    "天": ClockKind.CALENDAR_DAYS,
    "日": ClockKind.CALENDAR_DAYS,
    "day": ClockKind.CALENDAR_DAYS,
    "days": ClockKind.CALENDAR_DAYS,
}
"""What stands behind the number, and which clock it means. The words decide, whatever else a table says."""

EXAMPLES = "2紧急工作时, 4小时, 4工作时, 2工作日 or 1天 (or 4 hours, 2 working days)"

WRITTEN = {
    ClockKind.EMERGENCY_HOURS: "紧急工作时",
    ClockKind.WORKING_HOURS: "工作时",
    ClockKind.WORKING_DAYS: "工作日",
    ClockKind.CALENDAR_DAYS: "自然日",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How long handling may take.

    Attributes:
        amount: more than 0, at most `LARGEST`; hours or days, as the clock counts.
        clock: what it is counted in.

    Raises:
        DutyListError: the amount is no length of time.
    """

    amount: float
    clock: ClockKind = ClockKind.EMERGENCY_HOURS

    def __post_init__(self) -> None:
        if not (isfinite(self.amount) and 0 < self.amount <= LARGEST):
            raise DutyListError(f"a handling limit must be more than 0 and at most {LARGEST}, not {self.amount}")

    def __str__(self) -> str:
        """As a duty list writes it; `parse_limit` reads it back.

        >>> str(Limit(amount=2.0, clock=ClockKind.WORKING_DAYS))
        '2工作日'
        """
        return f"{self.amount:.10g}{WRITTEN[self.clock]}"

    def due(self, start: datetime, calendar: WorkCalendar) -> datetime:
        """The instant, aware UTC, at which a case that starts at `start` is due.

        >>> from datetime import UTC
        >>> Limit(amount=4).due(datetime(2026, 3, 1, 22, tzinfo=UTC), WorkCalendar()).isoformat()
        '2026-03-02T02:00:00+00:00'
        """
        return calendar.after(start, self.amount, self.clock)


def parse_limit(text: str) -> Limit:
    """Read a limit such as `2紧急工作时`, `4小时`, `1天`, `2工作日` or `2 working days`.

    Raises:
        DutyListError: it is none.

    >>> parse_limit("２ 工作日").clock.value
    'working_days'
    """
    plain = " ".join(normalize("NFKC", text).split()).lower()
    found = re.fullmatch(r"([0-9]{1,6}(?:\.[0-9]{1,6})?) ?(\D+)", plain)
    if found is None or found[2] not in UNITS:
        raise DutyListError(f"must be a time such as {EXAMPLES}")
    return Limit(amount=float(found[1]), clock=UNITS[found[2]])
