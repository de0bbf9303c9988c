"""A step beside the moves of a case: something is added to it, and its state stays."""

from collections.abc import Callable
from datetime import datetime

from cases.case import Case
from cases.city import CityOrder
from cases.dossier import Change, Dossier
from cases.errors import StaleVersion
from cases.joint import in_step
from cases.messages import with_messages
from cases.ports import Clock, Store
from cases.timekeeping import RUNS_IN, ring
from cases.timers import TimerKind

Step = Callable[[Change, Dossier, datetime], Change]
"""What is added to a change that already tells what timers had to tell; with the case as it is written, and now."""


class Beside:
    """Makes such steps, one transaction each."""

    def __init__(self, store: Store, city: CityOrder, *, clock: Clock) -> None:
        self._store = store
        self._city = city
        self._clock = clock

    def make(self, case_id: str, version: int, step: Step) -> Case:
        """Make a step. What timers have to tell comes first, so that who is late gains nothing by answering.

        Raises:
            CaseNotFound: there is no such case.
            StaleVersion: the case is no longer at `version`.
            MoveRefused: the step says no.
        """
        with self._store.transaction() as book:
            dossier, now, times = book.dossier(case_id), self._clock(), self._city.times
            if dossier.case.version != version:
                raise StaleVersion(case_id, version, version=dossier.case.version, state=dossier.case.state)
            made = step(ring(dossier.case, dossier.timers, times, now), dossier, now)
            timers = {timer.key: timer for timer in (*dossier.timers, *made.timers)}
            runs = made.case.state in RUNS_IN[TimerKind.SUBTASK]
            whole = in_step(made, timers, runs=runs, at=now, calendar=times.calendar)
            return book.write(with_messages(whole, self._city))
