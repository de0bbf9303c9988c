"""Databases with their tables made: every test that asks for `url` or `store` runs on SQLite and on PostgreSQL."""

from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Protocol

import pytest

from api.store.store import SqlStore
from tests.rigs import postgres
from tests.rigs.empty_database import empty_database
from tests.rigs.postgres import PostgresRig


class Databases(Protocol):
    """One kind of database, and how to get a fresh one."""

    def empty(self) -> AbstractContextManager[str]:
        """The URL of a database without tables."""
        ...

    def upgraded(self) -> AbstractContextManager[str]:
        """The URL of a database with all tables."""
        ...


@dataclass
class SqliteFiles:
    """SQLite in a folder."""

    folder: Path

    def __post_init__(self) -> None:
        self._numbers = count(1)

    @contextmanager
    def empty(self) -> Generator[str]:
        yield f"sqlite:///{self.folder}/{next(self._numbers)}.db"

    @contextmanager
    def upgraded(self) -> Generator[str]:
        yield empty_database(self.folder / f"{next(self._numbers)}.db")


@dataclass
class PostgresDatabases:
    """Databases on the rig's server."""

    rig: PostgresRig

    def empty(self) -> AbstractContextManager[str]:
        return self.rig.database(template="template0")

    def upgraded(self) -> AbstractContextManager[str]:
        return self.rig.database()


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
