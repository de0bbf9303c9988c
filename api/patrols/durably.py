"""Files that are there whole or not at all, also after a power cut."""

import os
import secrets
from pathlib import Path

from inference.crossings import crossing


def write_whole(place: Path, data: bytes) -> None:
    """Write a file beside its place, sync it, and rename it into its place; then sync the folder.

    Raises:
        OSError: it cannot be written; nothing half-written stays behind.
    """
    draft = place.with_name(f".{place.name}.{secrets.token_hex(8)}.part")
    try:
        with draft.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        crossing("frame.drafted")
        draft.replace(place)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(place.parent)


def make_folder(folder: Path) -> None:
    """Make a folder and its parents so that they outlive a power cut.

    Raises:
        OSError: it cannot be made.
    """
    missing = [part for part in (folder, *folder.parents) if not part.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for part in missing:
        sync_folder(part.parent)


def sync_folder(folder: Path) -> None:
    """Make what was renamed in a folder, or removed from it, last.

    Raises:
        OSError: it cannot be synced.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
