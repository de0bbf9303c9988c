"""Rows of cases."""

from collections.abc import Sequence
from typing import Any

from api.store.rows.dispatch import NOTHING_BESIDE, Beside
from api.store.rows.history import proof_from, proof_json
from api.store.rows.places import Row, place_columns, place_from
from api.store.rows.supervisions import supervision_from, supervision_json
from cases.appraisal.sets import appraised_at, handling_time, sets_of
from cases.case import Case, Sighting
from cases.limit import parse_limit
from cases.source import Source
from cases.standing import Appeal
from cases.states import CaseState
from inference.findings import ViolationKind

_AS_THEY_ARE = (
    "id",
    "number",
    "code",
    "version",
    "camera",
    "zone",
    "description",
    "address",
    "area",
    "first_seen",
    "last_seen",
    "confidence",
    "opened_at",
    "filed_at",
    "dispatched_at",
    "accepted_at",
    "handled_at",
    "ended_at",
    "recurrence_of",
    "department",
    "duty_line",
    "duty_edition",
    "deadline_at",
    "overdue_at",
    "suspended_until",
    "rework_count",
    "return_count",
    "extension_count",
    "extension_asked_at",
    "satisfied",
)
"""Columns that hold what the case holds under the same name."""


def case_row(case: Case) -> dict[str, Any]:
    """The columns of a case, without its sightings and what people dispatched: they have rows of their own."""
    return {
        **{name: getattr(case, name) for name in _AS_THEY_ARE},
        **place_columns(case.place),
        "source": case.source.value,
        "kind": case.kind.value if case.kind else None,
        "state": case.state.value,
        "handling_limit": str(case.limit) if case.limit else None,
        "appeal": case.appeal.value if case.appeal else None,
        "proofs": [proof_json(proof) for proof in case.proofs],
        "supervisions": [supervision_json(one) for one in case.supervisions],
        # So that a month is counted by the database, by the one definition that `cases.appraisal.sets` gives.
        "sets": int(sets_of(case)),
        "appraised_at": appraised_at(case),
        "handling_seconds": handling_time(case).total_seconds(),
    }


def case_from(row: Row, sightings: Sequence[Sighting], beside: Beside = NOTHING_BESIDE) -> Case:
    """A case from its row, those of its findings and those of what people dispatched."""
    return Case(
        **{name: row[name] for name in _AS_THEY_ARE},
        place=place_from(row),
        source=Source(row["source"]),
        kind=ViolationKind(row["kind"]) if row["kind"] else None,
        state=CaseState(row["state"]),
        limit=parse_limit(row["handling_limit"]) if row["handling_limit"] else None,
        appeal=Appeal(row["appeal"]) if row["appeal"] else None,
        proofs=tuple(proof_from(proof) for proof in row["proofs"]),
        sightings=tuple(sightings),
        subtasks=tuple(beside.subtasks),
        orders=tuple(beside.orders),
        consultations=tuple(beside.consultations),
        supervisions=tuple(supervision_from(one) for one in row["supervisions"]),
    )
