"""A finding's evidence as files that a person can open, in a folder of its own."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from inference.errors import EvidenceError
from inference.findings import EvidenceRef, Finding

SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png", "application/json": ".json"}


def check_out(out: Path) -> None:
    """Say before the work, and without writing anything, that albums could not be written to `out`.

    Raises:
        EvidenceError: it, or the folder that it would be made in, is no folder or not ours to write to.
    """
    present = next(folder for folder in (out, *out.absolute().parents) if folder.exists())
    if not (present.is_dir() and os.access(present, os.W_OK | os.X_OK)):
        why = "no write access" if present.is_dir() else f"{present} is no folder"
        raise EvidenceError(f"the evidence cannot be written to {out} ({why}); choose another --out folder")


def write_album(finding: Finding, get: Callable[[str], bytes], out: Path) -> dict[str, Path]:
    """Write all evidence of a finding to `<out>/<kind>-<key>/`.

    The folder appears whole or not at all; one that is there already from an earlier run is replaced.

    Args:
        finding: with its evidence.
        get: gives the bytes kept under a SHA-256.
        out: parent folder, made where it is missing.

    Returns:
        The files by what they show, e.g. `first`, `overlay-last`, `original-first`.

    Raises:
        EvidenceError: the folder cannot be written.
    """
    folder = out / f"{finding.kind.value}-{finding.key[:12]}"
    draft = out / f".{folder.name}.part"
    try:
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        names = {_title(ref): _title(ref) + _suffix(ref) for ref in finding.evidence}
        for ref in finding.evidence:
            (draft / names[_title(ref)]).write_bytes(get(ref.sha256))
        if folder.exists():
            shutil.rmtree(folder)
        draft.replace(folder)
    except OSError as error:
        why = error.strerror or str(error)
        raise EvidenceError(f"the evidence cannot be written to {out} ({why}); choose another --out folder") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return {title: folder / name for title, name in names.items()}


def _title(ref: EvidenceRef) -> str:
    return f"{ref.role.value}-{ref.of.value}" if ref.of else ref.role.value


def _suffix(ref: EvidenceRef) -> str:
    media_type = ref.media_type.partition(";")[0]
    return SUFFIXES.get(media_type, "." + media_type.partition("/")[2])
