"""Rows of circuit breakers."""

from typing import Any

from api.store.rows.places import Row
from cases.breaker import Breaker


def breaker_row(breaker: Breaker) -> dict[str, Any]:
    """The columns of a breaker."""
    return {
        "department": breaker.department,
        "failed": list(breaker.failed),
        "opened": breaker.opened,
        "since": breaker.since,
        "open_until": breaker.open_until,
        "next_at": breaker.next_at,
        "error": breaker.error,
    }


def breaker_from(row: Row) -> Breaker:
    """A breaker from its row."""
    return Breaker(
        department=row["department"],
        failed=tuple(row["failed"]),
        opened=row["opened"],
        since=row["since"],
        open_until=row["open_until"],
        next_at=row["next_at"],
        error=row["error"],
    )
