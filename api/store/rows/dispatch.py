"""Rows of sub-tasks, direct orders and records of consultations."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any

from api.store.rows.history import proof_from, proof_json
from api.store.rows.places import Row
from cases.consultation import Consultation
from cases.direct_order import DirectOrder
from cases.subtask import Subtask, SubtaskState


@dataclass(frozen=True, slots=True)
class Beside:
    """What people dispatched about one case, each in its order."""

    subtasks: list[Subtask] = field(default_factory=list[Subtask])
    orders: list[DirectOrder] = field(default_factory=list[DirectOrder])
    consultations: list[Consultation] = field(default_factory=list[Consultation])


NOTHING_BESIDE = Beside()

_AS_THEY_ARE = (
    "department",
    "task",
    "turn",
    "given_by",
    "given_at",
    "due_at",
    "answered_by",
    "answered_at",
    "note",
)


def subtask_row(subtask: Subtask, case_id: str, position: int) -> dict[str, Any]:
    """The columns of a sub-task; `position` is its place among those of its case."""
    return {
        **{name: getattr(subtask, name) for name in _AS_THEY_ARE},
        "case_id": case_id,
        "position": position,
        "state": subtask.state.value,
        "proofs": [proof_json(proof) for proof in subtask.proofs],
    }


def subtask_from(row: Row) -> Subtask:
    """A sub-task from its row."""
    return Subtask(
        **{name: row[name] for name in _AS_THEY_ARE},
        state=SubtaskState(row["state"]),
        proofs=tuple(proof_from(proof) for proof in row["proofs"]),
    )


def order_row(order: DirectOrder, case_id: str | None, position: int) -> dict[str, Any]:
    """The columns of a direct order; `position` is its place among those of its case, if it is about one."""
    return {**asdict(order), "case_id": case_id, "position": position}


def order_from(row: Row) -> DirectOrder:
    """A direct order from its row."""
    return DirectOrder(**{one.name: row[one.name] for one in fields(DirectOrder)})


def consultation_row(record: Consultation, case_id: str, position: int) -> dict[str, Any]:
    """The columns of a consultation; `position` is its place among those of its case."""
    return {
        **asdict(record),
        "participants": list(record.participants),
        "case_id": case_id,
        "position": position,
    }


def consultation_from(row: Row) -> Consultation:
    """A consultation from its row."""
    written: dict[str, Any] = {one.name: row[one.name] for one in fields(Consultation)}
    written["participants"] = tuple(row["participants"])
    return Consultation(**written)
