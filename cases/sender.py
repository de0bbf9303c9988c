"""The sender: delivers what is due, department by department, and loses nothing."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random

from cases.case import move
from cases.dossier import Change, Dossier
from cases.errors import FilingFailed, LeaseLost
from cases.filing import Channel, Filing, FilingState
from cases.history import MACHINE
from cases.ports import Clock, Filer, Store
from cases.states import Act, CaseState

log = logging.getLogger(__name__)

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

JITTER = 0.2
"""Each wait is made longer by up to this share, so that those who failed together do not come back together."""

LONGEST_WAIT = timedelta(hours=24)
"""However long a receiver asks us to wait, we ask again after this."""

LEASE = timedelta(minutes=2)
"""How long a sender may take over one delivery before another one takes it up. Longer than any channel's timeout."""


class Sender:
    """Delivers, one filing at a time; any number of senders may work on one store."""

    def __init__(
        self,
        store: Store,
        filers: Mapping[Channel, Filer],
        *,
        clock: Clock,
        random: Random,
        back_off: tuple[timedelta, ...] = BACK_OFF,
        lease: timedelta = LEASE,
    ) -> None:
        self._store = store
        self._filers = filers
        self._clock = clock
        self._random = random
        self._back_off = back_off
        self._lease = lease

    def send_next(self) -> Filing | None:
        """Try the next delivery that is due.

        Returns:
            The delivery as it is afterwards, or None where nothing is due now.
        """
        taken = self._take()
        if taken is None:
            return None
        dossier, filing = taken
        if filing.state is not FilingState.SENDING:
            return filing
        settled = self._attempt(dossier, filing)
        try:
            self._settle(filing, settled)
        except LeaseLost:
            log.warning("delivery %s was taken over or answered meanwhile; its result is dropped", filing.id)
        return settled

    def _take(self) -> tuple[Dossier, Filing] | None:
        now = self._clock()
        with self._store.transaction() as book:
            waiting = book.next_filing(now)
            if waiting is None:
                return None
            died_sending = waiting.state is FilingState.SENDING
            if died_sending and not self._filers[waiting.channel].recognises_repetitions:
                taken = waiting.unknown("the sender died before it wrote down an answer")
                log.error("delivery %s of case %s needs a person: %s", taken.id, taken.case_id, taken.error)
            else:
                taken = waiting.taken(now + self._lease)
            book.settle(waiting, taken)
            return book.dossier(taken.case_id), taken

    def _attempt(self, dossier: Dossier, filing: Filing) -> Filing:
        filer = self._filers[filing.channel]
        try:
            receipt = filer.file(dossier, filing)
        except FilingFailed as failed:
            return self._after(failed, filing, repeatable=filer.recognises_repetitions)
        return filing.sent(self._clock(), receipt.reference)

    def _after(self, failed: FilingFailed, filing: Filing, *, repeatable: bool) -> Filing:
        error = str(failed)
        if failed.maybe_delivered and not repeatable:
            settled = filing.unknown(error)
        elif failed.retry and filing.attempts <= len(self._back_off):
            return filing.failed(error, self._next_try(filing.attempts, failed.retry_after))
        else:
            settled = filing.dead(error)
        log.error("delivery %s of case %s needs a person: %s", filing.id, filing.case_id, error)
        return settled

    def _next_try(self, attempts: int, retry_after: timedelta | None) -> datetime:
        asked = min(retry_after or timedelta(0), LONGEST_WAIT)
        wait = max(self._back_off[attempts - 1], asked)
        return self._clock() + wait * self._random.uniform(1, 1 + JITTER)

    def _settle(self, was: Filing, now: Filing) -> None:
        with self._store.transaction() as book:
            book.settle(was, now)
            case = book.dossier(now.case_id).case
            if now.state is FilingState.SENT and case.state is CaseState.FILED:
                reason = f"delivered to {now.department} by {now.channel}"
                moved, entry = move(case, Act.DISPATCH, by=MACHINE, at=self._clock(), reason=reason)
                book.write(Change(case=moved, entries=(entry,)))
