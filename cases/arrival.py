"""What comes in at the one door, as the intake compares it: a camera's finding or somebody's report."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from cases.case import Sighting
from cases.report import Report
from cases.source import Source
from inference.findings import Finding, ViolationKind
from inference.geo import LatLon


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One finding or report, reduced to what tells whether it is about a case.

    Attributes:
        key: of the finding or report.
        source: by which way it came in.
        kind: what cameras call the matter; None where it is none of theirs.
        code: the city's code of the event; None where the duty list has none for the kind.
        place: where it can be compared with other places; None where nobody knows exactly.
        first_seen: aware UTC.
        last_seen: aware UTC.
        sighting: where in which camera's picture; None for a report.
    """

    key: str
    source: Source
    kind: ViolationKind | None
    code: str | None
    place: LatLon | None
    first_seen: datetime
    last_seen: datetime
    sighting: Sighting | None = None

    @property
    def off_metres(self) -> float:
        """How far its place may be off, one standard deviation; 0 for fixed cameras and what people say."""
        return (self.sighting.off_metres or 0.0) if self.sighting else 0.0

    @classmethod
    def of_finding(cls, finding: Finding, *, source: Source, code: str | None) -> Self:
        """A camera's finding; `code` is what the duty list calls its kind."""
        return cls(
            key=finding.key,
            source=source,
            kind=finding.kind,
            code=code,
            place=finding.where,
            first_seen=finding.first_seen,
            last_seen=finding.last_seen,
            sighting=Sighting.of(finding),
        )

    @classmethod
    def of_report(cls, report: Report) -> Self:
        """Somebody's report."""
        return cls(
            key=report.key,
            source=report.source,
            kind=report.kind,
            code=report.code,
            place=report.exact_place,
            first_seen=report.seen_at,
            last_seen=report.seen_at,
        )
