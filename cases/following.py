"""Asking departments how a matter stands, where their system does not tell us by itself."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from random import Random

from cases.desk import Desk
from cases.dossier import Change
from cases.errors import FilingFailed, LeaseLost, MoveRefused
from cases.filing import FILING_MOVES, Channel, Filing, FilingState
from cases.history import Entry
from cases.ports import Clock, Followed, Store, Tidings, Transaction
from cases.replies import Reply, ReplyKind, led_by
from cases.retries import JITTER
from cases.states import Act

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=15)
"""Between two questions about one filing."""

SOON = timedelta(minutes=1)
"""The same while the department has given a token instead of a number."""

AFTER_TROUBLE = timedelta(hours=1)

LEASE = timedelta(minutes=2)


class Follower:
    """Asks, one filing at a time; any number of followers and threads may work on one store.

    What a department says that it did not say before becomes a notice in the history of the case, and where it says
    that the work is done the case is handled. A filing is asked about until the department is done with it or the case
    has ended.

    Args:
        store: where the filings are.
        channels: whom to ask.
        desk: where a case is handled.
        clock: now.
        random: spreads the waits.
    """

    def __init__(
        self, store: Store, channels: Mapping[Channel, Followed], *, desk: Desk, clock: Clock, random: Random
    ) -> None:
        self._store = store
        self._desk = desk
        self._channels = channels
        self._clock = clock
        self._random = random

    def take(self) -> Callable[[], Filing] | None:
        """Take the next filing that is to be asked about; what is returned asks. None where there is none."""
        now = self._clock()
        with self._store.transaction() as book:
            filing = book.next_to_follow(now)
            if filing is None:
                return None
            taken = replace(filing, lease=filing.lease + 1, follow_at=now + LEASE)
            if not book.dossier(filing.case_id).case.state.is_open:
                taken = replace(taken, follow_at=None)
            book.settle(filing, taken)
        return lambda: self._ask(taken)

    def _ask(self, filing: Filing) -> Filing:
        if filing.follow_at is None:
            return filing
        try:
            tidings = self._channels[filing.channel].tidings(filing)
        except FilingFailed as failed:
            log.warning("department %s was asked in vain about delivery %s: %s", filing.department, filing.id, failed)
            wait = max(AFTER_TROUBLE, failed.retry_after or AFTER_TROUBLE)
            return self._settle(filing, replace(filing, follow_at=self._clock() + self._spread(wait)), "")
        handled = _handled(filing, tidings) if tidings.is_handled else None
        return self._settle(filing, self._heard(filing, tidings), _notice(filing, tidings), handled)

    def _heard(self, filing: Filing, tidings: Tidings) -> Filing:
        wait = SOON if tidings.reference is None else EVERY
        follow_at = None if tidings.is_over else self._clock() + self._spread(wait)
        known = replace(
            filing,
            reference=tidings.reference or filing.reference,
            their_state=tidings.state or filing.their_state,
            follow_at=follow_at,
        )
        answers = tidings.state is not None and FilingState.ACKNOWLEDGED in FILING_MOVES[filing.state]
        return known.acknowledged() if answers else known

    def _settle(self, was: Filing, now: Filing, notice: str, handled: Reply | None = None) -> Filing:
        try:
            try:
                self._write(was, now, notice, handled)
            except MoveRefused as refused:  # what cannot be done is told, and a person goes on from there
                self._write(was, now, f"{notice}; the case stays as it is: {refused}", None)
        except LeaseLost:
            log.warning("delivery %s was answered meanwhile; what was asked about it is dropped", was.id)
        return now

    def _write(self, was: Filing, now: Filing, notice: str, handled: Reply | None) -> None:
        with self._store.transaction() as book:
            book.settle(was, now)
            if notice:
                self._write_down(book, now, notice)
            case = book.dossier(now.case_id).case
            if handled is not None and case.department == now.department:
                led_by(handled, self._desk.within(book), case)

    def _write_down(self, book: Transaction, filing: Filing, notice: str) -> None:
        case = book.dossier(filing.case_id).case
        entry = Entry(
            at=self._clock(),
            actor=filing.department,
            act=Act.NOTICE,
            before=case.state,
            after=case.state,
            reason=f"by {filing.channel}: {notice}",
        )
        book.write(Change(case=case, entries=(entry,)))

    def _spread(self, wait: timedelta) -> timedelta:
        return wait * self._random.uniform(1, 1 + JITTER)


def _handled(filing: Filing, tidings: Tidings) -> Reply:
    """What it would have said if its system told us by itself."""
    return Reply(
        id=f"{filing.id}-{tidings.state}",
        department=filing.department,
        case_id=filing.case_id,
        kind=ReplyKind.HANDLED,
        by=filing.department,
        content=b"",
        reason=f"by {filing.channel}: {tidings.state}{f' ({tidings.said})' if tidings.said else ''}",
    )


def _notice(filing: Filing, tidings: Tidings) -> str:
    """What is new; empty where nothing is."""
    if tidings.reference and tidings.reference != filing.reference:
        return f"its number there is {tidings.reference}"
    if tidings.state and tidings.state != filing.their_state:
        return f"{tidings.state}{f' ({tidings.said})' if tidings.said else ''}"
    return ""
