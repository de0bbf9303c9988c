"""Bringing a database to the tables of this version."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import event

from api.errors import StoreError
from api.store.engine import begin, open_engine
from inference.crossings import crossing

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(url: str, *, to: str = "head") -> None:
    """Make the tables, or bring them up to date; does nothing where they are.

    All steps run in one transaction: a process that dies in the middle leaves the database as it was.

    Args:
        url: as for `SqlStore`.
        to: the revision to stop at.

    Raises:
        StoreError: the database cannot be opened or written, or rows in it refer to nothing.
    """
    engine = open_engine(url)
    if engine.dialect.name == "sqlite":
        # SQLite changes a table by making a new one in its place, which others then still refer to.
        event.listen(engine, "connect", _without_foreign_keys)
    try:
        with begin(engine) as connection:
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
            config.attributes["connection"] = connection
            command.upgrade(config, to)
            crossing("upgrade.migrated")
            if engine.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise StoreError("the database has rows that refer to nothing; restore a backup, then upgrade again")
    finally:
        engine.dispose()


def _without_foreign_keys(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA foreign_keys=OFF")
