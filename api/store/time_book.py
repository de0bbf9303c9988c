"""Timers and notices in one transaction."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, and_, insert, select, update

from api.store import rows
from api.store.tables import notices, timers
from cases.dossier import Change
from cases.escalation import Notice
from cases.timers import Timer


def keep_time(connection: Connection, change: Change) -> None:
    """Write the timers and notices of a change. One that is there already is refused."""
    for timer in change.timers:
        values = rows.timer_row(timer)
        mine = and_(*(timers.c[key] == values[key] for key in ("case_id", "kind", "subject")))
        if connection.execute(update(timers).where(mine).values(values)).rowcount == 0:
            connection.execute(insert(timers).values(values))
    if change.notices:
        connection.execute(insert(notices), [rows.notice_row(notice) for notice in change.notices])


def next_timer(connection: Connection, now: datetime, but: Collection[str]) -> Timer | None:
    """See `Transaction.next_timer`."""
    order = (timers.c.next_at, timers.c.case_id, timers.c.kind, timers.c.subject)
    waiting = select(timers).where(timers.c.next_at <= now, timers.c.case_id.not_in(but))
    which = waiting.order_by(*order).limit(1)
    row = connection.execute(which).mappings().first()
    return rows.timer_from(row) if row else None


def timers_of(connection: Connection, case_id: str) -> tuple[Timer, ...]:
    """All timers of a case."""
    which = select(timers).where(timers.c.case_id == case_id).order_by(timers.c.kind, timers.c.subject)
    return tuple(rows.timer_from(row) for row in connection.execute(which).mappings())


def notices_of(connection: Connection, case_id: str) -> tuple[Notice, ...]:
    """All notices about a case, oldest first."""
    which = select(notices).where(notices.c.case_id == case_id).order_by(notices.c.sequence)
    return tuple(rows.notice_from(row) for row in connection.execute(which).mappings())
