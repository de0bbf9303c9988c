"""Evidence in a folder: `<root>/ab/abcdef…`, one file per content (the media type lies in the reference).

A file is written elsewhere, synced, renamed into place, and its folder is synced: after `put` returns, the evidence
survives a power cut, and no reader ever sees half a file.
"""

import fcntl
import hashlib
import os
import re
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from inference.crossings import crossing
from inference.errors import EvidenceError

INCOMING = "incoming"
"""Folder of files that are still being written. Only a crash leaves any behind; they are removed on the next start."""

_SHA256 = re.compile(r"[0-9a-f]{64}")


class FolderStore:
    """An `EvidenceStore` on a local disk. Threads and processes may share one folder."""

    def __init__(self, root: Path) -> None:
        """Make the folder where it is missing, and remove what a crash left half-written.

        Args:
            root: the folder; its parents are made as well.

        Raises:
            EvidenceError: the folder cannot be made or used.
        """
        self._root = root
        with self._explained("prepared"):
            (root / INCOMING).mkdir(parents=True, exist_ok=True)
            with self._locked(fcntl.LOCK_EX):
                for leftover in (root / INCOMING).iterdir():
                    leftover.unlink()

    def put(self, data: bytes) -> str:
        """Keep `data` durably and give its hex SHA-256. Keeping the same bytes again changes nothing.

        Raises:
            EvidenceError: it cannot be written; nothing half-written stays behind.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        place = self._place(sha256)
        with self._explained("written"):
            place.parent.mkdir(exist_ok=True)
            crossing("evidence.folder_made")
            _sync_folder(self._root)  # also where the folder is there: who made it may have died before this line
            if not (place.is_file() and place.read_bytes() == data):
                self._write(data, place)
            _sync_folder(place.parent)
            crossing("evidence.kept")
        return sha256

    def get(self, sha256: str) -> bytes:
        """Give back what was kept under `sha256`, checked against its name.

        Raises:
            EvidenceError: there is no such evidence, or it is not what its name says.
        """
        if not _SHA256.fullmatch(sha256):
            raise EvidenceError(f"evidence is named by 64 hex digits of SHA-256, not by {sha256[:80]!r}")
        place = self._place(sha256)
        with self._explained("read"):
            if not place.is_file():
                raise EvidenceError(f"there is no evidence {sha256} in {self._root}; restore it from a backup")
            data = place.read_bytes()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise EvidenceError(f"evidence {sha256} in {self._root} has been changed; restore it from a backup")
        return data

    def discard(self, sha256: str) -> None:
        """Forget what was kept under `sha256`; nothing happens where there is none.

        Raises:
            EvidenceError: the file cannot be removed.
        """
        with self._explained("removed"):
            crossing("evidence.discarding")
            self._place(sha256).unlink(missing_ok=True)
            crossing("evidence.discarded")

    def _place(self, sha256: str) -> Path:
        return self._root / sha256[:2] / sha256

    def _write(self, data: bytes, place: Path) -> None:
        draft = self._root / INCOMING / f"{place.name}.{secrets.token_hex(8)}.tmp"
        with self._locked(fcntl.LOCK_SH):
            try:
                with draft.open("xb") as file:
                    crossing("evidence.opened")
                    file.write(data)
                    file.flush()
                    crossing("evidence.written")
                    os.fsync(file.fileno())
                crossing("evidence.synced")
                draft.replace(place)
                crossing("evidence.renamed")
            except BaseException:
                draft.unlink(missing_ok=True)
                raise

    @contextmanager
    def _locked(self, how: int) -> Generator[None]:
        """Writers share the lock and clearing up excludes them: a living process never loses its draft."""
        folder = os.open(self._root, os.O_RDONLY)
        try:
            fcntl.flock(folder, how)
            yield
        finally:
            os.close(folder)

    @contextmanager
    def _explained(self, verb: str) -> Generator[None]:
        try:
            yield
        except OSError as error:
            why = error.strerror or str(error)
            raise EvidenceError(
                f"evidence cannot be {verb} in {self._root} ({why}); free space there or grant access to it"
            ) from error


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
