"""What happens to cases, told to whoever watches while it happens: one look at the log a second, however many watch.

The audit log numbers every change without gaps, on both databases and whichever process made it. So a reader that
remembers the last number it was told can always go on from there, in any process.
"""

import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from cases.audit.entry import Tail

MOST_WATCHERS = 60
"""Streams of one process. Each is a connection, of which a process has two hundred."""
MOST_EACH = 4
"""Streams of one account in one process: a browser opens no more than six connections at all."""
REMEMBERED = 2000
"""Changes that are kept at hand. Whoever has missed more is told to look at everything again."""
EVERY_SECONDS = 1.0


class ChangeLog(Protocol):
    """Where changes are numbered; see `api.store.audit_log.AuditQuestions`."""

    def audit_tail(self) -> Tail:
        """Where the log ends."""
        ...

    def case_changes(self, *, after: int, until: int, limit: int) -> Sequence[tuple[int, str]]:
        """Numbers and cases of the changes between two entries."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What has changed.

    Attributes:
        up_to: number of the last entry of the log that is accounted for.
        changes: numbers of entries and ids of the cases that they are about, in their order.
        missed: there was more than is remembered.
    """

    up_to: int
    changes: Sequence[tuple[int, str]] = ()
    missed: bool = False


class Feed:
    """The end of the log, as far as one process has seen it. Asks only while somebody watches.

    Args:
        log: of the store.
        every_seconds: how old an answer may be.
        most: how many watch at the same time.
        most_each: how many of them with one account.
    """

    def __init__(
        self,
        log: ChangeLog,
        *,
        every_seconds: float = EVERY_SECONDS,
        most: int = MOST_WATCHERS,
        most_each: int = MOST_EACH,
    ) -> None:
        self.every_seconds = every_seconds
        self._log = log
        self._most, self._most_each = most, most_each
        self._watching: Counter[str] = Counter()
        self._recent: deque[tuple[int, str]] = deque(maxlen=REMEMBERED)
        self._since = self._up_to = -1
        self._asked_at = float("-inf")
        self._closed = False

    @property
    def closed(self) -> bool:
        """Whether the process is about to stop, so that nobody is told anything more."""
        return self._closed

    def close(self) -> None:
        """Let everybody go who watches."""
        self._closed = True

    @property
    def watching(self) -> int:
        """How many watch."""
        return self._watching.total()

    def enter(self, account: str) -> None:
        """Let somebody watch; `leave` ends it.

        Raises:
            HTTPException: 503, too many watch already.
        """
        if self.watching >= self._most or self._watching[account] >= self._most_each:
            sentence = "too many live pages are open; close one, or try again in a minute"
            raise HTTPException(503, sentence, {"Retry-After": "60"})
        self._watching[account] += 1

    def leave(self, account: str) -> None:
        """Somebody no longer watches."""
        self._watching[account] -= 1
        self._watching += Counter()  # drops who no longer watches at all

    async def news(self, after: int | None, *, afresh: bool = False) -> News:
        """What has happened since entry `after`; from now on where that is None.

        Args:
            after: the entry up to which everything is known.
            afresh: ask the log now, however young the last answer is.

        Raises:
            StoreError: the database cannot be read.
        """
        if afresh or time.monotonic() - self._asked_at >= self.every_seconds:
            # Two that ask at once read the same and write the same: no lock is needed.
            tail, found = await run_in_threadpool(self._read, self._up_to)
            self._take(tail, found)
        if after is None:
            return News(up_to=self._up_to)
        if after > self._up_to or after < self._since:
            return News(up_to=self._up_to, missed=True)
        return News(up_to=self._up_to, changes=[change for change in self._recent if change[0] > after])

    def _read(self, known: int) -> tuple[int, Sequence[tuple[int, str]]]:
        tail = self._log.audit_tail().sequence
        after = known if known >= 0 else max(0, tail - REMEMBERED)
        if tail - after > REMEMBERED:
            after = tail - REMEMBERED
        return tail, self._log.case_changes(after=after, until=tail, limit=REMEMBERED) if tail > after else ()

    def _take(self, tail: int, found: Sequence[tuple[int, str]]) -> None:
        self._asked_at = time.monotonic()
        if self._up_to < 0 or tail - self._up_to > REMEMBERED:
            self._recent.clear()
            self._since = max(0, tail - REMEMBERED)
        known = self._recent[-1][0] if self._recent else -1
        for change in found:
            if change[0] > known:
                if len(self._recent) == REMEMBERED:
                    self._since = self._recent[0][0]
                self._recent.append(change)
        self._up_to = max(self._up_to, tail)
