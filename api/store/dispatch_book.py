"""What people dispatched about cases, and who watches them, in one transaction."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, and_, insert, select, update

from api.store import rows
from api.store.rows.dispatch import Beside
from api.store.tables import consultations, direct_orders, subtasks, watches
from cases.case import Case


def load_beside(connection: Connection, case_ids: Sequence[str]) -> Mapping[str, Beside]:
    """Sub-tasks, orders and consultations of some cases, by case; cases without any are left out."""
    found: defaultdict[str, Beside] = defaultdict(Beside)
    for row in _rows_of(connection, subtasks, case_ids):
        found[row["case_id"]].subtasks.append(rows.subtask_from(row))
    for row in _rows_of(connection, direct_orders, case_ids):
        found[row["case_id"]].orders.append(rows.order_from(row))
    for row in _rows_of(connection, consultations, case_ids):
        found[row["case_id"]].consultations.append(rows.consultation_from(row))
    return found


def keep_beside(connection: Connection, case: Case) -> None:
    """Write the sub-tasks, orders and consultations of a case; a consultation that is there already stays as it is."""
    for position, subtask in enumerate(case.subtasks):
        _put(connection, subtasks, ("case_id", "department"), rows.subtask_row(subtask, case.id, position))
    for position, order in enumerate(case.orders):
        _put(connection, direct_orders, ("id",), rows.order_row(order, case.id, position))
    kept = select(consultations.c.id).where(consultations.c.case_id == case.id)
    there = set(connection.execute(kept).scalars()) if case.consultations else set[str]()
    for position, record in enumerate(case.consultations):
        if record.id not in there:
            connection.execute(insert(consultations).values(rows.consultation_row(record, case.id, position)))


def watchers_of(connection: Connection, case_id: str) -> Sequence[str]:
    """Identifiers of those who watch a case."""
    which = select(watches.c.person).where(watches.c.case_id == case_id).order_by(watches.c.person)
    return connection.execute(which).scalars().all()


def _rows_of(connection: Connection, table: Table, case_ids: Sequence[str]) -> Sequence[rows.Row]:
    which = select(table).where(table.c.case_id.in_(case_ids)).order_by(table.c.position)
    return connection.execute(which).mappings().all()


def _put(connection: Connection, table: Table, key: Sequence[str], row: dict[str, Any]) -> None:
    mine = and_(*(table.c[name] == row[name] for name in key))
    if connection.execute(update(table).where(mine).values(row)).rowcount == 0:
        connection.execute(insert(table).values(row))
