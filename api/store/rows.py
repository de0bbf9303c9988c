"""Between rows and what they mean."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from cases.case import Case, Sighting
from cases.filing import Channel, Filing, FilingState
from cases.history import Entry, Proof
from cases.states import Act, CaseState
from inference.findings import EvidenceRef, EvidenceRole, Finding, ViolationKind
from inference.geo import LatLon

Row = Mapping[Any, Any]


def case_row(case: Case) -> dict[str, Any]:
    """The columns of a case, without its sightings, which are its findings' rows."""
    return {
        "id": case.id,
        "number": case.number,
        "kind": case.kind.value,
        "state": case.state.value,
        "version": case.version,
        "camera": case.camera,
        "zone": case.zone,
        "area": case.area,
        **_place_columns(case.place),
        "first_seen": case.first_seen,
        "last_seen": case.last_seen,
        "confidence": case.confidence,
        "opened_at": case.opened_at,
        "ended_at": case.ended_at,
        "recurrence_of": case.recurrence_of,
        "department": case.department,
        "duty_line": case.duty_line,
        "duty_edition": case.duty_edition,
        "deadline_at": case.deadline_at,
        "proofs": [_proof_json(proof) for proof in case.proofs],
    }


def case_from(row: Row, sightings: Sequence[Sighting]) -> Case:
    """A case from its row and those of its findings."""
    return Case(
        id=row["id"],
        number=row["number"],
        kind=ViolationKind(row["kind"]),
        state=CaseState(row["state"]),
        version=row["version"],
        camera=row["camera"],
        zone=row["zone"],
        area=row["area"],
        place=_place(row),
        first_seen=row["first_seen"],
        last_seen=row["last_seen"],
        confidence=row["confidence"],
        sightings=tuple(sightings),
        opened_at=row["opened_at"],
        ended_at=row["ended_at"],
        recurrence_of=row["recurrence_of"],
        department=row["department"],
        duty_line=row["duty_line"],
        duty_edition=row["duty_edition"],
        deadline_at=row["deadline_at"],
        proofs=tuple(_proof(proof) for proof in row["proofs"]),
    )


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
        **_place_columns(finding.where),
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
        where=_place(row),
        zone=row["zone"],
        rule=row["rule"],
        evidence=tuple(evidence),
    )


def sighting_from(row: Row) -> Sighting:
    """What a case remembers of a finding, from the finding's row."""
    box = (row["x1"], row["y1"], row["x2"], row["y2"])
    return Sighting(key=row["key"], camera=row["camera"], zone=row["zone"], box=box)


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


def entry_row(entry: Entry, case_id: str) -> dict[str, Any]:
    """The columns of one line of history."""
    return {
        "case_id": case_id,
        "at": entry.at,
        "actor": entry.actor,
        "act": entry.act.value,
        "before": entry.before.value if entry.before else None,
        "after": entry.after.value,
        "reason": entry.reason,
        "proofs": [_proof_json(proof) for proof in entry.proofs],
    }


def entry_from(row: Row) -> Entry:
    """One line of history from its row."""
    return Entry(
        at=row["at"],
        actor=row["actor"],
        act=Act(row["act"]),
        before=CaseState(row["before"]) if row["before"] else None,
        after=CaseState(row["after"]),
        reason=row["reason"],
        proofs=tuple(_proof(proof) for proof in row["proofs"]),
    )


def filing_row(filing: Filing) -> dict[str, Any]:
    """The columns of a delivery."""
    return {
        "id": filing.id,
        "case_id": filing.case_id,
        "department": filing.department,
        "channel": filing.channel.value,
        "state": filing.state.value,
        "created_at": filing.created_at,
        "next_try_at": filing.next_try_at,
        "attempts": filing.attempts,
        "lease": filing.lease,
        "leased_until": filing.leased_until,
        "sent_at": filing.sent_at,
        "reference": filing.reference,
        "error": filing.error,
    }


def filing_from(row: Row) -> Filing:
    """A delivery from its row."""
    return Filing(
        id=row["id"],
        case_id=row["case_id"],
        department=row["department"],
        channel=Channel(row["channel"]),
        state=FilingState(row["state"]),
        created_at=row["created_at"],
        next_try_at=row["next_try_at"],
        attempts=row["attempts"],
        lease=row["lease"],
        leased_until=row["leased_until"],
        sent_at=row["sent_at"],
        reference=row["reference"],
        error=row["error"],
    )


def _place_columns(place: LatLon | None) -> dict[str, float | None]:
    return {"lat": place.lat if place else None, "lon": place.lon if place else None}


def _place(row: Row) -> LatLon | None:
    return None if row["lat"] is None else LatLon(lat=row["lat"], lon=row["lon"])


def _proof_json(proof: Proof) -> dict[str, Any]:
    return {
        "sha256": proof.sha256,
        "media_type": proof.media_type,
        "size_bytes": proof.size_bytes,
        "taken_at": proof.taken_at.isoformat(),
    }


def _proof(written: Row) -> Proof:
    return Proof(
        sha256=written["sha256"],
        media_type=written["media_type"],
        size_bytes=written["size_bytes"],
        taken_at=datetime.fromisoformat(written["taken_at"]),
    )
