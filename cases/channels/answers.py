"""What the statuses and headers of a department's web server mean for a delivery."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from cases.ports import Answer

GONE = 410
"""The receiver wants no message any more."""

STOP = frozenset({400, GONE, 413, 415, 422})
"""Answers that the same message would get for ever: the receiver is gone, or cannot read it."""


def retry_after(answer: Answer, now: datetime) -> timedelta | None:
    """What a `Retry-After` header asks for: seconds or an HTTP date; None where it is missing or neither."""
    written = answer.headers.get("retry-after", "")
    if written.isascii() and written.isdigit() and len(written) < 9:
        return timedelta(seconds=int(written))
    try:
        until = parsedate_to_datetime(written)
    except ValueError:
        return None
    return max(until.astimezone(UTC) - now, timedelta(0)) if until.tzinfo else None
