"""Rows of cases."""

from collections.abc import Sequence
from typing import Any

from api.store.rows.history import proof_from, proof_json
from api.store.rows.places import Row, place_columns, place_from
from cases.case import Case, Sighting
from cases.states import CaseState
from inference.findings import ViolationKind


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
        **place_columns(case.place),
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
        "proofs": [proof_json(proof) for proof in case.proofs],
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
        place=place_from(row),
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
        proofs=tuple(proof_from(proof) for proof in row["proofs"]),
    )
