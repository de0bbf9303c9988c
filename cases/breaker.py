"""A circuit breaker for each department: one that does not answer is left in peace and holds up nobody.

Three different filings that fail in a row open it; while it is open nothing is sent there. Then one filing is let
through as a probe (half open): if it gets there the breaker closes, otherwise it opens again for longer. A probe is no
attempt of the filing that carries it. One filing that the department cannot digest counts only once however often it
fails, so it never stops the others.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

OPENS_AFTER = 3
"""Different filings that fail in a row."""

PACE = timedelta(milliseconds=200)
"""Between two filings for one department: at most five a second, also when a queue drains after an outage."""

AT_ONCE = 2
"""Filings on their way to one department at the same time; a probe goes alone."""


class BreakerState(StrEnum):
    """Whether filings are let through to a department."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker:
    """What the senders know about one department.

    Attributes:
        department: which one.
        failed: filings that failed since the last success, each once, at most `OPENS_AFTER`.
        opened: how often in a row it opened.
        since: aware UTC, the first failure since the last success.
        open_until: aware UTC, when a probe is let through; None while it is closed.
        next_at: aware UTC, before which nothing is sent: the pace.
        error: what went wrong last.
    """

    department: str
    failed: tuple[str, ...] = ()
    opened: int = 0
    since: datetime | None = None
    open_until: datetime | None = None
    next_at: datetime | None = None
    error: str | None = None

    def state(self, now: datetime) -> BreakerState:
        """Whether filings are let through at `now`."""
        if self.open_until is None:
            return BreakerState.CLOSED
        return BreakerState.OPEN if now < self.open_until else BreakerState.HALF_OPEN

    def most_at_once(self, now: datetime) -> int:
        """How many filings may be on their way at `now`."""
        if self.next_at is not None and now < self.next_at:
            return 0
        return {BreakerState.CLOSED: AT_ONCE, BreakerState.HALF_OPEN: 1, BreakerState.OPEN: 0}[self.state(now)]

    def took(self, now: datetime, pace: timedelta) -> "Breaker":
        """One more filing is on its way."""
        return replace(self, next_at=now + pace)

    def succeeded(self) -> "Breaker":
        """The department answered sensibly: closed, and everything forgotten but the pace."""
        return Breaker(department=self.department, next_at=self.next_at)

    def silent_for(self, now: datetime) -> timedelta:
        """How long ago the first failure since the last success was."""
        return now - (self.since or now)

    def missed(self, filing: str, error: str, *, now: datetime, wait: timedelta) -> "Breaker":
        """A filing failed.

        Args:
            filing: its id.
            error: why.
            now: aware UTC.
            wait: how long it stays open if this opens it.
        """
        failed = self.failed if filing in self.failed else (*self.failed, filing)[-OPENS_AFTER:]
        counted = replace(self, failed=failed, since=self.since or now, error=error)
        was = self.state(now)
        if was is BreakerState.HALF_OPEN or (was is BreakerState.CLOSED and len(failed) >= OPENS_AFTER):
            return replace(counted, opened=self.opened + 1, open_until=now + wait)
        return counted

    def asked_to_wait(self, until: datetime, error: str, *, now: datetime) -> "Breaker":
        """The department said itself until when it wants nothing (`Retry-After`)."""
        latest = max(until, self.open_until or until)
        return replace(self, opened=self.opened + 1, since=self.since or now, open_until=latest, error=error)
