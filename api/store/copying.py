"""All rows of one database into another one of the same tables, whichever kind each of them is."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, insert, inspect, select, text

from api.errors import StoreError
from api.store.engine import begin, reading
from api.store.tables import metadata

AT_ONCE = 500


def copy_rows(source: Engine, target: Engine) -> dict[str, int]:
    """Copy every row, as one moment of the source, in one transaction of the target.

    Args:
        source: a database with the tables of this version; whoever writes to it meanwhile is not kept waiting.
        target: one with the same tables and nothing in them.

    Returns:
        How many rows of each table.

    Raises:
        StoreError: one of them cannot be used, or the target is not empty.
    """
    counts: dict[str, int] = {}
    with begin(_as_of_one_moment(source)) as there, begin(target) as here:
        for table in metadata.sorted_tables:
            if here.execute(select(func.count()).select_from(table)).scalar_one():
                raise StoreError(f"the database is not empty: it has rows in {table.name}; name an empty one")
            counts[table.name] = 0
            for rows in _in_pieces(there, table):
                here.execute(insert(table), rows)
                counts[table.name] += len(rows)
            _count_on(here, table)
    return counts


def _as_of_one_moment(source: Engine) -> Engine:
    """SQLite's readers see the moment of their first question; PostgreSQL has to be told."""
    only_reads = reading(source)
    if source.dialect.name == "sqlite":
        return only_reads
    return only_reads.execution_options(isolation_level="REPEATABLE READ")


def _in_pieces(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    # A case that repeats an older one names it, so the older one has to be there first.
    order = [table.c.opened_at, table.c.number] if table.name == "cases" else list(table.primary_key)
    found = connection.execution_options(yield_per=AT_ONCE).execute(select(table).order_by(*order)).mappings()
    for rows in found.partitions():
        yield [dict(row) for row in rows]


def _count_on(connection: Connection, table: Table) -> None:
    """PostgreSQL numbers new rows by a counter that does not look at the rows that are there."""
    column = table.autoincrement_column
    if connection.dialect.name == "sqlite" or column is None:
        return
    counter = f"pg_get_serial_sequence('{table.name}', '{column.name}')"
    highest = f"(SELECT max({column.name}) FROM {table.name})"
    connection.execute(text(f"SELECT setval({counter}, {highest}) WHERE {counter} IS NOT NULL AND {highest} > 0"))


def has_rows(engine: Engine) -> bool:
    """Whether there is anything in a database, whatever its version."""
    with begin(reading(engine)) as connection:
        there = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
        return any(connection.execute(text(f'SELECT 1 FROM "{name}" LIMIT 1')).first() for name in there)
