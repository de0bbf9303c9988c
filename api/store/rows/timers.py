"""Rows of timers and notices."""

from typing import Any

from api.store.rows.places import Row
from cases.clocks import ClockKind
from cases.escalation import Audience, Notice
from cases.limit import Limit
from cases.timers import Timer, TimerKind


def timer_row(timer: Timer) -> dict[str, Any]:
    """The columns of a timer."""
    return {
        "case_id": timer.case_id,
        "kind": timer.kind.value,
        "subject": timer.subject,
        "limit_amount": timer.limit.amount,
        "limit_clock": timer.limit.clock.value,
        "turn": timer.turn,
        "spent": timer.spent,
        "running_since": timer.running_since,
        "due_at": timer.due_at,
        "told": timer.told,
        "next_at": timer.next_at,
    }


def timer_from(row: Row) -> Timer:
    """A timer from its row."""
    return Timer(
        case_id=row["case_id"],
        kind=TimerKind(row["kind"]),
        subject=row["subject"],
        limit=Limit(amount=row["limit_amount"], clock=ClockKind(row["limit_clock"])),
        turn=row["turn"],
        spent=row["spent"],
        running_since=row["running_since"],
        due_at=row["due_at"],
        told=row["told"],
        next_at=row["next_at"],
    )


def notice_row(notice: Notice) -> dict[str, Any]:
    """The columns of a notice."""
    return {
        "id": notice.id,
        "case_id": notice.case_id,
        "audience": notice.audience.value,
        "name": notice.name,
        "about": notice.about,
        "step": notice.step,
        "at": notice.at,
        "read_at": notice.read_at,
        "read_by": notice.read_by,
    }


def notice_from(row: Row) -> Notice:
    """A notice from its row."""
    return Notice(
        id=row["id"],
        case_id=row["case_id"],
        audience=Audience(row["audience"]),
        name=row["name"],
        about=row["about"],
        step=row["step"],
        at=row["at"],
        read_at=row["read_at"],
        read_by=row["read_by"],
    )
