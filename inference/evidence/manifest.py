"""The list of everything that was kept for one finding, with the hash of each, and the check of it."""

import hashlib
import json
from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from inference.errors import EvidenceError
from inference.findings import EvidenceRole, ViolationKind

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Pixels = Annotated[int, Field(gt=0)]


class ManifestItem(BaseModel):
    """One kept file. `width` and `height` in pixels."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    role: EvidenceRole
    of: EvidenceRole | None
    sha256: Sha256
    media_type: str
    size_bytes: Annotated[int, Field(ge=0)]
    captured_at: AwareDatetime
    width: Pixels
    height: Pixels

    @property
    def name(self) -> str:
        """What a person calls it, e.g. `overlay of first`."""
        return f"{self.role} of {self.of}" if self.of else str(self.role)


class Manifest(BaseModel):
    """What was kept for a finding. `interval_seconds` lies between the first and the last panorama."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1]
    finding: str
    kind: ViolationKind
    camera: str
    first_captured_at: AwareDatetime
    last_captured_at: AwareDatetime
    interval_seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    items: tuple[ManifestItem, ...]

    def canonical(self) -> bytes:
        """The one way to write this manifest: UTF-8 JSON, keys sorted, no spaces, no escapes that are not needed."""
        text = json.dumps(
            self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        )
        return text.encode()


def verify_manifest(manifest_bytes: bytes, get: Callable[[str], bytes], *, sha256: str | None = None) -> Manifest:
    """Compute every hash again.

    Args:
        manifest_bytes: as kept.
        get: gives the bytes kept under a SHA-256, checked or not.
        sha256: of the manifest itself, from a place the manifest's keeper cannot write to. Without it a change of the
            manifest that leaves it well-formed, e.g. of a time, is not seen.

    Returns:
        The manifest, all of it true.

    Raises:
        EvidenceError: names the first item that is missing or changed.
    """
    if sha256 is not None and hashlib.sha256(manifest_bytes).hexdigest() != sha256:
        raise EvidenceError(f"the manifest {sha256} has been changed; restore it from a backup")
    try:
        manifest = Manifest.model_validate_json(manifest_bytes)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"]) or "the whole"
        raise EvidenceError(f"the manifest cannot be read ({where}); restore it from a backup") from error
    if manifest.canonical() != manifest_bytes:
        raise EvidenceError("the manifest has been changed; restore it from a backup")
    for item in manifest.items:
        _verify(item, get)
    return manifest


def _verify(item: ManifestItem, get: Callable[[str], bytes]) -> None:
    try:
        data = get(item.sha256)
    except EvidenceError as error:
        raise EvidenceError(f"{item.name}: {error}") from error
    if len(data) != item.size_bytes or hashlib.sha256(data).hexdigest() != item.sha256:
        raise EvidenceError(f"{item.name}: evidence {item.sha256} has been changed; restore it from a backup")
