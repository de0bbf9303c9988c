"""From an empty file to the tables of this version."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from api.errors import StoreError
from api.store.engine import open_engine
from api.store.store import SqlStore
from api.store.tables import metadata
from api.store.upgrade import MIGRATIONS, upgrade
from cases.intake import Intake
from tests.api.store.conftest import Databases
from tests.case_builders import CountedIds, HandClock, a_city, a_finding


def test_the_migrations_end_at_the_tables_of_this_version(url: str) -> None:
    engine = open_engine(url)
    with engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_a_second_upgrade_keeps_everything(url: str) -> None:
    with SqlStore(url) as store:
        Intake(store, a_city(), clock=HandClock(), new_id=CountedIds()).take(a_finding())
    upgrade(url)
    with SqlStore(url) as store:
        assert store.summary().cases == 1


def test_an_upgrade_that_fails_leaves_the_database_as_it_was(databases: Databases) -> None:
    with databases.empty() as url:
        engine = open_engine(url)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE history (mine INTEGER)"))
        with pytest.raises(StoreError, match="history"):
            upgrade(url)
        assert inspect(engine).get_table_names() == ["history"]
        engine.dispose()


def test_there_is_one_line_of_migrations() -> None:
    assert len(ScriptDirectory(str(MIGRATIONS)).get_heads()) == 1
