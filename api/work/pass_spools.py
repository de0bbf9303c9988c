"""Pictures of passes that may become evidence: a spool for each pass while it goes on, and one for all sites."""

import shutil
from pathlib import Path

from inference.crossings import crossing
from inference.errors import EvidenceError
from inference.evidence.spool import FolderSpool

SITES = "sites"


class PassSpools:
    """Spools in folders of their own. One process at a time works on them.

    Args:
        root: folder of all of them.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def sites(self) -> FolderSpool:
        """Of the sites, which all vehicles share.

        Raises:
            EvidenceError: it cannot be used.
        """
        return FolderSpool(self._root / SITES)

    def of(self, pass_id: str) -> FolderSpool:
        """Of one pass.

        Raises:
            EvidenceError: it cannot be used.
        """
        return FolderSpool(self._root / pass_id)

    def passes(self) -> tuple[str, ...]:
        """Passes that have one."""
        found = self._root.iterdir() if self._root.is_dir() else ()
        return tuple(sorted(path.name for path in found if path.name != SITES))

    def forget(self, pass_id: str) -> None:
        """Remove all pictures of a pass that is over: what became evidence lies elsewhere.

        Raises:
            EvidenceError: they cannot be removed.
        """
        folder = self._root / pass_id
        try:
            if folder.exists():
                shutil.rmtree(folder)
        except OSError as error:
            raise EvidenceError(
                f"pictures in {folder} cannot be removed ({error.strerror}); grant access to it"
            ) from None
        crossing("pass.forgotten")
