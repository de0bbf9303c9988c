"""Writing a bundle to a file: whole, or not at all."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from errno import ENOENT
from pathlib import Path
from tempfile import mkstemp
from typing import IO


@contextmanager
def written_whole(path: Path) -> Generator[IO[bytes]]:
    """A file that takes its name at the end of the block, and disappears if an error leaves it.

    Raises:
        OSError: it cannot be written there.
    """
    if not path.parent.is_dir():  # mkstemp would speak of a name that nobody gave
        raise FileNotFoundError(ENOENT, os.strerror(ENOENT), str(path.parent))
    descriptor, name = mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w+b") as draft:
            yield draft
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
