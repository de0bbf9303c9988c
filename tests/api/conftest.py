"""Databases with their tables made: every test that asks for `url` or `store` runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator

import pytest

from api.store.store import SqlStore
from tests.rigs import postgres
from tests.rigs.databases import Databases, PostgresDatabases, SqliteFiles
from tests.rigs.postgres import PostgresRig


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_rig() -> Iterator[PostgresRig]:
    if not postgres.is_there():
        pytest.skip(postgres.MISSING)
    rig = PostgresRig()
    yield rig
    rig.remove()


@pytest.fixture(scope="session")
def postgres_databases(postgres_rig: PostgresRig) -> PostgresDatabases:
    return PostgresDatabases(postgres_rig)


@pytest.fixture(params=["sqlite_files", "postgres_databases"], ids=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Databases:
    return request.getfixturevalue(request.param)


@pytest.fixture
def url(databases: Databases) -> Iterator[str]:
    with databases.upgraded() as fresh:
        yield fresh


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    with SqlStore(url) as opened:
        yield opened
