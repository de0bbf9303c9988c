"""The time of day. Handed to whoever needs it; tests hand in clocks of their own."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Now, aware UTC."""
    return datetime.now(UTC)
