"""Backup and restore of a whole installation: database, evidence, and its two keys.

A backup is a folder: `database.db` (SQLite, whatever the installation uses), `evidence/`, `audit.key`, `doors.key` and
`backup.json`. It is written elsewhere and takes its name when it is whole.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from api.accounts import sealing
from api.audit import key
from api.errors import BackupError, TooNew
from api.store.copying import copy_rows, has_rows
from api.store.engine import begin, open_engine, reading
from api.store.tables import evidence as evidence_table
from api.store.tables import purged
from api.store.upgrade import upgrade
from inference.crossings import crossing
from inference.evidence.folder import FolderStore

DATABASE, EVIDENCE, MANIFEST = "database.db", "evidence", "backup.json"
FORMAT = 1
KEYS = (key.FILE, sealing.FILE)
"""What signs the audit log, and what second factors are sealed with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What is backed up or restored.

    Attributes:
        database: URL; a secret.
        evidence: folder of pictures.
        data: data folder, with the keys.
    """

    database: str
    evidence: Path
    data: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """How much a backup holds: rows by table, pieces of evidence, names of those that were damaged at the source."""

    rows: dict[str, int]
    evidence: int
    damaged: tuple[str, ...] = ()


def back_up(source: Installation, folder: Path, *, at: datetime) -> Copied:
    """Write a backup while everything goes on.

    Whatever was committed before this was called is in it, with its evidence: evidence is durable before the row that
    names it, and the rows are copied first.

    Raises:
        BackupError: the folder exists, or evidence that the rows name is missing.
        StoreError: the database cannot be read.
        EvidenceError: the backup cannot be written.
    """
    if folder.exists():
        raise BackupError(f"{folder} exists already; name a folder that does not")
    draft = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    kept = f"sqlite:///{(draft / DATABASE).absolute()}"
    upgrade(kept)
    rows = _copied(source.database, kept)
    crossing("backup.rows_copied")
    kept_evidence = FolderStore(draft / EVIDENCE)
    count, damaged = 0, list[str]()
    for sha256, data in _pieces(source.evidence):
        if hashlib.sha256(data).hexdigest() != sha256:
            damaged.append(sha256)
            continue
        kept_evidence.put(data)
        count += 1
    crossing("backup.evidence_copied")
    for name in KEYS:
        if (source.data / name).is_file():
            _copy_key(source.data / name, draft / name)
    copied = Copied(rows=rows, evidence=count, damaged=tuple(damaged))
    digest = hashlib.sha256((draft / DATABASE).read_bytes()).hexdigest()
    manifest = {"format": FORMAT, "at": at.isoformat(), "database": digest, "rows": rows, "evidence": count}
    _write(draft / MANIFEST, json.dumps(manifest, indent=1).encode())
    crossing("backup.whole")
    draft.rename(folder)
    crossing("backup.renamed")
    _check_evidence(kept.replace(str(draft.absolute()), str(folder.absolute())), folder, copied.damaged)
    return copied


def restore(folder: Path, target: Installation) -> Copied:
    """Put a backup into an installation that has nothing yet. Evidence goes first, the rows last and all at once.

    Raises:
        BackupError: the folder holds no backup or a damaged one, or the target is not empty.
        StoreError: the database cannot be written.
        EvidenceError: the evidence cannot be written.
    """
    manifest = _manifest(folder)
    upgrade(target.database)
    engine = open_engine(target.database)
    try:
        if has_rows(engine):
            raise BackupError("the database is not empty; name an empty one in JIEXUN_DATABASE_URL or JIEXUN_DATA_DIR")
    finally:
        engine.dispose()
    pieces = {sha256: hashlib.sha256(data).hexdigest() for sha256, data in _pieces(folder / EVIDENCE)}
    wrong = [name for name, found in pieces.items() if name != found]
    if wrong or len(pieces) != manifest["evidence"]:
        what = f"evidence {wrong[0]} is damaged" if wrong else f"{manifest['evidence']} pieces of evidence were kept"
        raise BackupError(f"{folder} is not whole: {what}; take another backup")
    kept = FolderStore(target.evidence)
    for _, data in _pieces(folder / EVIDENCE):
        kept.put(data)
    crossing("restore.evidence_kept")
    for name in KEYS:
        if (folder / name).is_file() and not (target.data / name).exists():
            _copy_key(folder / name, target.data / name)
    with TemporaryDirectory(prefix="jiexun-restore-") as scratch:
        shutil.copyfile(folder / DATABASE, Path(scratch) / DATABASE)
        old = f"sqlite:///{scratch}/{DATABASE}"
        try:
            upgrade(old)
        except TooNew:
            raise BackupError(f"{folder} was made by a newer version; install that one to restore it") from None
        rows = _copied(old, target.database)
    crossing("restore.rows_copied")
    return Copied(rows=rows, evidence=len(pieces))


def _copied(source: str, target: str) -> dict[str, int]:
    there, here = open_engine(source), open_engine(target)
    try:
        return copy_rows(there, here)
    finally:
        there.dispose()
        here.dispose()


def _pieces(root: Path) -> Iterator[tuple[str, bytes]]:
    """Name and content of everything in an evidence folder."""
    for path in sorted(root.glob("[0-9a-f][0-9a-f]/*")):
        yield path.name, path.read_bytes()


def _check_evidence(database: str, folder: Path, damaged: tuple[str, ...]) -> None:
    """Every picture that a row names has to be there, but for those whose time was over."""
    engine = open_engine(database)
    try:
        with begin(reading(engine)) as connection:
            named = set(connection.execute(select(evidence_table.c.sha256).distinct()).scalars())
            named -= set(connection.execute(select(purged.c.sha256).distinct()).scalars())
    finally:
        engine.dispose()
    there = {sha256 for sha256, _ in _pieces(folder / EVIDENCE)}
    missing = sorted(named - there)
    if missing:
        why = "is damaged" if missing[0] in damaged else "is missing"
        raise BackupError(
            f"{folder} was made, but lacks {len(missing)} pieces of evidence: {missing[0]} {why} at the source; "
            "restore them from an older backup"
        )


def _manifest(folder: Path) -> dict[str, int]:
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        whole = hashlib.sha256((folder / DATABASE).read_bytes()).hexdigest() == manifest["database"]
        known = manifest["format"] == FORMAT
    except (OSError, ValueError, KeyError, TypeError):
        raise BackupError(f"{folder} holds no backup; name a folder that `jiexun db backup` made") from None
    if not (whole and known):
        why = f"{DATABASE} has been changed" if known else "its format is another one"
        raise BackupError(f"{folder} is not whole: {why}; take another backup")
    return manifest


def _copy_key(source: Path, target: Path) -> None:
    """Whole or not at all: half a key would be taken for the installation's own by whoever goes on after a crash."""
    draft = target.with_name(f"{target.name}.{os.urandom(8).hex()}.tmp")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(source.read_bytes())
        file.flush()
        os.fsync(file.fileno())
    crossing("backup.key_written")
    draft.rename(target)


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
