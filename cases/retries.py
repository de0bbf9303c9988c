"""When a delivery is tried again, and when its receiver is asked about it."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

BACK_OFF = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Waits after the first, second, ... failed attempt, as Standard Webhooks proposes: a little over three days in all."""

ASK = (timedelta(seconds=30), timedelta(minutes=10), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6))
"""Waits before the first, second, ... question whether a receiver has a case. A case that is not found is looked for a
second time before it is sent again, because a receiver may show what it took only after some minutes."""

OPEN_FOR = (
    timedelta(minutes=1),
    timedelta(minutes=2),
    timedelta(minutes=5),
    timedelta(minutes=10),
    timedelta(minutes=15),
)
"""How long a department's breaker stays open the first, second, ... time in a row; then always the last."""

JITTER = 0.2
"""Each wait is made longer by up to this share, so that those who failed together do not come back together."""

LONGEST_WAIT = timedelta(hours=24)
"""However long a receiver asks us to wait, we ask again after this."""

LOOKED_TWICE = 2
"""Questions that must have found nothing before a case counts as not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """All waits of a sender.

    Attributes:
        back_off: between attempts; after the last one the filing is dead.
        ask: before questions; after the last one the filing is held for a person.
        open_for: how long a breaker stays open.
        jitter: 0..1, the share by which a wait may be longer.
    """

    back_off: tuple[timedelta, ...] = BACK_OFF
    ask: tuple[timedelta, ...] = ASK
    open_for: tuple[timedelta, ...] = OPEN_FOR
    jitter: float = JITTER

    def before_attempt(self, attempts: int, asked_for: timedelta | None, random: Random) -> timedelta | None:
        """How long to wait after so many attempts, at least as long as the receiver asked for; None: no further one."""
        if attempts > len(self.back_off):
            return None
        wait = max(self.back_off[attempts - 1], asked_for or timedelta(0))
        return wait * random.uniform(1, 1 + self.jitter)

    def before_question(self, asked: int, random: Random) -> timedelta | None:
        """How long to wait after so many questions; None: no further one."""
        return self.ask[asked] * random.uniform(1, 1 + self.jitter) if asked < len(self.ask) else None
