"""Databases with their tables made, SQLite and PostgreSQL alike, and how much of a rig runs on which."""

import os
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Protocol

from tests.rigs.empty_database import empty_database
from tests.rigs.postgres import PostgresRig


class Databases(Protocol):
    """One kind of database, and how to get a fresh one."""

    @property
    def is_postgresql(self) -> bool:
        """Whether it has a server of its own."""
        ...

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
    is_postgresql = False

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
    is_postgresql = True

    def empty(self) -> AbstractContextManager[str]:
        return self.rig.database(template="template0")

    def upgraded(self) -> AbstractContextManager[str]:
        return self.rig.database()


def how_many(variable: str, databases: Databases, *, sqlite: int, postgresql: int) -> int:
    """A number of the environment, else a small one of the database at hand.

    Where a property does not depend on the database, a few rounds on PostgreSQL show that it holds there, too.
    """
    return int(os.environ.get(variable) or (postgresql if databases.is_postgresql else sqlite))
