"""Writing a version once, and proving later that nothing in it has changed."""

import hashlib
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import mkdtemp

from training.errors import AlreadyFrozen, DatasetError
from training.freeze.manifest import FILE, FrozenManifest, read_manifest

SHEETS = "sheets"
CARD = "card.md"
Contents = Mapping[str, Callable[[], bytes]]
"""Path below the version → what gives its bytes."""


def write_version(root: Path, manifest: FrozenManifest, contents: Contents, extras: Contents) -> Path:
    """Write `root/name/version`, whole or not at all.

    Args:
        root: folder of all data sets.
        manifest: what is in it.
        contents: every file that the manifest lists.
        extras: card and contact sheets.

    Raises:
        AlreadyFrozen: the version exists.
        DatasetError: a file is not what the manifest says.
    """
    home = root / manifest.name
    version = home / manifest.version
    if version.exists():
        raise AlreadyFrozen(version)
    home.mkdir(parents=True, exist_ok=True)
    draft = Path(mkdtemp(prefix=".draft-", dir=home))
    try:
        draft.chmod(0o755)
        for name, give in contents.items():
            _write(draft / name, give())
        for name, text in manifest.texts().items():
            _write(draft / name, text.encode())
        for name, give in extras.items():
            _write(draft / name, give())
        _write(draft / FILE, manifest.as_bytes())
        _check(draft, manifest)
        draft.rename(version)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return version


def verify_version(folder: Path) -> FrozenManifest:
    """Check every file of a version against its hash, and that there is no other.

    The card and the contact sheets explain the data and are not part of it: only their presence is not held against
    the version.

    Raises:
        DatasetError: something was changed, added or removed.
    """
    manifest = read_manifest(folder)
    _check(folder, manifest)
    return manifest


def _check(folder: Path, manifest: FrozenManifest) -> None:
    expected = {str(name): digest for picture in manifest.pictures for name, digest in picture.files.items()}
    expected |= {name: hashlib.sha256(text.encode()).hexdigest() for name, text in manifest.texts().items()}
    found = {path.relative_to(folder).as_posix() for path in _files(folder)}
    explaining = {name for name in found if name == CARD or name.startswith(f"{SHEETS}/")}
    for name in sorted(expected.keys() - found):
        raise DatasetError(f"{folder} lacks {name}: it was changed after it was frozen; freeze again")
    for name in sorted(found - expected.keys() - explaining - {FILE}):
        raise DatasetError(f"{folder} holds {name}, which does not belong to it: remove that file")
    for name, digest in expected.items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
            raise DatasetError(f"{folder / name} was changed after it was frozen; freeze again")


def _files(folder: Path) -> list[Path]:
    return [Path(place) / name for place, _, names in os.walk(folder) for name in names]


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    path.chmod(0o444)
