"""Direct orders (指令) that are about no case: a unit or person is told something, acknowledges it and replies."""

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from cases.audit.entry import AuditEntry, Deed
from cases.audit.records import record_of
from cases.audit.verifier import digest
from cases.city import CityOrder
from cases.direct_order import DirectOrder
from cases.errors import CaseNotFound
from cases.escalation import Audience, Notice
from cases.history import MACHINE
from cases.limit import Limit
from cases.ports import Clock, NewId
from cases.recipient import Recipient, an_order, the_unit
from cases.states import Act
from cases.timers import TimerKind

UNREAD = TimerKind.ORDER.value
"""What notices call an order that nobody has read in time."""


class InstructionBook(Protocol):
    """Such orders, as one transaction sees and changes them."""

    def instruction(self, id: str) -> DirectOrder | None:
        """The order of this id that is about no case; None where there is none."""
        ...

    def keep_instruction(self, order: DirectOrder, told: tuple[Notice, ...]) -> None:
        """Write an order down as it is now, and what somebody has to know of it."""
        ...

    def next_unread_instruction(self, now: datetime) -> DirectOrder | None:
        """The order whose receipt has been due longest, of those that nobody has been told of."""
        ...

    def record(self, deed: Deed) -> AuditEntry:
        """Log it within this transaction."""
        ...


class InstructionStore(Protocol):
    """Where they are kept."""

    def transaction(self) -> AbstractContextManager[InstructionBook]:
        """One transaction: written as a whole at the end, or not at all if an error leaves the block."""
        ...


class InstructionDesk:
    """Gives such orders and takes the answers, one transaction each; every step is an entry of the audit log.

    All methods raise `MoveRefused` where a step cannot be made, `CaseNotFound` where there is no such order.
    """

    def __init__(self, store: InstructionStore, city: CityOrder, *, clock: Clock, new_id: NewId) -> None:
        self._store = store
        self._city = city
        self._clock = clock
        self._new_id = new_id

    def give(self, to: str | Recipient, *, by: str, issuer: str, text: str, minutes: int | None = None) -> DirectOrder:
        """Tell a unit, or one person, to do something.

        Args:
            to: a unit of the organisation tree that belongs to a department, or a person.
            by: who gives it.
            issuer: their identifier; they are told of the reply.
            text: what is to be done.
            minutes: within how many, around the clock, the receipt is expected; None for what the city says.
        """
        whom = the_unit(to, self._city) if isinstance(to, str) else to
        now = self._clock()
        limit = Limit(amount=minutes / 60) if minutes else self._city.times.stages[TimerKind.ORDER]
        due_at = limit.due(now, self._city.calendar)
        order = an_order(whom, text, id=self._new_id(), by=by, issuer=issuer, at=now, due_at=due_at)
        with self._store.transaction() as book:
            self._keep(book, order, Act.ORDER_GIVEN, by, ((Audience.UNIT, order.addressee),))
        return order

    def acknowledge(self, id: str, *, by: str) -> DirectOrder:
        """They have read it (回执)."""
        with self._store.transaction() as book:
            order = _known(book, id).acknowledged(by=by, at=self._clock())
            self._keep(book, order, Act.ORDER_READ, by)
        return order

    def reply(self, id: str, *, by: str, text: str) -> DirectOrder:
        """They say what was done about it. Who gave it is told."""
        with self._store.transaction() as book:
            order = _known(book, id).answered(text, by=by, at=self._clock())
            self._keep(book, order, Act.ORDER_ANSWERED, by, ((Audience.ISSUER, order.issuer),))
        return order

    def tick(self) -> DirectOrder | None:
        """Tell whom the city names of the next order that nobody has read in time, once; None where there is none."""
        now = self._clock()
        with self._store.transaction() as book:
            order = book.next_unread_instruction(now)
            if order is None:
                return None
            told = tuple((audience, "") for audience in self._city.ladder.get(TimerKind.ORDER, {}).get(100, ()))
            self._keep(book, replace(order, told_at=now), UNREAD, MACHINE, told)
        return order

    def _keep(
        self,
        book: InstructionBook,
        order: DirectOrder,
        what: str,
        by: str,
        told: tuple[tuple[Audience, str], ...] = (),
    ) -> None:
        now = self._clock()
        notices = tuple(
            Notice(id=f"{order.id}/{what}/{audience}", audience=audience, name=name, about=what, at=now)
            for audience, name in told
        )
        book.keep_instruction(order, notices)
        book.record(Deed(actor=by, what=f"instruction.{what}", object=order.id, payload=_payload(order)))


def _payload(order: DirectOrder) -> dict[str, str]:
    return {"order": digest(record_of(order))}


def _known(book: InstructionBook, id: str) -> DirectOrder:
    order = book.instruction(id)
    if order is None:
        raise CaseNotFound("there is no such order; look it up in the list of orders")
    return order
