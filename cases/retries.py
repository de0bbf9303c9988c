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

OPEN_FOR = (timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=5))
"""How long a department's breaker stays open at most the first, second, ... time in a row; then always the last.

The last is also how late it is noticed that a department is back: with a thousand cases waiting, five minutes and the
pace of five a second empty the queue within ten minutes.
"""

JITTER = 0.2
"""Each wait is made longer by up to this share (a breaker's shorter), so that those who failed together do not come
back together."""

LONGEST_SILENCE = timedelta(days=14)
"""After so long without one sensible answer of a department the filing that carries a probe goes to a person. Longer
than any row of holidays over which a department's machines may be off."""

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
        open_for: how long a breaker stays open at most.
        longest_silence: of a department, until a person has to look at what is meant for it.
        jitter: 0..1, the share by which a wait may be longer, and a breaker's shorter.
    """

    back_off: tuple[timedelta, ...] = BACK_OFF
    ask: tuple[timedelta, ...] = ASK
    open_for: tuple[timedelta, ...] = OPEN_FOR
    longest_silence: timedelta = LONGEST_SILENCE
    jitter: float = JITTER

    def before_attempt(self, attempts: int, asked_for: timedelta | None, random: Random) -> timedelta | None:
        """How long to wait after so many attempts, at least as long as the receiver asked for; None: no further one.

        What was only sent as a probe has no attempt yet and waits like after its first.
        """
        if attempts > len(self.back_off):
            return None
        wait = max(self.back_off[max(attempts - 1, 0)], asked_for or timedelta(0))
        return wait * random.uniform(1, 1 + self.jitter)

    def before_question(self, asked: int, random: Random) -> timedelta | None:
        """How long to wait after so many questions; None: no further one."""
        return self.ask[asked] * random.uniform(1, 1 + self.jitter) if asked < len(self.ask) else None

    def before_probe(self, opened: int, random: Random) -> timedelta:
        """How long a breaker stays open that was opened so often in a row before."""
        return self.open_for[min(opened, len(self.open_for) - 1)] * random.uniform(1 - self.jitter, 1)
