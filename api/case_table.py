"""Cases as rows of a table: which columns there are, and every case that somebody sees, however many."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from api.spreadsheets import Cell
from api.store.questions import Questions
from cases.case import Case
from cases.states import CaseState
from inference.findings import ViolationKind

A_READ = 500
"""Cases that are read in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which cases: of any of the states (none: all), of a kind, of a department."""

    states: Sequence[CaseState] = ()
    kind: ViolationKind | None = None
    department: str | None = None

    def told(self) -> dict[str, Cell]:
        """The same for the audit log."""
        return {"states": " ".join(self.states), "kind": self.kind, "department": self.department}


Value = Cell | datetime
COLUMNS: dict[str, Callable[[Case], Value]] = {
    "number": lambda case: case.number,
    "state": lambda case: case.state,
    "kind": lambda case: case.kind,
    "code": lambda case: case.code,
    "source": lambda case: case.source,
    "department": lambda case: case.department,
    "area": lambda case: case.area,
    "address": lambda case: case.address,
    "latitude": lambda case: case.place.lat if case.place else None,
    "longitude": lambda case: case.place.lon if case.place else None,
    "camera": lambda case: case.camera,
    "opened_at": lambda case: case.opened_at,
    "filed_at": lambda case: case.filed_at,
    "dispatched_at": lambda case: case.dispatched_at,
    "accepted_at": lambda case: case.accepted_at,
    "handled_at": lambda case: case.handled_at,
    "ended_at": lambda case: case.ended_at,
    "deadline_at": lambda case: case.deadline_at,
    "overdue_at": lambda case: case.overdue_at,
    "returns": lambda case: case.return_count,
    "reworks": lambda case: case.rework_count,
    "extensions": lambda case: case.extension_count,
    "id": lambda case: case.id,
}
"""By name, in the order of the table. What people have said about a case is in the case alone."""


def every_case(seen: Questions, which: Filter, *, at_once: int = A_READ) -> Iterator[Case]:
    """Newest first. Each read is a transaction of its own; a case stands where it was opened, so none comes twice."""
    after: str | None = None
    while True:
        found = seen.cases(
            states=which.states, kind=which.kind, department=which.department, limit=at_once, after=after
        ).items
        yield from found
        if len(found) < at_once:
            return
        after = found[-1].id


def rows(cases: Iterator[Case]) -> Iterator[Sequence[Cell]]:
    """The table for programs: names of columns, identifiers, and times in UTC (ISO 8601)."""
    yield list(COLUMNS)
    for case in cases:
        yield [_plain(of(case)) for of in COLUMNS.values()]


def _plain(value: Value) -> Cell:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value
