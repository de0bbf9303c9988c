"""What a JSON column keeps of a case's supervision orders: they are few, and always read with their case."""

from datetime import datetime
from typing import Any

from api.store.rows.places import Row
from cases.supervision import Supervision, SupervisionKind, SupervisionLevel, SupervisionState


def supervision_json(one: Supervision) -> dict[str, Any]:
    """What the column keeps of one order."""
    return {
        "number": one.number,
        "kind": one.kind.value,
        "level": one.level.value,
        "requirement": one.requirement,
        "ordered_by": one.ordered_by,
        "ordered_at": one.ordered_at.isoformat(),
        "reply_by": _written(one.reply_by),
        "state": one.state.value,
        "reply": one.reply,
        "replied_by": one.replied_by,
        "replied_at": _written(one.replied_at),
        "lifted_by": one.lifted_by,
        "lifted_at": _written(one.lifted_at),
        "lifted_because": one.lifted_because,
    }


def supervision_from(written: Row) -> Supervision:
    """An order from what the column kept."""
    return Supervision(
        number=written["number"],
        kind=SupervisionKind(written["kind"]),
        level=SupervisionLevel(written["level"]),
        requirement=written["requirement"],
        ordered_by=written["ordered_by"],
        ordered_at=datetime.fromisoformat(written["ordered_at"]),
        reply_by=_read(written["reply_by"]),
        state=SupervisionState(written["state"]),
        reply=written["reply"],
        replied_by=written["replied_by"],
        replied_at=_read(written["replied_at"]),
        lifted_by=written["lifted_by"],
        lifted_at=_read(written["lifted_at"]),
        lifted_because=written["lifted_because"],
    )


def _written(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _read(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
