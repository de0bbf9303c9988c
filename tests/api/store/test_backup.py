"""A backup that is taken while everything goes on is whole; restored elsewhere it is what it was."""

import os
import shutil
import sqlite3
import stat
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from api.audit.key import FILE, signing_key
from api.audit.notary import Notary
from api.backup import Installation, back_up, restore
from api.errors import BackupError
from api.purging import purge
from api.store.store import SqlStore
from cases.audit.verifier import follow
from cases.desk import Desk
from cases.dossier import Dossier
from cases.intake import Intake
from cases.retention import Retention
from cases.states import CaseState
from inference.evidence.folder import FolderStore
from tests.case_builders import NOON, HandClock, a_city, a_finding, some_evidence
from tests.rigs.databases import Databases


class Street:
    """Findings come in with their evidence, and are confirmed."""

    def __init__(self, installation: Installation) -> None:
        self.store = SqlStore(installation.database)
        self.evidence = FolderStore(installation.evidence)
        self.seen = 0
        self.acked: list[str] = []
        self.intake = Intake(self.store, a_city(), clock=HandClock(), new_id=lambda: os.urandom(16).hex())
        self.desk = Desk(self.store, a_city(), clock=HandClock(), new_id=lambda: os.urandom(16).hex())

    def happen(self) -> None:
        self.seen += 1
        picture = f"picture {self.seen}".encode()
        ref = replace(some_evidence(self.evidence.put(picture)), size_bytes=len(picture))
        taken = self.intake.take(a_finding(f"f{self.seen}", zone=f"zone-{self.seen}", evidence=(ref,)))
        assert taken.case is not None
        self.desk.confirm(taken.case.id, version=1, by="li")
        self.acked.append(taken.case.id)


@pytest.fixture
def source(url: str, tmp_path: Path) -> Installation:
    (tmp_path / "here").mkdir()
    return Installation(database=url, evidence=tmp_path / "here" / "evidence", data=tmp_path / "here")


@pytest.fixture
def street(source: Installation) -> Street:
    built = Street(source)
    for _ in range(5):
        built.happen()
    signing_key(source.data)
    return built


def target_at(folder: Path, database: str) -> Installation:
    folder.mkdir()
    return Installation(database=database, evidence=folder / "evidence", data=folder)


def dossiers(store: SqlStore) -> dict[str, Dossier]:
    return {case.id: store.dossier(case.id) for case in store.cases(limit=10_000).items}


def test_a_drill_under_load(source: Installation, street: Street, databases: Databases, tmp_path: Path) -> None:
    stop = threading.Event()

    def load() -> None:
        while not stop.is_set():
            street.happen()

    worker = threading.Thread(target=load)
    worker.start()
    try:
        before = list(street.acked)
        copied = back_up(source, tmp_path / "backup", at=NOON)
    finally:
        stop.set()
        worker.join()
    with databases.empty() as url:
        target = target_at(tmp_path / "there", url)
        restored = restore(tmp_path / "backup", target)
        assert restored.rows == copied.rows
        with SqlStore(url) as store:
            there, here = dossiers(store), dossiers(street.store)
            assert set(before) <= set(there)
            assert all(dossier.case.version in (1, 2) for dossier in there.values())
            assert {name: here[name] for name in before} == {name: there[name] for name in before}
            kept = FolderStore(target.evidence)
            assert all(kept.get(ref.sha256) for d in there.values() for f in d.findings for ref in f.evidence)
            assert len(list(follow(entry.record() for entry in store.audit_entries()))) == restored.rows["audit"]
            again = Street(target)  # and it goes on from there
            again.seen = 10_000
            again.happen()
            assert Notary(store, signing_key(target.data), clock=HandClock()).sign() is not None
            again.store.close()
    assert (tmp_path / "there" / FILE).read_bytes() == (source.data / FILE).read_bytes()
    assert stat.S_IMODE((tmp_path / "there" / FILE).stat().st_mode) == 0o600
    street.store.close()


def test_a_target_that_holds_anything_is_refused(source: Installation, street: Street, tmp_path: Path) -> None:
    back_up(source, tmp_path / "backup", at=NOON)
    with pytest.raises(BackupError, match="not empty"):
        restore(tmp_path / "backup", source)
    with pytest.raises(BackupError, match="exists already"):
        back_up(source, tmp_path / "backup", at=NOON)
    street.store.close()


def _cut_a_picture(folder: Path) -> None:
    next(folder.glob("evidence/??/*")).write_bytes(b"x")


def _lose_a_picture(folder: Path) -> None:
    next(folder.glob("evidence/??/*")).unlink()


def _change_a_row(folder: Path) -> None:
    with sqlite3.connect(folder / "database.db") as connection:
        connection.execute("UPDATE cases SET department = 'nobody'")
    connection.close()


def _lose_the_manifest(folder: Path) -> None:
    (folder / "backup.json").unlink()


@pytest.mark.parametrize("damage", [_cut_a_picture, _lose_a_picture, _change_a_row, _lose_the_manifest])
def test_a_damaged_backup_is_refused_and_leaves_nothing(
    source: Installation, street: Street, databases: Databases, tmp_path: Path, damage: object
) -> None:
    back_up(source, tmp_path / "backup", at=NOON)
    assert callable(damage)
    damage(tmp_path / "backup")
    with databases.empty() as url:
        target = target_at(tmp_path / "there", url)
        with pytest.raises(BackupError, match=r"not whole|no backup"):
            restore(tmp_path / "backup", target)
        assert not target.evidence.exists()
    street.store.close()


def test_evidence_that_is_gone_is_said_so(source: Installation, street: Street, tmp_path: Path) -> None:
    next(source.evidence.glob("??/*")).write_bytes(b"changed")
    with pytest.raises(BackupError, match=r"lacks 1 pieces of evidence: [0-9a-f]{64} is damaged"):
        back_up(source, tmp_path / "backup", at=NOON)
    assert (tmp_path / "backup" / "backup.json").is_file()
    street.store.close()


def test_evidence_whose_time_was_over_is_not_missed(source: Installation, street: Street, tmp_path: Path) -> None:
    ref = some_evidence(street.evidence.put(b"old"))
    case = street.intake.take(a_finding("old", zone="old", evidence=(ref,))).case
    assert case is not None
    street.desk.reject(case.id, version=1, by="li", reason="a permitted bay")
    later = HandClock(NOON + timedelta(days=40))
    with SqlStore(source.database, clock=later) as store:
        retention = Retention(days={CaseState.REJECTED: 30})
        assert purge(store.purging, street.evidence, retention, by="li", clock=later) == 1
    assert back_up(source, tmp_path / "backup", at=NOON).evidence == 5
    street.store.close()


def test_a_plain_copy_of_the_file_is_no_backup(sqlite_files: Databases, tmp_path: Path) -> None:
    with sqlite_files.upgraded() as url:
        (tmp_path / "here").mkdir()
        installation = Installation(database=url, evidence=tmp_path / "e", data=tmp_path)
        street = Street(installation)
        street.happen()
        shutil.copyfile(url.removeprefix("sqlite:///"), tmp_path / "copy.db")
        with SqlStore(f"sqlite:///{tmp_path}/copy.db") as copy:
            assert copy.summary().cases < street.store.summary().cases
        street.store.close()
