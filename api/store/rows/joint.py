"""Rows of sub-tasks."""

from typing import Any

from api.store.rows.history import proof_from, proof_json
from api.store.rows.places import Row
from cases.subtask import Subtask, SubtaskState

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
