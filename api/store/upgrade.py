"""Bringing a database to the tables of this version."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from api.store.engine import begin, open_engine

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(url: str) -> None:
    """Make the tables, or bring them up to date; does nothing where they are.

    All steps run in one transaction: a process that dies in the middle leaves the database as it was.

    Args:
        url: as for `SqlStore`.

    Raises:
        StoreError: the database cannot be opened or written.
    """
    engine = open_engine(url)
    try:
        with begin(engine) as connection:
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()
