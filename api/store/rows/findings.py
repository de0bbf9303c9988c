"""Rows of findings and of their evidence."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from api.store.rows.places import Row, place_columns, place_from
from cases.case import Sighting
from inference.findings import EvidenceRef, EvidenceRole, Finding, ViolationKind


def finding_row(finding: Finding, case_id: str, recorded_at: datetime) -> dict[str, Any]:
    """The columns of a finding, without its evidence."""
    x1, y1, x2, y2 = finding.box
    return {
        "key": finding.key,
        "case_id": case_id,
        "recorded_at": recorded_at,
        "kind": finding.kind.value,
        "camera": finding.camera,
        "zone": finding.zone,
        "rule": finding.rule,
        "object_class": finding.object_class,
        "first_seen": finding.first_seen,
        "last_seen": finding.last_seen,
        "seen_for": finding.seen_for,
        "confidence": finding.confidence,
        "x1": x1,
        "y1": y1,
        "x2": x2,
        "y2": y2,
        "uncertainty": finding.uncertainty,
        **place_columns(finding.where),
    }


def finding_from(row: Row, evidence: Sequence[EvidenceRef]) -> Finding:
    """A finding from its row and those of its evidence."""
    return Finding(
        key=row["key"],
        kind=ViolationKind(row["kind"]),
        camera=row["camera"],
        first_seen=row["first_seen"],
        last_seen=row["last_seen"],
        seen_for=row["seen_for"],
        confidence=row["confidence"],
        object_class=row["object_class"],
        box=(row["x1"], row["y1"], row["x2"], row["y2"]),
        where=place_from(row),
        zone=row["zone"],
        rule=row["rule"],
        evidence=tuple(evidence),
        uncertainty=row["uncertainty"],
    )


def sighting_from(row: Row) -> Sighting:
    """What a case remembers of a finding, from the finding's row."""
    box = (row["x1"], row["y1"], row["x2"], row["y2"])
    return Sighting(
        key=row["key"],
        camera=row["camera"],
        zone=row["zone"],
        box=box,
        place=place_from(row),
        off_metres=row["uncertainty"],
    )


def evidence_row(ref: EvidenceRef, finding_id: int, position: int) -> dict[str, Any]:
    """The columns of one piece of evidence."""
    return {
        "finding_id": finding_id,
        "position": position,
        "role": ref.role.value,
        "of": ref.of.value if ref.of else None,
        "sha256": ref.sha256,
        "media_type": ref.media_type,
        "size_bytes": ref.size_bytes,
        "captured_at": ref.captured_at,
    }


def evidence_from(row: Row) -> EvidenceRef:
    """One piece of evidence from its row."""
    return EvidenceRef(
        role=EvidenceRole(row["role"]),
        sha256=row["sha256"],
        media_type=row["media_type"],
        size_bytes=row["size_bytes"],
        captured_at=row["captured_at"],
        of=EvidenceRole(row["of"]) if row["of"] else None,
    )
