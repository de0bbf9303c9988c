"""Bringing a database to the tables of this version."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, inspect

from api.errors import StoreError, TooNew
from api.store.engine import begin, open_engine
from inference.crossings import crossing

MIGRATIONS = Path(__file__).parent / "migrations"


def newest() -> str:
    """The revision of this version; each file of the migrations begins with its own."""
    return max(path.stem for path in (MIGRATIONS / "versions").glob("[0-9]*.py")).partition("_")[0]


def upgrade(url: str, *, to: str | None = None) -> None:
    """Make the tables, or bring them up to date; does nothing where they are.

    All steps run in one transaction: a process that dies in the middle leaves the database as it was.

    Args:
        url: as for `SqlStore`.
        to: the revision to stop at; by default the newest.

    Raises:
        TooNew: a newer version made it.
        StoreError: the database cannot be opened or written, or rows in it refer to nothing.
    """
    engine = open_engine(url)
    if engine.dialect.name == "sqlite":
        # SQLite changes a table by making a new one in its place, which others then still refer to.
        event.listen(engine, "connect", _without_foreign_keys)
    try:
        with begin(engine) as connection:
            if _revision(connection) == (to or newest()):
                return
            _migrate(connection, to or newest())
            crossing("upgrade.migrated")
            if engine.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise StoreError("the database has rows that refer to nothing; restore a backup, then upgrade again")
    finally:
        engine.dispose()


def _revision(connection: Connection) -> str | None:
    """At which revision the database is; None where it has no tables of ours."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def _migrate(connection: Connection, to: str) -> None:
    from alembic import command  # a third of a second, which no start with an up-to-date database has to wait for
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, to)
    except CommandError as error:
        raise TooNew(
            f"the database was made by a newer version of jiexun ({error}); install that one, or restore a backup"
        ) from None


def _without_foreign_keys(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA foreign_keys=OFF")
