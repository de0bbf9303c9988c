"""Direct orders that are about no case, in one transaction: what `cases.instructing.InstructionBook` asks for."""

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from api.store import rows
from api.store.tables import direct_orders, notices
from cases.direct_order import DirectOrder
from cases.escalation import Notice

_ABOUT_NO_CASE = direct_orders.c.case_id.is_(None)


class InstructionRows:
    """Reads and writes on one connection."""

    _connection: Connection

    def instruction(self, id: str) -> DirectOrder | None:
        """See `InstructionBook.instruction`."""
        which = select(direct_orders).where(direct_orders.c.id == id, _ABOUT_NO_CASE)
        row = self._connection.execute(which).mappings().first()
        return rows.order_from(row) if row else None

    def keep_instruction(self, order: DirectOrder, told: tuple[Notice, ...]) -> None:
        """See `InstructionBook.keep_instruction`."""
        values = rows.order_row(order, None, 0)
        mine = update(direct_orders).where(direct_orders.c.id == order.id, _ABOUT_NO_CASE)
        if self._connection.execute(mine.values(values)).rowcount == 0:
            self._connection.execute(insert(direct_orders).values(values))
        if told:
            self._connection.execute(insert(notices), [rows.notice_row(notice) for notice in told])

    def next_unread_instruction(self, now: datetime) -> DirectOrder | None:
        """See `InstructionBook.next_unread_instruction`."""
        nobody = direct_orders.c.read_at.is_(None), direct_orders.c.told_at.is_(None)
        late = select(direct_orders).where(_ABOUT_NO_CASE, *nobody, direct_orders.c.due_at <= now)
        ordered = late.order_by(direct_orders.c.due_at, direct_orders.c.id).limit(1)
        row = self._connection.execute(ordered).mappings().first()
        return rows.order_from(row) if row else None
