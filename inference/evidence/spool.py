"""Where pictures wait that may become evidence: kept like evidence, but thrown away when nothing comes of them."""

import hashlib
from collections.abc import Set as AbstractSet
from typing import Protocol

from inference.crossings import crossing
from inference.errors import EvidenceError
from inference.evidence.folder import FolderStore
from inference.evidence.store import EvidenceStore


class Spool(EvidenceStore, Protocol):
    """An evidence store that can also forget. Each camera has its own: what one gives up, another may still need."""

    def discard(self, sha256: str) -> None:
        """Forget what was kept under `sha256`; nothing happens where there is none."""
        ...

    def keep_only(self, names: AbstractSet[str]) -> None:
        """Forget everything else, e.g. pictures of a look that a crash kept from being written down."""
        ...


class FolderSpool(FolderStore):
    """A spool on a local disk, so that a restart finds what cameras had kept."""

    def discard(self, sha256: str) -> None:
        """Forget what was kept under `sha256`.

        Raises:
            EvidenceError: the file cannot be removed.
        """
        with self._explained("removed"):
            crossing("spool.discarding")
            self._place(sha256).unlink(missing_ok=True)
            crossing("spool.discarded")

    def keep_only(self, names: AbstractSet[str]) -> None:
        """Forget everything but `names`.

        Raises:
            EvidenceError: a file cannot be removed.
        """
        with self._explained("removed"):
            for path in self._root.glob("[0-9a-f][0-9a-f]/*"):
                if path.name not in names:
                    path.unlink(missing_ok=True)
                    crossing("spool.swept")


class MemorySpool:
    """A spool that lives as long as the process: for `inspect`, where nothing has to survive a restart."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def put(self, data: bytes) -> str:
        """Keep `data` and give its hex SHA-256."""
        sha256 = hashlib.sha256(data).hexdigest()
        self._kept[sha256] = data
        return sha256

    def get(self, sha256: str) -> bytes:
        """Give back what was kept under `sha256`.

        Raises:
            EvidenceError: it was never kept, or thrown away.
        """
        if sha256 not in self._kept:
            raise EvidenceError(f"no picture {sha256} is kept; it was thrown away or never seen")
        return self._kept[sha256]

    def discard(self, sha256: str) -> None:
        """Forget what was kept under `sha256`."""
        self._kept.pop(sha256, None)

    def keep_only(self, names: AbstractSet[str]) -> None:
        """Forget everything but `names`."""
        self._kept = {name: data for name, data in self._kept.items() if name in names}
