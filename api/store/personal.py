"""Deleting what people have left of themselves, once its time is over: contacts of reporters, words of orders.

Every method is one transaction.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, String, and_, cast, delete, exists, or_, select, update

from api.store import rows
from api.store.audit_log import AuditWriter
from api.store.engine import begin
from api.store.tables import cases, contacts, reports, service_orders
from cases.audit.entry import Deed
from cases.participation.menu import OVER, OrderState, ServiceOrder
from cases.ports import Clock
from cases.retention import PENDING, Retention
from cases.states import OPEN

OPEN_STATES = sorted(state.value for state in OPEN)
OVER_STATES = sorted(state.value for state in OVER)
RATED_WITHOUT_WORDS = '%"step": "rate", "actor": "resident", "words": ""%'


class SqlPersonal:
    """What is personal and not needed for ever.

    Args:
        engine: the store's.
        reading: the same, for those who only read.
        clock: tells when something was deleted.
    """

    def __init__(self, engine: Engine, reading: Engine, clock: Clock) -> None:
        self._engine, self._reading, self._clock = engine, reading, clock

    def expired_contacts(self, retention: Retention, now: datetime, *, limit: int) -> Sequence[str]:
        """Ids of cases whose reporters' contacts may be deleted, those that ended first before others."""
        until = retention.contacts_until(now)
        if until is None:
            return ()
        theirs = select(reports.c.key).join(contacts, contacts.c.report_key == reports.c.key)
        which = (
            select(cases.c.id)
            .where(_over(until))
            .where(exists(theirs.where(reports.c.case_id == cases.c.id)))
            .order_by(cases.c.ended_at, cases.c.number)
        )
        with begin(self._reading) as connection:
            return list(connection.execute(which.limit(limit)).scalars())

    def purge_contacts(self, case_id: str, retention: Retention, *, by: str) -> int:
        """Delete how those can be reached who reported a case, with a receipt in the audit log.

        Returns:
            How many; 0 where its time is not over, or none are left.
        """
        until = retention.contacts_until(self._clock())
        mine_is_over = select(cases.c.id).where(cases.c.id == case_id)
        with begin(self._engine) as connection:
            if until is None or connection.execute(mine_is_over.where(_over(until))).first() is None:
                return 0
            mine = contacts.c.report_key.in_(select(reports.c.key).where(reports.c.case_id == case_id))
            count = connection.execute(delete(contacts).where(mine)).rowcount
            if count:
                payload = {"case_id": case_id, "days": retention.contacts, "contacts": count}
                deed = Deed(actor=by, what="contact.purged", object=case_id, payload=payload)
                AuditWriter(connection, self._clock).append(deed)
            return count

    def expired_orders(self, retention: Retention, now: datetime, *, limit: int) -> Sequence[str]:
        """Ids of orders of the menu of services that ended long enough ago and still say whose they were."""
        until = retention.orders_until(now)
        if until is None:
            return ()
        text = (service_orders.c.words, service_orders.c.name, service_orders.c.phone, service_orders.c.address)
        # A rating may come after the rest has gone; most of those without words are left out here.
        rated = service_orders.c.state == OrderState.RATED.value
        rated_in_words = cast(service_orders.c.history, String).not_like(RATED_WITHOUT_WORDS)
        which = (
            select(service_orders)
            .where(service_orders.c.state.in_(OVER_STATES))
            .where(or_(*(column != "" for column in text), and_(rated, rated_in_words)))
        )
        with begin(self._reading) as connection:
            found = connection.execute(which.order_by(service_orders.c.number)).mappings()
            orders = [rows.service_order_from(row) for row in found]
        return [order.id for order in orders if order.is_personal and ended_by(order, until)][:limit]

    def purge_order(self, id: str, retention: Retention, *, by: str) -> bool:
        """Take what is personal out of an order, with a receipt in the audit log. What it was and its rating stay.

        Returns:
            Whether it was done: not where its time is not over.
        """
        until, mine = retention.orders_until(self._clock()), service_orders.c.id == id
        with begin(self._engine) as connection:
            row = connection.execute(select(service_orders).where(mine)).mappings().first()
            order = rows.service_order_from(row) if row else None
            if row is None or order is None or until is None or not (order.is_personal and ended_by(order, until)):
                return False
            # Whoever holds the order as it was must not write it back: their version is an old one from now on.
            values: dict[str, Any] = {"words": "", "name": "", "phone": "", "address": "", "version": order.version + 1}
            values["history"] = [{**made, "words": ""} for made in row["history"]]
            connection.execute(update(service_orders).where(mine).values(values))
            payload = {"number": order.number, "days": retention.orders}
            deed = Deed(actor=by, what="service.purged", object=id, payload=payload)
            AuditWriter(connection, self._clock).append(deed)
            return True


def ended_by(order: ServiceOrder, until: datetime) -> bool:
    """Whether an order was over at a time."""
    return order.state in OVER and bool(order.history) and order.history[-1].at <= until


def _over(until: datetime) -> ColumnElement[bool]:
    """Whether a case ended at this time or before, and nobody has still to decide about an appeal."""
    decided = or_(cases.c.appeal.is_(None), cases.c.appeal.not_in([appeal.value for appeal in PENDING]))
    return and_(cases.c.state.not_in(OPEN_STATES), cases.c.ended_at <= until, decided)
