"""Which of a finding's pictures a page shows, and in what order."""

from inference.findings import EvidenceRef, EvidenceRole, Finding

_ORDER = (
    (EvidenceRole.OVERLAY, EvidenceRole.FIRST),
    (EvidenceRole.OVERLAY, EvidenceRole.LAST),
    (EvidenceRole.CROP, None),
    (EvidenceRole.FIRST, None),
    (EvidenceRole.LAST, None),
    (EvidenceRole.BEST, None),
    (EvidenceRole.PUBLIC, None),
)


def crop_of(finding: Finding) -> EvidenceRef | None:
    """The target alone; else the most telling picture there is."""
    by_role = {ref.role: ref for ref in reversed(finding.evidence) if ref.media_type == "image/jpeg"}
    wanted = (EvidenceRole.CROP, EvidenceRole.BEST, EvidenceRole.LAST, EvidenceRole.FIRST, EvidenceRole.PUBLIC)
    return next((by_role[role] for role in wanted if role in by_role), None)


def shown_pictures(finding: Finding) -> tuple[EvidenceRef, ...]:
    """All pictures that a browser can show, the explained ones first; originals and the list are left to the table."""
    pictures = [ref for ref in finding.evidence if ref.media_type == "image/jpeg"]
    ordered = [
        ref
        for role, of in _ORDER
        for ref in pictures
        if ref.role is role and (of is None or ref.of is None or ref.of is of)
    ]
    return tuple(dict.fromkeys(ordered))
