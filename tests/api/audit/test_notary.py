"""Heads are signed in time and carried to a second place; against them no change of the log goes unseen."""

import os
import stat
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import IO

import pytest
from sqlalchemy import Connection

from api.audit.bundle import Exporter
from api.audit.key import FILE, signing_key
from api.audit.notary import Notary
from api.errors import AuditError
from api.store.engine import open_engine
from api.store.store import SqlStore
from cases.audit.entry import Deed
from cases.audit.verifier import NotWhole, verify
from inference.evidence.folder import FolderStore
from tests.case_builders import HandClock
from tests.rigs.empty_database import empty_database

TAMPERINGS = int(os.environ.get("JIEXUN_TAMPERINGS", "12"))
"""How often each kind of change is tried; 72 makes a thousand of all kinds together."""


@pytest.fixture
def url(tmp_path: Path) -> str:
    return empty_database(tmp_path / "jiexun.db")


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def store(url: str, clock: HandClock) -> Iterator[SqlStore]:
    with SqlStore(url, clock=clock) as opened:
        yield opened


@pytest.fixture
def notary(store: SqlStore, clock: HandClock, tmp_path: Path) -> Notary:
    return Notary(
        store, signing_key(tmp_path), clock=clock, second_place=tmp_path / "elsewhere" / "heads", every_entries=5
    )


def happen(store: SqlStore, times: int = 1) -> None:
    with store.transaction() as book:
        for number in range(times):
            book.record(Deed(actor="li", what="account.login", object=f"li-{number}"))


def signed(store: SqlStore) -> list[int]:
    return [head.sequence for head in store.audit_heads()]


def test_what_is_new_is_signed_after_ten_minutes_or_many_entries(
    store: SqlStore, clock: HandClock, tmp_path: Path
) -> None:
    notary = Notary(store, signing_key(tmp_path), clock=clock, every_entries=5)
    assert notary.sign_if_due() is None
    happen(store)
    assert notary.sign_if_due() is None
    clock.forward(minutes=10)
    assert notary.sign_if_due() is not None
    happen(store, 4)
    assert notary.sign_if_due() is None
    happen(store)
    assert notary.sign_if_due() is not None
    clock.forward(hours=5)
    assert notary.sign_if_due() is None
    assert signed(store) == [1, 6]


def test_a_second_place_that_is_away_gets_what_it_missed(store: SqlStore, notary: Notary, tmp_path: Path) -> None:
    happen(store, 5)
    with pytest.raises(AuditError, match="they wait for it"):
        notary.sign_if_due()
    assert signed(store) == [5]
    (tmp_path / "elsewhere").mkdir()
    happen(store, 5)
    notary.sign_if_due()
    notary.sign_if_due()
    again = Notary(store, notary.key, clock=HandClock(), second_place=tmp_path / "elsewhere" / "heads")
    again.sign_if_due()
    assert len((tmp_path / "elsewhere" / "heads").read_text(encoding="utf-8").splitlines()) == 2


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    first = signing_key(tmp_path).public_pem
    assert signing_key(tmp_path).public_pem == first
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    (tmp_path / FILE).chmod(0o644)
    with pytest.raises(AuditError, match="can be read by others"):
        signing_key(tmp_path)
    assert [path.name for path in tmp_path.glob(f"{FILE}*")] == [FILE]


def test_a_key_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("secret", encoding="utf-8")
    (tmp_path / FILE).chmod(0o600)
    with pytest.raises(AuditError, match="restore it from a backup"):
        signing_key(tmp_path)


def tampered(url: str, what: Callable[[Connection], object]) -> None:
    """Change the database as its administrator can: without the triggers."""
    engine = open_engine(url)
    with engine.begin() as connection:
        for table in ("audit", "audit_heads"):
            for verb in ("update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
        what(connection)
    engine.dispose()


def _edit(connection: Connection, random: Random) -> None:
    column = random.choice(["actor", "what", "object", "payload", "salt", "hash", "payload_sha256"])
    number = random.randint(1, 30)
    connection.exec_driver_sql(f"UPDATE audit SET {column} = {column} || 'x' WHERE sequence = {number}")


def _delete_middle(connection: Connection, random: Random) -> None:
    connection.exec_driver_sql(f"DELETE FROM audit WHERE sequence = {random.randint(1, 29)}")


def _delete_tail(connection: Connection, random: Random) -> None:
    number = random.randint(0, 29)
    connection.exec_driver_sql(f"DELETE FROM audit WHERE sequence > {number}")
    connection.exec_driver_sql(f"DELETE FROM audit_heads WHERE sequence > {number}")


def _swap(connection: Connection, random: Random) -> None:
    one, other = random.sample(range(1, 31), 2)
    for was, now in ((one, -1), (other, one), (-1, other)):
        connection.exec_driver_sql(f"UPDATE audit SET sequence = {now} WHERE sequence = {was}")


def _rewrite(connection: Connection, random: Random) -> None:
    """The whole chain, made anew from some entry on, and all heads in the database thrown away."""
    from cases.audit.verifier import NOTHING_BEFORE, content_of, link

    first, previous = random.randint(1, 30), NOTHING_BEFORE
    rows = connection.exec_driver_sql("SELECT * FROM audit ORDER BY sequence").mappings().all()
    for row in rows:
        actor = "nobody" if row["sequence"] == first else row["actor"]
        at = f"{row['at'].replace(' ', 'T').removesuffix('.000000')}+00:00"
        previous = link(row["sequence"], previous, content_of({**row, "actor": actor, "at": at}))
        where = f"WHERE sequence = {row['sequence']}"
        connection.exec_driver_sql(f"UPDATE audit SET actor = '{actor}', hash = '{previous}' {where}")
    connection.exec_driver_sql("DELETE FROM audit_heads")


def _export_and_verify(exporter: Exporter, out: IO[bytes], heads: Path) -> None:
    exporter.log(out, by="auditor")
    out.flush()
    verify(out.name, heads)


@pytest.mark.parametrize("mutate", [_edit, _delete_middle, _delete_tail, _swap, _rewrite])
def test_a_log_that_was_changed_is_not_whole(
    url: str, store: SqlStore, clock: HandClock, tmp_path: Path, mutate: Callable[[Connection, Random], None]
) -> None:
    heads, file = tmp_path / "heads", tmp_path / "log.zip"
    notary = Notary(store, signing_key(tmp_path), clock=clock, second_place=heads, every_entries=10)
    exporter = Exporter(store=store, evidence=FolderStore(tmp_path / "evidence"), notary=notary)
    happen(store, 30)
    notary.sign_if_due()
    with file.open("wb") as out:
        exporter.log(out, by="auditor")
    assert verify(file, heads).startswith("whole: the log, audit entries 1 to 31, 1 heads of a second place")
    whole, random = (tmp_path / "jiexun.db").read_bytes(), Random(3)
    for _ in range(TAMPERINGS):
        tampered(url, lambda connection: mutate(connection, random))
        with file.open("wb") as out, pytest.raises((NotWhole, AuditError)):
            _export_and_verify(exporter, out, heads)
        store.close()
        (tmp_path / "jiexun.db").write_bytes(whole)
        (tmp_path / "jiexun.db-wal").unlink(missing_ok=True)


def test_nothing_is_signed_that_does_not_continue_what_was_signed(
    url: str, store: SqlStore, clock: HandClock, notary: Notary
) -> None:
    happen(store, 3)
    notary.sign()
    happen(store, 3)
    tampered(url, lambda connection: connection.exec_driver_sql("UPDATE audit SET actor='x' WHERE sequence = 5"))
    with pytest.raises(AuditError, match="entry 5 is not what was logged"):
        notary.sign()
    assert signed(store) == [3]
    clock.forward(minutes=timedelta(days=1).total_seconds() / 60)
    with pytest.raises(AuditError):
        notary.sign_if_due()
