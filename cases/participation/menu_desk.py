"""Where orders of the menu of services are placed and stepped on, one transaction each."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cases.audit.entry import AuditEntry, Deed
from cases.city import CityOrder
from cases.errors import CaseNotFound, MoveRefused
from cases.participation.menu import Made, OrderStep, Part, ServiceOrder, make_step
from cases.ports import Clock, NewId

NO_SUCH_ORDER = "there is no such order; look whether all of its link was copied"


class OrderBook(Protocol):
    """Orders, as one transaction sees and changes them."""

    def service_order(self, id: str = "", *, secret_hash: str = "") -> ServiceOrder | None:
        """The order of this id, or with this secret; None where there is none."""
        ...

    def open_order(self, order: ServiceOrder) -> None:
        """Write a new order down."""
        ...

    def keep_order(self, order: ServiceOrder) -> None:
        """Write an order down as it is after a step.

        Raises:
            MoveRefused: somebody else made a step first.
        """
        ...

    def next_order_number(self, year: int) -> str:
        """The next number of an order in `year`."""
        ...

    def record(self, deed: Deed) -> AuditEntry:
        """Log it within this transaction."""
        ...


class OrderStore(Protocol):
    """Where orders are kept."""

    def transaction(self) -> AbstractContextManager[OrderBook]:
        """One transaction: written as a whole at the end, or not at all if an error leaves the block."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a resident asks for; fields as in `ServiceOrder`."""

    service: str | None
    area: str
    words: str
    name: str
    phone: str
    address: str


class MenuDesk:
    """Takes orders and steps. All methods raise `MoveRefused` where the table says no; then nothing has happened."""

    def __init__(self, store: OrderStore, city: CityOrder, *, clock: Clock, new_id: NewId) -> None:
        self._store = store
        self._city = city
        self._clock = clock
        self._new_id = new_id

    def order(self, wanted: Wanted, *, secret_hash: str) -> ServiceOrder:
        """A resident orders from the menu, or makes a wish. The same secret again is the same order."""
        if wanted.service is not None and wanted.service not in self._city.residents.services:
            raise MoveRefused("this service is no longer on the menu; choose another one")
        if wanted.service is None and not wanted.words.strip():
            raise MoveRefused("say what you wish for")
        if self._city.grid.areas and wanted.area not in self._city.grid.areas:
            raise MoveRefused("choose where you live")
        now = self._clock()
        with self._store.transaction() as book:
            known = book.service_order(secret_hash=secret_hash)
            if known is not None:
                return known
            order = ServiceOrder(
                id=self._new_id(),
                number=book.next_order_number(now.astimezone(self._city.calendar.days.zone).year),
                service=wanted.service,
                area=wanted.area,
                words=wanted.words.strip(),
                name=wanted.name,
                phone=wanted.phone,
                address=wanted.address,
                secret_hash=secret_hash,
                history=(Made(at=now, step=OrderStep.ORDER, actor=Part.RESIDENT),),
            )
            book.open_order(order)
            book.record(Deed(actor=Part.RESIDENT, what="service.order", object=order.id))
            return order

    def by_resident(
        self, secret_hash: str, step: OrderStep, *, words: str = "", rating: int | None = None
    ) -> ServiceOrder:
        """Whoever ordered withdraws or rates.

        Raises:
            CaseNotFound: there is no order with this secret.
        """

        def made(order: ServiceOrder, now: datetime) -> ServiceOrder:
            return make_step(order, step, Part.RESIDENT, at=now, actor=Part.RESIDENT, words=words, rating=rating)

        return self._step(lambda book: book.service_order(secret_hash=secret_hash), step, Part.RESIDENT, made)

    def by_staff(
        self, order_id: str, step: OrderStep, part: Part, *, who: str, by: str, words: str = ""
    ) -> ServiceOrder:
        """The community or a volunteer makes a step. Of two who claim an order, one gets it.

        Args:
            order_id: which order.
            step: what is done.
            part: as what.
            who: their identifier.
            by: how histories name them.
            words: in their own.

        Raises:
            CaseNotFound: there is no such order.
        """

        def made(order: ServiceOrder, now: datetime) -> ServiceOrder:
            return make_step(order, step, part, at=now, actor=by, who=who, words=words)

        return self._step(lambda book: book.service_order(order_id), step, by, made)

    def _step(
        self,
        find: Callable[[OrderBook], ServiceOrder | None],
        step: OrderStep,
        by: str,
        made: Callable[[ServiceOrder, datetime], ServiceOrder],
    ) -> ServiceOrder:
        with self._store.transaction() as book:
            order = find(book)
            if order is None:
                raise CaseNotFound(NO_SUCH_ORDER)
            after = made(order, self._clock())
            book.keep_order(after)
            book.record(Deed(actor=by, what=f"service.{step}", object=order.id))
            return after
