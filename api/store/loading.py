"""Reading whole cases and findings, with a fixed number of questions whatever their number."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, Select, exists, select
from sqlalchemy.engine import RowMapping

from api.store import rows, tables, time_book
from api.store.dispatch_book import load_beside
from api.store.rows.dispatch import NOTHING_BESIDE, Beside
from cases.case import Case, Sighting
from cases.dossier import Dossier
from cases.errors import CaseNotFound
from cases.verdict import Verdict
from inference.findings import EvidenceRef, Finding

_SEEN = (
    tables.findings.c.case_id,
    tables.findings.c.key,
    tables.findings.c.camera,
    tables.findings.c.zone,
    tables.findings.c.x1,
    tables.findings.c.y1,
    tables.findings.c.x2,
    tables.findings.c.y2,
    tables.findings.c.lat,
    tables.findings.c.lon,
    tables.findings.c.uncertainty,
)


def load_cases(connection: Connection, which: Select[tuple[object, ...]]) -> tuple[Case, ...]:
    """The cases that `which` (a select of the table of cases) gives, in its order."""
    found = connection.execute(which).mappings().all()
    sightings: defaultdict[str, list[Sighting]] = defaultdict(list)
    beside: Mapping[str, Beside] = {}
    if found:
        ids = [row["id"] for row in found]
        seen = select(*_SEEN).where(tables.findings.c.case_id.in_(ids)).order_by(tables.findings.c.id)
        for row in connection.execute(seen).mappings():
            sightings[row["case_id"]].append(rows.sighting_from(row))
        beside = load_beside(connection, ids)
    return tuple(rows.case_from(row, sightings[row["id"]], beside.get(row["id"], NOTHING_BESIDE)) for row in found)


def with_evidence(connection: Connection, found: Sequence[RowMapping]) -> tuple[Finding, ...]:
    """The findings of these rows, with their evidence."""
    evidence: defaultdict[int, list[EvidenceRef]] = defaultdict(list)
    if found:
        table = tables.evidence
        held = select(table).where(table.c.finding_id.in_([row["id"] for row in found])).order_by(table.c.position)
        for row in connection.execute(held).mappings():
            evidence[row["finding_id"]].append(rows.evidence_from(row))
    return tuple(rows.finding_from(row, evidence[row["id"]]) for row in found)


def load_dossier(connection: Connection, case_id: str) -> Dossier:
    """A case with everything that belongs to it.

    Raises:
        CaseNotFound: there is none.
    """
    found = load_cases(connection, select(tables.cases).where(tables.cases.c.id == case_id))
    if not found:
        raise CaseNotFound(f"there is no case {case_id}; look it up in the list of cases")
    findings = select(tables.findings).where(tables.findings.c.case_id == case_id).order_by(tables.findings.c.id)
    history = select(tables.history).where(tables.history.c.case_id == case_id).order_by(tables.history.c.id)
    filings = select(tables.filings).where(tables.filings.c.case_id == case_id).order_by(tables.filings.c.sequence)
    reports = select(tables.reports).where(tables.reports.c.case_id == case_id).order_by(tables.reports.c.id)
    return Dossier(
        case=found[0],
        findings=with_evidence(connection, connection.execute(findings).mappings().all()),
        history=tuple(rows.entry_from(row) for row in connection.execute(history).mappings()),
        filings=tuple(rows.filing_from(row) for row in connection.execute(filings).mappings()),
        reports=tuple(rows.report_from(row) for row in connection.execute(reports).mappings()),
        verdicts=_verdicts(connection, tables.findings.c.case_id == case_id),
        timers=time_book.timers_of(connection, case_id),
        notices=time_book.notices_of(connection, case_id),
    )


def load_judged(
    connection: Connection, *, after: int, limit: int
) -> tuple[int, tuple[tuple[Finding, tuple[Verdict, ...]], ...]]:
    """The next findings that somebody judged, with all that was said of them, oldest first.

    Args:
        connection: inside a transaction.
        after: where to go on: what the call before gave, or 0.
        limit: how many findings at most.

    Returns:
        Where to go on, and the findings; none at the end.
    """
    said = exists().where(tables.verdicts.c.finding == tables.findings.c.key)
    which = select(tables.findings).where(tables.findings.c.id > after, said).order_by(tables.findings.c.id)
    found = connection.execute(which.limit(limit)).mappings().all()
    if not found:
        return after, ()
    by_finding: defaultdict[str, list[Verdict]] = defaultdict(list)
    for verdict in _verdicts(connection, tables.findings.c.id.in_([row["id"] for row in found])):
        by_finding[verdict.finding].append(verdict)
    findings = with_evidence(connection, found)
    return found[-1]["id"], tuple((finding, tuple(by_finding[finding.key])) for finding in findings)


def _verdicts(connection: Connection, of_finding: ColumnElement[bool]) -> tuple[Verdict, ...]:
    which = select(tables.verdicts).join(tables.findings, tables.findings.c.key == tables.verdicts.c.finding)
    ordered = which.where(of_finding).order_by(tables.verdicts.c.id)
    return tuple(rows.verdict_from(row) for row in connection.execute(ordered).mappings())
