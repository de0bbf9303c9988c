"""What a report makes of a case: it opens one, or adds what its reporter knows."""

from dataclasses import replace
from datetime import datetime

from cases.case import Case
from cases.report import Report
from cases.states import CaseState


def open_reported(
    report: Report, *, id: str, number: str, area: str | None, at: datetime, recurrence_of: str | None = None
) -> Case:
    """A new candidate that rests on one report. A place that is not exact is the report's alone."""
    return Case(
        id=id,
        number=number,
        kind=report.kind,
        state=CaseState.CANDIDATE,
        version=1,
        camera=None,
        zone=None,
        area=area,
        place=report.exact_place,
        first_seen=report.seen_at,
        last_seen=report.seen_at,
        confidence=None,
        sightings=(),
        opened_at=at,
        source=report.source,
        code=report.code,
        description=report.text,
        address=report.address,
        recurrence_of=recurrence_of,
    )


def with_report(case: Case, report: Report) -> Case:
    """The case with one more report. Its state and what it says already stay."""
    return replace(
        case,
        kind=case.kind or report.kind,
        code=case.code or report.code,
        place=case.place or report.exact_place,
        description=case.description or report.text,
        address=case.address or report.address,
        first_seen=min(case.first_seen, report.seen_at),
        last_seen=max(case.last_seen, report.seen_at),
    )
