"""Rows of a case's history, and the proofs in them."""

from datetime import datetime
from typing import Any

from api.store.rows.places import Row
from cases.history import Entry, Proof
from cases.states import Act, CaseState


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
        "proofs": [proof_json(proof) for proof in entry.proofs],
        "choice": entry.choice,
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
        proofs=tuple(proof_from(proof) for proof in row["proofs"]),
        choice=row["choice"],
    )


def proof_json(proof: Proof) -> dict[str, Any]:
    """What a JSON column keeps of a proof."""
    return {
        "sha256": proof.sha256,
        "media_type": proof.media_type,
        "size_bytes": proof.size_bytes,
        "taken_at": proof.taken_at.isoformat(),
    }


def proof_from(written: Row) -> Proof:
    """A proof from what a JSON column kept."""
    return Proof(
        sha256=written["sha256"],
        media_type=written["media_type"],
        size_bytes=written["size_bytes"],
        taken_at=datetime.fromisoformat(written["taken_at"]),
    )
