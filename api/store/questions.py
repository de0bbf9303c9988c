"""What pages and commands ask. Reads only, waits for nobody."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    Table,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.engine import RowMapping

from api.store import rows
from api.store.dispatch_questions import DispatchQuestions
from api.store.engine import begin
from api.store.loading import load_cases, load_dossier, load_judged, with_evidence
from api.store.recheck_book import RecheckRows
from api.store.report_book import ReportBook
from api.store.tables import (
    breakers,
    cameras,
    cases,
    evidence,
    filings,
    findings,
    report_pictures,
    reports,
    verifications,
)
from cases.breaker import Breaker
from cases.case import Case
from cases.dossier import Dossier
from cases.errors import CaseNotFound
from cases.filing import NEEDS_A_PERSON, Filing
from cases.overview import FiledFinding, Page, Summary
from cases.ports import CameraMemory
from cases.reach import EVERYTHING, Reach, only_public, without_persons, without_words
from cases.recheck import Recheck
from cases.report import Attachment
from cases.states import WITH_DEPARTMENT, CaseState
from cases.verdict import Verdict
from cases.verification import Verification
from inference.findings import EvidenceRef, EvidenceRole, Finding, ViolationKind


class Questions(DispatchQuestions):
    """Every method is one reading transaction.

    Args:
        reading: an engine whose transactions only read.
        reach: what lies beyond it is neither shown nor counted, as if it did not exist.
    """

    def __init__(self, reading: Engine, reach: Reach = EVERYTHING) -> None:
        super().__init__(reading, reach)

    def within(self, reach: Reach) -> "Questions":
        """The same questions, asked by somebody with this reach."""
        return Questions(self._reading, reach)

    def camera_memory(self, camera: str) -> CameraMemory | None:
        """What the worker of `camera` wrote last, or None where it never did."""
        with begin(self._reading) as connection:
            row = connection.execute(select(cameras).where(cameras.c.camera == camera)).mappings().first()
        return CameraMemory(**row) if row else None

    def findings(
        self,
        *,
        kind: ViolationKind | None = None,
        camera: str | None = None,
        seen: tuple[datetime, datetime] | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> Page[FiledFinding]:
        """Findings, newest first; those that were seen last between two instants, where these are given."""
        which = select(findings).where(*self._of_mine(findings))
        if kind is not None:
            which = which.where(findings.c.kind == kind.value)
        if camera is not None:
            which = which.where(findings.c.camera == camera)
        if seen is not None:
            which = which.where(findings.c.last_seen.between(*seen))
        with begin(self._reading) as connection:
            ordered = which.order_by(findings.c.id.desc()).limit(limit).offset(offset)
            found = connection.execute(ordered).mappings().all()
            return Page(items=self._filed(connection, found), total=_count(connection, which))

    def finding(self, key: str) -> FiledFinding | None:
        """The finding of this key, or None where there is none."""
        which = select(findings).where(findings.c.key == key, *self._of_mine(findings))
        with begin(self._reading) as connection:
            found = self._filed(connection, connection.execute(which).mappings().all())
        return found[0] if found else None

    def crops(self, case_ids: Collection[str]) -> Mapping[str, EvidenceRef]:
        """The close-up of each case's first finding, by case; cases without one are left out."""
        which = (
            select(findings.c.case_id, evidence)
            .join(findings, findings.c.id == evidence.c.finding_id)
            .where(findings.c.case_id.in_(list(case_ids)), evidence.c.role == self._telling.value)
            .where(*self._of_mine(findings))
            .order_by(findings.c.id.desc())
        )
        with begin(self._reading) as connection:
            return {row["case_id"]: rows.evidence_from(row) for row in connection.execute(which).mappings()}

    def cases(
        self,
        *,
        states: Collection[CaseState] = (),
        kind: ViolationKind | None = None,
        department: str | None = None,
        limit: int = 50,
        offset: int = 0,
        after: str | None = None,
    ) -> Page[Case]:
        """Cases, newest first. Without `states` in any state; `after` is the id of the last case already seen.

        Raises:
            CaseNotFound: there is no case of this id to go on after.
        """
        which = select(cases).where(*self._mine)
        if states:
            which = which.where(cases.c.state.in_([state.value for state in states]))
        if kind is not None:
            which = which.where(cases.c.kind == kind.value)
        if department is not None:
            which = which.where(cases.c.department == department)
        with begin(self._reading) as connection:
            ordered = which.order_by(cases.c.opened_at.desc(), cases.c.number.desc()).limit(limit).offset(offset)
            if after is not None:
                ordered = ordered.where(tuple_(cases.c.opened_at, cases.c.number) < self._place(connection, after))
            return Page(items=self._shown(load_cases(connection, ordered)), total=_count(connection, which))

    def candidates(self, *, limit: int) -> Page[Case]:
        """What waits for a verdict on something that a camera saw, the oldest first."""
        seen = exists().where(findings.c.case_id == cases.c.id)
        which = select(cases).where(cases.c.state == CaseState.CANDIDATE.value, seen, *self._mine)
        with begin(self._reading) as connection:
            ordered = which.order_by(cases.c.opened_at, cases.c.number).limit(limit)
            return Page(items=self._shown(load_cases(connection, ordered)), total=_count(connection, which))

    def inbox(self, department: str, *, limit: int = 50, offset: int = 0) -> Page[Case]:
        """What a department has to see to, nearest deadline first."""
        states = [state.value for state in WITH_DEPARTMENT]
        which = select(cases).where(cases.c.department == department, cases.c.state.in_(states), *self._mine)
        with begin(self._reading) as connection:
            ordered = which.order_by(cases.c.deadline_at, cases.c.number).limit(limit).offset(offset)
            return Page(items=self._shown(load_cases(connection, ordered)), total=_count(connection, which))

    def dossier(self, case_id: str) -> Dossier:
        """A case with everything that belongs to it.

        Raises:
            CaseNotFound: there is none.
        """
        with begin(self._reading) as connection:
            dossier = load_dossier(connection, case_id)
        if not self._reach.covers(dossier.case):
            raise CaseNotFound(f"there is no case {case_id}; look it up in the list of cases")
        return dossier if self._reach.personal else without_persons(dossier)

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
        which = (
            select(evidence)
            .join(findings, findings.c.id == evidence.c.finding_id)
            .where(evidence.c.sha256 == sha256, *self._of_mine(findings))
        )
        if not self._reach.personal:
            which = which.where(evidence.c.role == EvidenceRole.PUBLIC.value)
        with begin(self._reading) as connection:
            row = connection.execute(which.limit(1)).mappings().first()
        return rows.evidence_from(row) if row else None

    def judged(self, batch: int = 200) -> Iterator[tuple[Finding, tuple[Verdict, ...]]]:
        """Every finding that somebody judged, with all that was said of it, oldest first; `batch` at a time."""
        after = 0
        while True:
            with begin(self._reading) as connection:
                after, found = load_judged(connection, after=after, limit=batch)
            if not found:
                return
            yield from found

    def attachment(self, sha256: str) -> Attachment | None:
        """The picture of this name that was sent for a report, or None where nobody sent it."""
        named = select(reports.c.id).join(report_pictures, report_pictures.c.report_key == reports.c.key)
        with begin(self._reading) as connection:
            if self._mine:
                mine = named.where(report_pictures.c.sha256 == sha256, *self._of_mine(reports)).limit(1)
                if not self._reach.personal or connection.execute(mine).first() is None:
                    return None
            return ReportBook(connection).attachment(sha256)

    def verifications(self, *, assignee: str | None = None, limit: int = 50) -> tuple[Verification, ...]:
        """Tasks that nobody has answered, the most urgent first; of one person, or of all."""
        which = select(verifications).where(verifications.c.result.is_(None), *self._of_mine(verifications))
        if assignee is not None:
            which = which.where(verifications.c.assignee == assignee)
        ordered = which.order_by(verifications.c.rank, verifications.c.due_at, verifications.c.id).limit(limit)
        with begin(self._reading) as connection:
            return tuple(rows.verification_from(row) for row in connection.execute(ordered).mappings())

    def verification(self, id: str) -> Verification | None:
        """The task of this id, or None where there is none."""
        with begin(self._reading) as connection:
            return ReportBook(connection).verification(id)

    def open_rechecks(self, camera: str) -> tuple[Recheck, ...]:
        """See `cases.rechecks.RecheckStore.open_rechecks`."""
        with begin(self._reading) as connection:
            return tuple(RecheckRows(connection).open_rechecks(camera))

    def open_pass_rechecks(self) -> tuple[Recheck, ...]:
        """See `cases.rechecks.RecheckStore.open_pass_rechecks`."""
        with begin(self._reading) as connection:
            return tuple(RecheckRows(connection).open_pass_rechecks())

    def rechecks(self, case_id: str) -> tuple[Recheck, ...]:
        """Every re-check of a case, the oldest first."""
        with begin(self._reading) as connection:
            return tuple(RecheckRows(connection).rechecks_of(case_id))

    def needs_a_person(self) -> tuple[Filing, ...]:
        """Deliveries that only a person can resolve, oldest first."""
        states = [state.value for state in NEEDS_A_PERSON]
        with begin(self._reading) as connection:
            waiting = select(filings).where(filings.c.state.in_(states), *self._of_mine(filings))
            which = waiting.order_by(filings.c.sequence)
            return tuple(rows.filing_from(row) for row in connection.execute(which).mappings())

    def breakers(self) -> tuple[Breaker, ...]:
        """What the senders know about each department that something was ever sent out to."""
        with begin(self._reading) as connection:
            which = select(breakers).order_by(breakers.c.department)
            return tuple(rows.breaker_from(row) for row in connection.execute(which).mappings())

    def summary(self) -> Summary:
        """Everything counted."""
        with begin(self._reading) as connection:
            filed = select(func.count()).where(cases.c.filed_at.is_not(None), *self._mine)
            by_kind = self._counts(connection, "kind")
            by_state = self._counts(connection, "state")
            return Summary(
                findings=_count(connection, select(findings).where(*self._of_mine(findings))),
                cases=sum(by_kind.values()),
                filed=connection.execute(filed).scalar_one(),
                by_kind={kind: by_kind.get(kind.value, 0) for kind in ViolationKind},
                by_state={state: by_state.get(state.value, 0) for state in CaseState},
            )

    def _place(self, connection: Connection, case_id: str) -> ColumnElement[tuple[Any, ...]]:
        which = select(cases.c.opened_at, cases.c.number).where(cases.c.id == case_id, *self._mine)
        row = connection.execute(which).first()
        if row is None:
            raise CaseNotFound(f"there is no case {case_id} to go on after; begin at the top of the list")
        return tuple_(literal(row.opened_at, cases.c.opened_at.type), literal(row.number))

    @property
    def _telling(self) -> EvidenceRole:
        """The picture that stands for a case in a list."""
        return EvidenceRole.CROP if self._reach.personal else EvidenceRole.PUBLIC

    def _of_mine(self, table: Table) -> tuple[ColumnElement[bool], ...]:
        """Conditions for rows that belong to a case within reach."""
        return (table.c.case_id.in_(select(cases.c.id).where(*self._mine)),) if self._mine else ()

    def _shown(self, found: tuple[Case, ...]) -> tuple[Case, ...]:
        return found if self._reach.personal else tuple(map(without_words, found))

    def _filed(self, connection: Connection, found: Sequence[RowMapping]) -> tuple[FiledFinding, ...]:
        shown = with_evidence(connection, found)
        if not self._reach.personal:
            shown = tuple(map(only_public, shown))
        return tuple(
            FiledFinding(finding=finding, case_id=row["case_id"], recorded_at=row["recorded_at"])
            for row, finding in zip(found, shown, strict=True)
        )

    def _counts(self, connection: Connection, column: str) -> dict[str, int]:
        counted = select(cases.c[column], func.count()).where(*self._mine).group_by(cases.c[column])
        return {str(name): int(count) for name, count in connection.execute(counted)}


def _count(connection: Connection, which: Select[Any]) -> int:
    return connection.execute(select(func.count()).select_from(which.order_by(None).subquery())).scalar_one()
