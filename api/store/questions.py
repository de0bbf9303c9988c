"""What pages and commands ask. Reads only, waits for nobody."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, Engine, Select, Table, func, or_, select

from api.store import rows
from api.store.engine import begin
from api.store.loading import load_cases, load_dossier, with_evidence
from api.store.report_book import ReportBook
from api.store.tables import breakers, cameras, cases, evidence, filings, findings, history
from cases.breaker import Breaker
from cases.case import Case
from cases.dossier import Dossier
from cases.errors import CaseNotFound
from cases.filing import NEEDS_A_PERSON, Filing
from cases.overview import FiledFinding, Page, Summary
from cases.ports import CameraMemory
from cases.report import Attachment
from cases.states import WITH_DEPARTMENT, Act, CaseState
from inference.findings import EvidenceRef, EvidenceRole, ViolationKind


class Questions:
    """Every method is one reading transaction."""

    def __init__(self, reading: Engine) -> None:
        self._reading = reading

    def camera_memory(self, camera: str) -> CameraMemory | None:
        """What the worker of `camera` wrote last, or None where it never did."""
        with begin(self._reading) as connection:
            row = connection.execute(select(cameras).where(cameras.c.camera == camera)).mappings().first()
        return CameraMemory(**row) if row else None

    def findings(
        self, *, kind: ViolationKind | None = None, camera: str | None = None, limit: int = 50, offset: int = 0
    ) -> Page[FiledFinding]:
        """Findings, newest first."""
        which = select(findings)
        if kind is not None:
            which = which.where(findings.c.kind == kind.value)
        if camera is not None:
            which = which.where(findings.c.camera == camera)
        with begin(self._reading) as connection:
            ordered = which.order_by(findings.c.id.desc()).limit(limit).offset(offset)
            found = connection.execute(ordered).mappings().all()
            pairs = zip(found, with_evidence(connection, found), strict=True)
            items = tuple(
                FiledFinding(finding=finding, case_id=row["case_id"], recorded_at=row["recorded_at"])
                for row, finding in pairs
            )
            return Page(items=items, total=_count(connection, which))

    def finding(self, key: str) -> FiledFinding | None:
        """The finding of this key, or None where there is none."""
        with self._reading.begin() as connection:
            found = connection.execute(select(findings).where(findings.c.key == key)).mappings().all()
            for row, finding in zip(found, with_evidence(connection, found), strict=True):
                return FiledFinding(finding=finding, case_id=row["case_id"], recorded_at=row["recorded_at"])
        return None

    def crops(self, case_ids: Collection[str]) -> Mapping[str, EvidenceRef]:
        """The close-up of each case's first finding, by case; cases without one are left out."""
        which = (
            select(findings.c.case_id, evidence)
            .join(findings, findings.c.id == evidence.c.finding_id)
            .where(findings.c.case_id.in_(list(case_ids)), evidence.c.role == EvidenceRole.CROP.value)
            .order_by(findings.c.id.desc())
        )
        with self._reading.begin() as connection:
            return {row["case_id"]: rows.evidence_from(row) for row in connection.execute(which).mappings()}

    def cases(
        self,
        *,
        states: Collection[CaseState] = (),
        kind: ViolationKind | None = None,
        department: str | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> Page[Case]:
        """Cases, newest first. Without `states` in any state."""
        which = select(cases)
        if states:
            which = which.where(cases.c.state.in_([state.value for state in states]))
        if kind is not None:
            which = which.where(cases.c.kind == kind.value)
        if department is not None:
            which = which.where(cases.c.department == department)
        with begin(self._reading) as connection:
            ordered = which.order_by(cases.c.opened_at.desc(), cases.c.number.desc()).limit(limit).offset(offset)
            return Page(items=load_cases(connection, ordered), total=_count(connection, which))

    def inbox(self, department: str, *, limit: int = 50, offset: int = 0) -> Page[Case]:
        """What a department has to see to, nearest deadline first."""
        states = [state.value for state in WITH_DEPARTMENT]
        which = select(cases).where(cases.c.department == department, cases.c.state.in_(states))
        with begin(self._reading) as connection:
            ordered = which.order_by(cases.c.deadline_at, cases.c.number).limit(limit).offset(offset)
            return Page(items=load_cases(connection, ordered), total=_count(connection, which))

    def dossier(self, case_id: str) -> Dossier:
        """A case with everything that belongs to it.

        Raises:
            CaseNotFound: there is none.
        """
        with begin(self._reading) as connection:
            return load_dossier(connection, case_id)

    def case_called(self, name: str) -> Case:
        """The case with this number or id.

        Raises:
            CaseNotFound: there is none.
        """
        with begin(self._reading) as connection:
            found = load_cases(connection, select(cases).where(or_(cases.c.number == name, cases.c.id == name)))
        if not found:
            raise CaseNotFound(f"there is no case {name}; look it up in the list of cases")
        return found[0]

    def evidence(self, sha256: str) -> EvidenceRef | None:
        """The evidence of this name, or None where no finding rests on it."""
        with begin(self._reading) as connection:
            which = select(evidence).where(evidence.c.sha256 == sha256).limit(1)
            row = connection.execute(which).mappings().first()
        return rows.evidence_from(row) if row else None

    def attachment(self, sha256: str) -> Attachment | None:
        """The picture of this name that was sent for a report, or None where nobody sent it."""
        with begin(self._reading) as connection:
            return ReportBook(connection).attachment(sha256)

    def needs_a_person(self) -> tuple[Filing, ...]:
        """Deliveries that only a person can resolve, oldest first."""
        states = [state.value for state in NEEDS_A_PERSON]
        with begin(self._reading) as connection:
            which = select(filings).where(filings.c.state.in_(states)).order_by(filings.c.sequence)
            return tuple(rows.filing_from(row) for row in connection.execute(which).mappings())

    def breakers(self) -> tuple[Breaker, ...]:
        """What the senders know about each department that something was ever sent out to."""
        with begin(self._reading) as connection:
            which = select(breakers).order_by(breakers.c.department)
            return tuple(rows.breaker_from(row) for row in connection.execute(which).mappings())

    def summary(self) -> Summary:
        """Everything counted."""
        with begin(self._reading) as connection:
            filed = select(func.count(history.c.case_id.distinct())).where(history.c.act == Act.FILE.value)
            by_kind = _counts(connection, cases, "kind")
            by_state = _counts(connection, cases, "state")
            return Summary(
                findings=_count(connection, select(findings)),
                cases=sum(by_kind.values()),
                filed=connection.execute(filed).scalar_one(),
                by_kind={kind: by_kind.get(kind.value, 0) for kind in ViolationKind},
                by_state={state: by_state.get(state.value, 0) for state in CaseState},
            )


def _count(connection: Connection, which: Select[Any]) -> int:
    return connection.execute(select(func.count()).select_from(which.order_by(None).subquery())).scalar_one()


def _counts(connection: Connection, table: Table, column: str) -> dict[str, int]:
    counted = select(table.c[column], func.count()).group_by(table.c[column])
    return {str(name): int(count) for name, count in connection.execute(counted)}
