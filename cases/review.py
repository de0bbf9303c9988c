"""In which order candidates are looked at: risk × confidence × age."""

from datetime import datetime
from hashlib import sha256

from cases.case import Case
from cases.city import CityOrder
from cases.clocks import ClockKind

HOURS_OF_A_DAY = 24.0

SECOND_LOOKS = 20
"""One finding in so many is judged again by somebody else, who does not see what was said: five in a hundred."""


def wants_second_look(finding_key: str) -> bool:
    """Whether a finding is one of those that are judged twice. Its name alone decides, so nobody can choose.

    >>> sum(wants_second_look(f"finding-{number}") for number in range(10_000))
    491
    """
    return int(sha256(f"second look {finding_key}".encode()).hexdigest()[:8], 16) % SECOND_LOOKS == 0


def urgency(case: Case, city: CityOrder, now: datetime) -> float:
    """How much it matters that a candidate is judged soon; more is sooner.

    The risk is what the duty list says of such a matter: what must be handled within two hours weighs twelve times
    what may take a day. The age counts from the opening, one hour more, so that what has just come in counts, too.

    Args:
        case: a candidate.
        city: whose duty list is asked.
        now: aware UTC.
    """
    limit = city.duty_for(case.kind, case.area, now, code=case.code).limit
    in_days = limit.clock in (ClockKind.WORKING_DAYS, ClockKind.CALENDAR_DAYS)
    hours = limit.amount * (HOURS_OF_A_DAY if in_days else 1.0)
    waited = max(0.0, (now - case.opened_at).total_seconds()) / 3600
    confidence = 1.0 if case.confidence is None else case.confidence  # what only people reported, somebody has seen
    return HOURS_OF_A_DAY / hours * confidence * (1.0 + waited)
