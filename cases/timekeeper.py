"""The timekeeper: tells what is to be told, marks what is overdue and wakes what has rested long enough."""

import logging
from datetime import datetime, timedelta

from cases.city import CityOrder
from cases.dossier import Change, Dossier
from cases.history import MACHINE
from cases.messages import with_messages
from cases.moving import move
from cases.ports import Clock, Store
from cases.states import Act, CaseState
from cases.timekeeping import ring, timed
from cases.timers import Timer, TimerKind

log = logging.getLogger(__name__)

PUT_OFF = timedelta(minutes=10)
"""How long the timers of a case rest that cannot be advanced."""


class Timekeeper:
    """Advances the timers, one case at a time; any number of timekeepers may work on one store.

    Everything that was told is written with the timer that told it, in one transaction. So nothing is told twice, also
    after a crash and however the clock jumps.
    """

    def __init__(self, store: Store, city: CityOrder, *, clock: Clock) -> None:
        self._store = store
        self._city = city
        self._clock = clock
        self._failed: dict[str, datetime] = {}

    def tick(self) -> Timer | None:
        """See to the timer that is due next.

        A case whose timers cannot be advanced, by a fault of ours, holds up no other: that is logged, and it rests for
        `PUT_OFF`.

        Returns:
            The timer as it was, or None where nothing is due now.
        """
        now = self._clock()
        resting = [case for case, failed_at in self._failed.items() if timedelta(0) <= now - failed_at < PUT_OFF]
        with self._store.transaction() as book:
            timer = book.next_timer(now, but=resting)
            if timer is None:
                return None
            dossier = book.dossier(timer.case_id)
            try:
                change = self._rung(dossier, timer)
                if change.entries:
                    change = with_messages(change, self._city)
            except Exception:  # whatever it is, the deadlines of all other cases run on
                log.exception("the timers of case %s cannot be advanced; report it", dossier.case.number)
                self._failed[timer.case_id] = now
                return timer
            (book.write if change.entries else book.note)(change)
        self._failed.pop(timer.case_id, None)
        return timer

    def _rung(self, dossier: Dossier, timer: Timer) -> Change:
        now, times = self._clock(), self._city.times
        rung = ring(dossier.case, dossier.timers, times, now)
        if timer.kind is TimerKind.SUSPENSION and rung.case.state is CaseState.SUSPENDED:
            moved, entry = move(rung.case, Act.RESUME, by=MACHINE, at=now)
            return timed(Change(case=moved, entries=(entry,)), rung, dossier.timers, times, now)
        return rung
