"""The bytes of recordings: they come in parts, at offsets, and go on where they stopped after any break."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from api.errors import PatrolError, UploadRefused
from api.patrols.durably import make_folder, sync_folder
from cases.patrolling.recording import Announced, Recording
from inference.crossings import crossing

MOST_PART_BYTES = 8 * 1024 * 1024
"""Of one request."""

LEAST_FREE_BYTES = 512 * 1024 * 1024
"""That stay free on the disk, for evidence and the database."""

CHUNK = 1024 * 1024
MARK = "looking"
"""Name of the file that says since which position a recording is looked through, and how often that was begun."""


class RecordingFiles:
    """Files of recordings, a folder each. Doors of several processes may write.

    Args:
        root: folder of all recordings.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def place(self, recording: Recording, part: str) -> Path:
        """Where a whole part lies. The end of its name says what form it has."""
        return self._root / recording.id / f"{part}{recording.files[part].suffix}"

    def offset(self, recording: Recording, part: str) -> int:
        """How many bytes of a part are there."""
        whole, growing = self.place(recording, part), self._growing(recording, part)
        with _explained():
            return next((path.stat().st_size for path in (whole, growing) if path.exists()), 0)

    def is_whole(self, recording: Recording) -> bool:
        """Whether all its parts are there and are what was announced."""
        return all(self.place(recording, part).exists() for part in recording.files)

    def append(self, recording: Recording, part: str, offset: int, data: bytes) -> int:
        """Write bytes behind those that are there; the last ones close the part.

        Returns:
            How many are there now.

        Raises:
            UploadRefused: they do not continue what is there, go beyond the announced length, or the whole is not what
                was announced: then it has to be sent again from its beginning.
            PatrolError: the disk takes none.
        """
        announced = recording.files[part]
        if self.place(recording, part).exists():
            return self._known(announced, offset, len(data))
        with _explained():
            make_folder(self._root / recording.id)
            if shutil.disk_usage(self._root).free < LEAST_FREE_BYTES + len(data):
                raise PatrolError("the disk is almost full; free space, then go on with the upload where it stopped")
            with self._growing(recording, part).open("ab") as file, _alone(file):
                here = file.tell()
                if offset != here:
                    raise UploadRefused(f"the next byte of the {part} is {here}, not {offset}; go on from there")
                if here + len(data) > announced.size_bytes:
                    raise UploadRefused(f"the {part} was announced with {announced.size_bytes} bytes; announce it anew")
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
                here += len(data)
                crossing("recording.appended")
                if here == announced.size_bytes:
                    self._close(recording, part)
            return here

    def close(self, recording: Recording) -> None:
        """Close parts of which every byte is there, but behind whose last one a door has died.

        Raises:
            UploadRefused: one is not what was announced; it has to be sent again from its beginning.
            PatrolError: the disk cannot be used.
        """
        for part, announced in recording.files.items():
            growing = self._growing(recording, part)
            with _explained():
                if growing.exists() and growing.stat().st_size == announced.size_bytes:
                    with growing.open("ab") as file, _alone(file):
                        if growing.exists():
                            self._close(recording, part)

    def ids(self) -> tuple[str, ...]:
        """Recordings of which something is there."""
        return tuple(sorted(path.name for path in self._root.iterdir())) if self._root.is_dir() else ()

    def last_written(self, recording: Recording) -> datetime:
        """When its last byte came (aware UTC); the beginning of time where none has.

        Raises:
            PatrolError: its files cannot be looked at.
        """
        with _explained():
            folder = self._root / recording.id
            times = [path.lstat().st_mtime for path in folder.iterdir()] if folder.is_dir() else []
        return datetime.fromtimestamp(max(times, default=0), UTC)

    def begin(self, recording: Recording, position: float) -> int:
        """Note that a process begins to look through it, and where.

        Returns:
            How many have begun at this very position before, one after the other, and come to no end: they have died.

        Raises:
            PatrolError: it cannot be noted.
        """
        mark = self._root / recording.id / MARK
        with _explained():
            try:
                where, times = mark.read_text(encoding="ascii").split()
                died = int(times) if float(where) == position else 0
            except (FileNotFoundError, ValueError):  # a mark that a power cut has torn counts as none
                died = 0
            mark.write_text(f"{position!r} {died + 1}", encoding="ascii")
        return died

    def end(self, recording: Recording) -> None:
        """Note that a process has come to its end with it, whichever that was.

        Raises:
            PatrolError: it cannot be noted.
        """
        with _explained():
            (self._root / recording.id / MARK).unlink(missing_ok=True)

    def forget(self, recording: Recording) -> None:
        """Remove its files, once nothing is to be looked through any more.

        Raises:
            PatrolError: they cannot be removed.
        """
        with _explained():
            folder = self._root / recording.id
            if folder.exists():
                shutil.rmtree(folder)

    def drop(self, recording: Recording, part: str) -> None:
        """Remove what has come of one part, because another one is announced in its place.

        Raises:
            PatrolError: it cannot be removed.
        """
        with _explained():
            self.place(recording, part).unlink(missing_ok=True)
            self._growing(recording, part).unlink(missing_ok=True)

    def point_to(self, recording: Recording, part: str, found: Path) -> None:
        """Take a file that lies elsewhere on this machine as a whole part; it stays where it is.

        Args:
            recording: of which it is a part.
            part: its name.
            found: where it lies, or will lie as soon as it counts.

        Raises:
            PatrolError: it cannot be noted.
        """
        with _explained():
            make_folder(self._root / recording.id)
            place = self.place(recording, part)
            place.unlink(missing_ok=True)
            place.symlink_to(found.absolute())
            sync_folder(place.parent)

    def _growing(self, recording: Recording, part: str) -> Path:
        return self._root / recording.id / f"{part}.part"

    def _known(self, announced: Announced, offset: int, length: int) -> int:
        if offset + length > announced.size_bytes:
            raise UploadRefused(f"all {announced.size_bytes} bytes are there; nothing more is awaited")
        return announced.size_bytes

    def _close(self, recording: Recording, part: str) -> None:
        growing = self._growing(recording, part)
        if sha256_of(growing) != recording.files[part].sha256:
            growing.unlink()
            raise UploadRefused(f"the {part} is not what its digest says; send it again from byte 0")
        growing.replace(self.place(recording, part))
        sync_folder(growing.parent)
        crossing("recording.closed")


def sha256_of(path: Path) -> str:
    """Hex SHA-256 of a file of any size.

    Raises:
        OSError: it cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


@contextmanager
def _alone(file: BinaryIO) -> Generator[None]:
    """Two senders of one part, e.g. an old connection that has not died yet, take turns."""
    fcntl.flock(file, fcntl.LOCK_EX)
    file.seek(0, os.SEEK_END)
    yield


@contextmanager
def _explained() -> Generator[None]:
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        raise PatrolError(f"the recording cannot be kept ({why}); free space or grant access, then go on") from error
