"""Rows of the audit log."""

from typing import Any

from api.store.rows.places import Row
from cases.audit.entry import AuditEntry, Head


def audit_row(entry: AuditEntry) -> dict[str, Any]:
    """The columns of an entry."""
    return {
        "sequence": entry.sequence,
        "at": entry.at,
        "actor": entry.actor,
        "what": entry.what,
        "object": entry.object,
        "payload": entry.payload,
        "payload_sha256": entry.payload_sha256,
        "salt": entry.salt,
        "hash": entry.hash,
    }


def audit_from(row: Row) -> AuditEntry:
    """An entry from its row."""
    return AuditEntry(**row)


def head_row(head: Head) -> dict[str, Any]:
    """The columns of a signed head."""
    return {"sequence": head.sequence, "at": head.at, "hash": head.hash, "signature": head.signature}


def head_from(row: Row) -> Head:
    """A signed head from its row."""
    return Head(**row)
