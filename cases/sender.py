"""The sender: delivers what is due, asks about what nobody knows, and loses nothing."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import Random

from cases.breaker import PACE, Breaker, BreakerState
from cases.dispatch import dispatch
from cases.dossier import Dossier
from cases.errors import FilingFailed, LeaseLost
from cases.filing import NEEDS_A_PERSON, Channel, Filing, FilingState
from cases.history import MACHINE
from cases.ports import Clock, Filer, Inquirer, Store, Transaction
from cases.retries import LONGEST_WAIT, LOOKED_TWICE, Schedule
from inference.crossings import crossing

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
"""How long a sender may take over one delivery before another one takes it up. Longer than any channel's timeout."""

DIED = "the sender died before it wrote down an answer"

Errand = Callable[[], Filing]
"""One delivery to be tried, in whatever thread; gives the delivery as it is afterwards."""


class Sender:
    """Delivers, one filing at a time; any number of senders and threads may work on one store.

    Args:
        store: where the filings are.
        filers: how each channel is served.
        inquirers: how the receivers of a channel are asked whether they have a case; a channel that is missing here
            cannot be asked, so what nobody knows is held for a person.
        clock: now.
        random: spreads the waits.
        schedule: all waits.
        lease: how long one delivery may take.
        pace: between two deliveries to one department, but for the built-in inbox.
    """

    def __init__(
        self,
        store: Store,
        filers: Mapping[Channel, Filer],
        *,
        inquirers: Mapping[Channel, Inquirer] | None = None,
        clock: Clock,
        random: Random,
        schedule: Schedule | None = None,
        lease: timedelta = LEASE,
        pace: timedelta = PACE,
    ) -> None:
        self._store = store
        self._filers = filers
        self._inquirers = inquirers or {}
        self._clock = clock
        self._random = random
        self._schedule = schedule or Schedule()
        self._lease = lease
        self._pace = pace

    def send_next(self) -> Filing | None:
        """Try the next delivery that is due.

        Returns:
            The delivery as it is afterwards, or None where nothing is due now.
        """
        errand = self.take()
        return errand() if errand else None

    def take(self) -> Errand | None:
        """Take the next delivery that is due, under a lease; None where nothing is."""
        now = self._clock()
        with self._store.transaction() as book:
            waiting = book.next_filing(now)
            if waiting is None:
                return None
            if not waiting.channel.leads_out:
                arrived = self._put_in_inbox(book, waiting)
                return lambda: arrived
            breaker = book.breaker(waiting.department)
            silence = _silence(breaker, now)
            taken = self._taken(waiting, as_probe=silence is not None)
            book.settle(waiting, taken)
            if taken.leased_until:
                book.keep_breaker(breaker.took(now, self._pace))
            dossier = book.dossier(taken.case_id)
        crossing("sender.taken")
        if taken.state in NEEDS_A_PERSON:
            _tell(taken)
        return lambda: self._run(dossier, taken, silence)

    def _put_in_inbox(self, book: Transaction, waiting: Filing) -> Filing:
        """What stays in our own database is delivered by being written down: never half on its way, never leased."""
        now = self._clock()
        receipt = self._filers[waiting.channel].file(book.dossier(waiting.case_id), waiting)
        arrived = waiting.taken(now, now).sent(now, receipt.reference, receipt.token)
        book.settle(waiting, arrived)
        crossing("inbox.settled")
        dispatch(book, arrived, by=MACHINE, at=now)
        return arrived

    def _taken(self, waiting: Filing, *, as_probe: bool) -> Filing:
        now = self._clock()
        if waiting.state is FilingState.UNKNOWN:
            return waiting.asking(now + self._lease, as_probe=as_probe)
        died_sending = waiting.state is FilingState.SENDING
        if died_sending and not self._filers[waiting.channel].recognises_repetitions:
            return self._unknown(waiting, DIED)
        return waiting.taken(now, now + self._lease, as_probe=as_probe)

    def _run(self, dossier: Dossier, filing: Filing, silence: timedelta | None) -> Filing:
        """Send it, or ask about it; `silence`: how long its department has been silent, where this is a probe."""
        if filing.leased_until is None:
            return filing
        if self._clock() >= filing.leased_until:
            # Whoever was held up so long must not send any more: another one may be at it.
            log.warning("delivery %s was held up beyond its lease; nothing was sent", filing.id)
            return filing
        if filing.state is FilingState.UNKNOWN:
            settled, failed = self._ask(dossier, filing, silence)
        else:
            settled, failed = self._attempt(dossier, filing, silence)
        try:
            self._settle(filing, settled, failed)
        except LeaseLost:
            log.warning("delivery %s was taken over or answered meanwhile; its result is dropped", filing.id)
        return settled

    def _attempt(
        self, dossier: Dossier, filing: Filing, silence: timedelta | None
    ) -> tuple[Filing, FilingFailed | None]:
        filer = self._filers[filing.channel]
        try:
            crossing("sender.sending")
            receipt = filer.file(dossier, filing)
            crossing("sender.answered")
        except FilingFailed as failed:
            return self._after(failed, filing, silence), failed
        except Exception as fault:
            log.exception("delivery %s failed by a fault of ours; report it", filing.id)
            failed = FilingFailed(f"a fault of ours ({type(fault).__name__})", retry=True, maybe_delivered=True)
            return self._after(failed, filing, silence), failed
        return filing.sent(self._clock(), receipt.reference, receipt.token), None

    def _after(self, failed: FilingFailed, filing: Filing, silence: timedelta | None) -> Filing:
        error = str(failed)
        if failed.maybe_delivered and not self._filers[filing.channel].recognises_repetitions:
            return self._unknown(filing, error)
        if failed.retry and silence is not None:  # no attempt, so its turn stays what it was
            return filing.dead(error) if self._too_long(silence) else filing.failed(error, filing.next_try_at)
        asked_for = min(failed.retry_after, LONGEST_WAIT) if failed.retry_after else None
        wait = self._schedule.before_attempt(filing.attempts, asked_for, self._random)
        if not failed.retry or wait is None:
            return filing.dead(error)
        return filing.failed(error, self._clock() + wait)

    def _ask(self, dossier: Dossier, filing: Filing, silence: timedelta | None) -> tuple[Filing, FilingFailed | None]:
        try:
            receipt = self._inquirers[filing.channel].find(dossier, filing)
        except FilingFailed as failed:
            return self._unanswered(failed, filing, silence), failed
        if receipt is not None:
            return filing.sent(self._clock(), receipt.reference, receipt.token), None
        filing = filing if silence is None else filing.answered()
        if filing.asked < LOOKED_TWICE:
            return self._unknown(filing, "the department does not show the case; it is asked once more"), None
        wait = self._schedule.before_attempt(filing.attempts, None, self._random)
        if wait is None:
            return filing.dead(f"sent {filing.tries} times, and the department never showed it"), None
        return filing.missing(self._clock() + wait), None

    def _unanswered(self, failed: FilingFailed, filing: Filing, silence: timedelta | None) -> Filing:
        error = str(failed)
        if not failed.retry or (silence is not None and self._too_long(silence)):
            return filing.held(error)
        return self._unknown(filing, error) if silence is None else filing.unknown(error, filing.next_try_at)

    def _unknown(self, filing: Filing, error: str) -> Filing:
        """Asked about later, or held where nobody can be asked or was asked often enough."""
        wait = self._schedule.before_question(filing.asked, self._random)
        if filing.channel not in self._inquirers or wait is None:
            return filing.held(error)
        return filing.unknown(error, self._clock() + wait)

    def _too_long(self, silence: timedelta) -> bool:
        return silence >= self._schedule.longest_silence

    def _settle(self, was: Filing, now: Filing, failed: FilingFailed | None) -> None:
        with self._store.transaction() as book:
            book.settle(was, now)
            crossing("sender.settled")
            self._judge(book, now, failed)
            if now.state is FilingState.SENT:
                dispatch(book, now, by=MACHINE, at=self._clock())
        crossing("sender.written_down")
        if now.state in NEEDS_A_PERSON:
            _tell(now)

    def _judge(self, book: Transaction, filing: Filing, failed: FilingFailed | None) -> None:
        """What the outcome says about the department."""
        now = self._clock()
        breaker = book.breaker(filing.department)
        if failed is None or not (failed.retry or failed.maybe_delivered or failed.gone):
            book.keep_breaker(breaker.succeeded())
            if breaker.open_until is not None:
                log.info("department %s answers again", filing.department)
                book.hasten(filing.department, now)
            return
        wait = LONGEST_WAIT if failed.gone else failed.retry_after
        if wait:
            judged = breaker.asked_to_wait(now + min(wait, LONGEST_WAIT), str(failed), now=now)
        else:
            wait = self._schedule.before_probe(breaker.opened, self._random)
            judged = breaker.missed(filing.id, str(failed), now=now, wait=wait)
        if judged.state(now) is BreakerState.OPEN and breaker.state(now) is not BreakerState.OPEN:
            log.error("nothing is sent to department %s until %s: %s", judged.department, judged.open_until, failed)
        book.keep_breaker(judged)


def _silence(breaker: Breaker, now: datetime) -> timedelta | None:
    """How long the department has been silent, where what is taken now is a probe; None where it is none."""
    return breaker.silent_for(now) if breaker.state(now) is BreakerState.HALF_OPEN else None


def _tell(filing: Filing) -> None:
    log.error("delivery %s of case %s needs a person: %s", filing.id, filing.case_id, filing.error)
