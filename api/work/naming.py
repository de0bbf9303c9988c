"""A worker's name: the same again after it was killed and started anew on the same machine."""

import fcntl
import hashlib
import os
import re
import socket
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from api.errors import SettingsError


@contextmanager
def worker_name(folder: Path) -> Generator[str]:
    """The first name that no living process on this machine has, e.g. `gate-house-3f9c-1`; it is ours during the block.

    A lock on a file in `folder` says that a name is taken. The system lets go of it when the process dies, however that
    happens, so whoever is started next has the dead one's name, and with it the cameras.

    Args:
        folder: of the installation on this machine; it is made where it is not there.

    Raises:
        SettingsError: the folder cannot be written.
    """
    host = re.sub(r"[^A-Za-z0-9.-]", "-", socket.gethostname())[:60] or "host"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        name, descriptor = _first_free(folder, f"{host}-{_mark(folder)}")
    except OSError as error:
        raise SettingsError(f"{folder} cannot be written ({error.strerror}); let us write into it") from None
    try:
        yield name
    finally:
        os.close(descriptor)


def _first_free(folder: Path, name: str) -> tuple[str, int]:
    """The name with a number, and the file whose lock makes it ours."""
    number = 1
    while True:
        descriptor = os.open(folder / f"{name}-{number}.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            number += 1
            continue
        return f"{name}-{number}", descriptor


def _mark(folder: Path) -> str:
    """Tells installations of one machine apart, which may share a database."""
    found = folder.stat()
    return hashlib.sha256(f"{folder.resolve()}|{found.st_dev}|{found.st_ino}".encode()).hexdigest()[:4]
