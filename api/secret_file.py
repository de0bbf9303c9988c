"""Writing a secret of this installation, once."""

import os
from pathlib import Path


def make_secret(path: Path, secret: bytes) -> None:
    """Write a secret that its owner alone can read: whole or not at all, and never in place of one that is there.

    Raises:
        OSError: it cannot be written.
    """
    draft = path.with_name(f"{path.name}.{os.urandom(8).hex()}.tmp")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secret)
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(draft)
    except FileExistsError:  # another process has just made one
        pass
    finally:
        draft.unlink()
