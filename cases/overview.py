"""What pages show of many cases at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from cases.states import CaseState
from inference.findings import Finding, ViolationKind
from inference.geo import LatLon

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Item]):
    """Some of many. `total` counts all that the question would give."""

    items: tuple[Item, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledFinding:
    """A finding, the case it belongs to, and when it was written down (aware UTC)."""

    finding: Finding
    case_id: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Everything counted.

    Attributes:
        findings: all findings.
        cases: all cases.
        filed: cases that went to a department, whatever became of them.
        by_kind: cases of each kind; every kind is there.
        by_state: cases in each state; every state is there.
    """

    findings: int
    cases: int
    filed: int
    by_kind: Mapping[ViolationKind, int]
    by_state: Mapping[CaseState, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedCase:
    """What a map shows of a case; fields as in `Case`."""

    id: str
    number: str
    kind: ViolationKind | None
    state: CaseState
    department: str | None
    place: LatLon
    opened_at: datetime
    deadline_at: datetime | None
    overdue_at: datetime | None
