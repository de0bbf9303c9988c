"""Rows of deliveries."""

from typing import Any

from api.store.rows.places import Row
from cases.filing import Channel, Filing, FilingState, Matter


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
        "tried_at": filing.tried_at,
        "asked": filing.asked,
        "token": filing.token,
        "follow_at": filing.follow_at,
        "their_state": filing.their_state,
        "probes": filing.probes,
        "matter": filing.matter.value,
        "subject": filing.subject,
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
        tried_at=row["tried_at"],
        asked=row["asked"],
        token=row["token"],
        follow_at=row["follow_at"],
        their_state=row["their_state"],
        probes=row["probes"],
        matter=Matter(row["matter"]),
        subject=row["subject"],
    )
