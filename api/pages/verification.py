"""Whether a finding's evidence is still what it was, computed now."""

from dataclasses import dataclass

from inference.errors import EvidenceError
from inference.evidence.manifest import verify_manifest
from inference.evidence.store import EvidenceStore
from inference.findings import EvidenceRole, Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The result.

    Attributes:
        holds: everything is there and unchanged.
        count: how many files were computed.
        trouble: what is missing or changed; empty where it holds.
    """

    holds: bool
    count: int = 0
    trouble: str = ""


def verify_finding(finding: Finding, store: EvidenceStore) -> Verification:
    """Compute the hash of everything that a finding rests on, and compare with its manifest and with the database."""
    manifests = [ref.sha256 for ref in finding.evidence if ref.role is EvidenceRole.MANIFEST]
    if len(manifests) != 1:
        return Verification(holds=False, trouble=f"the finding has {len(manifests)} manifests instead of one")
    try:
        manifest = verify_manifest(store.get(manifests[0]), store.get, sha256=manifests[0])
    except EvidenceError as error:
        return Verification(holds=False, trouble=str(error))
    listed = {(item.role, item.of, item.sha256) for item in manifest.items}
    named = {(ref.role, ref.of, ref.sha256) for ref in finding.evidence if ref.role is not EvidenceRole.MANIFEST}
    if manifest.finding != finding.key or listed != named:
        return Verification(holds=False, trouble="the manifest lists other evidence than the database")
    return Verification(holds=True, count=len(manifest.items) + 1)
