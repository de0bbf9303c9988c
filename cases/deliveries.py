"""What a person decides about a delivery that no machine can settle."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from cases.dispatch import dispatch
from cases.dossier import Change, Dossier
from cases.errors import MoveRefused
from cases.filing import NEEDS_A_PERSON, Filing, FilingState
from cases.history import Entry
from cases.messages import NOT_CARRIED
from cases.ports import CaseBook, Clock, Store
from cases.states import Act


class Decision(StrEnum):
    """What is to become of a delivery that is held or dead."""

    DELIVERED = "delivered"
    AGAIN = "again"
    GIVE_UP = "give_up"


SAID: Mapping[Decision, str] = MappingProxyType(
    {Decision.DELIVERED: "has arrived", Decision.AGAIN: "is sent again", Decision.GIVE_UP: "is given up"}
)


class DeliveryDesk:
    """Where people settle deliveries. Every decision stands in the history of its case."""

    def __init__(self, store: Store, *, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def decide(
        self, case_id: str, filing_id: str, decision: Decision, *, by: str, reason: str, reference: str = ""
    ) -> Filing:
        """Settle a delivery that is held or dead.

        Args:
            case_id: its case.
            filing_id: which delivery.
            decision: what is to become of it.
            by: who decides.
            reason: how they know, or why.
            reference: the department's own name for the case, where it is known now.

        Raises:
            CaseNotFound: there is no such case.
            MoveRefused: the case has no such delivery that waits for a person, or no reason is given.
        """
        reason = reason.strip()
        if not reason:
            raise MoveRefused("say how you know what became of the delivery, or why it is given up")
        now = self._clock()
        with self._store.transaction() as book:
            dossier = book.dossier(case_id)
            filing = _waiting(dossier, filing_id)
            settled = _settled(filing, decision, now, reference.strip() or None)
            book.settle(filing, settled)
            _write_down(
                book,
                dossier,
                f"delivery to {filing.department} by {filing.channel} {SAID[decision]}: {reason}",
                by,
                now,
            )
            if settled.state is FilingState.SENT:
                dispatch(book, settled, by=by, at=now)
            if decision is Decision.AGAIN and filing.channel.leads_out:
                book.keep_breaker(book.breaker(filing.department).succeeded())
        return settled


def _waiting(dossier: Dossier, filing_id: str) -> Filing:
    for filing in dossier.filings:
        if filing.id == filing_id and filing.state in NEEDS_A_PERSON:
            return filing
    raise MoveRefused(
        f"case {dossier.case.number} has no delivery {filing_id} that waits for a person; look at it again"
    )


def _settled(filing: Filing, decision: Decision, now: datetime, reference: str | None) -> Filing:
    if decision is Decision.DELIVERED:
        return filing.sent(now, reference or filing.reference)
    if decision is Decision.GIVE_UP:
        return filing.given_up()
    if not filing.channel.carries(filing.matter):
        raise MoveRefused(f"{NOT_CARRIED}, or give the delivery up")
    return filing.again(now)


def _write_down(book: CaseBook, dossier: Dossier, what: str, by: str, at: datetime) -> None:
    state = dossier.case.state
    entry = Entry(at=at, actor=by, act=Act.DELIVERY, before=state, after=state, reason=what)
    book.write(Change(case=dossier.case, entries=(entry,)))
