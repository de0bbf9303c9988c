"""One transaction on the tables: what `cases.ports.Transaction` asks for."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from math import cos, radians

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, insert, or_, select, update

from api.store import dispatch_book, outbox, rows, tables, time_book
from api.store.audit_log import AuditWriter
from api.store.instruction_book import InstructionRows
from api.store.loading import load_cases, load_dossier
from api.store.pass_book import PassRows
from api.store.recheck_book import RecheckRows
from api.store.recording_book import RecordingRows
from api.store.report_book import ReportBook
from api.store.resident_book import ResidentBook
from api.store.tables import (
    audit,
    breakers,
    camera_leases,
    cameras,
    case_numbers,
    cases,
    evidence,
    filings,
    findings,
    history,
    outgoing_findings,
    replies,
)
from cases.arrival import Arrival
from cases.audit.entry import AuditEntry, Deed
from cases.audit.records import deed_of, deed_of_adoption, deed_of_filing, deed_of_verdict
from cases.breaker import Breaker
from cases.case import Case
from cases.dossier import Change, Dossier
from cases.errors import LeaseLost, StaleVersion
from cases.filing import Filing, FilingState
from cases.ports import CameraLease, CameraMemory, KnownReply
from cases.states import OPEN
from cases.timers import Timer
from cases.verdict import Verdict
from cases.watching import told_to_watchers
from inference.findings import Finding
from inference.geo import LatLon

METRES_PER_DEGREE = 110_500.0
"""Of latitude, rounded down (110,574 at the equator), so that a search finds too much rather than too little."""


class SqlBook(ReportBook, RecheckRows, PassRows, RecordingRows, ResidentBook, InstructionRows):
    """Reads and writes on one connection, inside the transaction that `SqlStore` began."""

    def __init__(self, connection: Connection, audit: AuditWriter) -> None:
        super().__init__(connection)
        self._audit = audit

    def dossier(self, case_id: str) -> Dossier:
        """See `CaseBook.dossier`."""
        return load_dossier(self._connection, case_id)

    def knows(self, finding_key: str) -> bool:
        """See `IntakeBook.knows`."""
        found = self._connection.execute(select(findings.c.id).where(findings.c.key == finding_key))
        return found.first() is not None

    def neighbours(self, arrival: Arrival, *, metres: float, since: datetime) -> Sequence[Case]:
        """See `IntakeBook.neighbours`."""
        where = [_around(arrival.place, metres)] if arrival.place else []
        if arrival.sighting is not None:
            seen_there = exists().where(
                findings.c.case_id == cases.c.id,
                findings.c.camera == arrival.sighting.camera,
                findings.c.zone == arrival.sighting.zone,
            )
            where.append(seen_there)
        what = [cases.c.kind == arrival.kind.value] if arrival.kind else []
        if arrival.code is not None:
            what.append(cases.c.code == arrival.code)
        if not (where and what):
            return ()
        alive = or_(cases.c.state.in_([state.value for state in OPEN]), cases.c.ended_at >= since)
        return load_cases(
            self._connection, select(cases).where(or_(*what), or_(*where), alive).order_by(cases.c.number)
        )

    def open(self, change: Change, *, year: int) -> Case:
        """See `IntakeBook.open`."""
        case = replace(change.case, number=f"{year}-{self._next_number(year):06}")
        self._connection.execute(insert(cases).values(rows.case_row(case)))
        self._add(change)
        self._audit.append(deed_of(change, case))
        return case

    def write(self, change: Change) -> Case:
        """See `CaseBook.write`."""
        was = change.case.version
        case = replace(change.case, version=was + 1)
        mine = and_(cases.c.id == case.id, cases.c.version == was)
        written = self._connection.execute(update(cases).where(mine).values(rows.case_row(case)))
        if written.rowcount != 1:
            now = self.dossier(case.id).case
            raise StaleVersion(case.id, was, version=now.version, state=now.state)
        watchers = dispatch_book.watchers_of(self._connection, case.id)
        self._add(replace(change, notices=(*change.notices, *told_to_watchers(change, case, watchers))))
        self._audit.append(deed_of(change, case))
        return case

    def judge(self, verdicts: Sequence[Verdict]) -> None:
        """See `CaseBook.judge`."""
        if verdicts:
            self._connection.execute(insert(tables.verdicts), [rows.verdict_row(verdict) for verdict in verdicts])
        for verdict in verdicts:
            self._audit.append(deed_of_verdict(verdict))

    def note(self, change: Change) -> None:
        """See `CaseBook.note`."""
        time_book.keep_time(self._connection, change)

    def next_timer(self, now: datetime, *, but: Collection[str] = ()) -> Timer | None:
        """See `Transaction.next_timer`."""
        return time_book.next_timer(self._connection, now, but)

    def settle(self, was: Filing, now: Filing) -> None:
        """See `CaseBook.settle`."""
        mine = and_(filings.c.id == was.id, filings.c.state == was.state.value, filings.c.lease == was.lease)
        written = self._connection.execute(update(filings).where(mine).values(rows.filing_row(now)))
        if written.rowcount != 1:
            raise LeaseLost(f"delivery {was.id} is no longer {was.state} under lease {was.lease}; look at it again")
        self._audit.append(deed_of_filing(now))

    def next_filing(self, now: datetime) -> Filing | None:
        """See `Transaction.next_filing`."""
        row = self._connection.execute(outbox.next_filing(now)).mappings().first()
        return rows.filing_from(row) if row else None

    def next_to_follow(self, now: datetime) -> Filing | None:
        """See `Transaction.next_to_follow`."""
        which = select(filings).where(filings.c.follow_at <= now).order_by(filings.c.follow_at).limit(1)
        row = self._connection.execute(which).mappings().first()
        return rows.filing_from(row) if row else None

    def known_reply(self, department: str, id: str) -> KnownReply | None:
        """See `Transaction.known_reply`."""
        which = select(replies).where(replies.c.department == department, replies.c.id == id)
        row = self._connection.execute(which).mappings().first()
        return KnownReply(**row) if row else None

    def remember_reply(self, reply: KnownReply) -> None:
        """See `Transaction.remember_reply`."""
        self._connection.execute(insert(replies).values(asdict(reply)))

    def breaker(self, department: str) -> Breaker:
        """See `Transaction.breaker`."""
        which = select(breakers).where(breakers.c.department == department)
        row = self._connection.execute(which).mappings().first()
        return rows.breaker_from(row) if row else Breaker(department=department)

    def keep_breaker(self, breaker: Breaker) -> None:
        """See `Transaction.keep_breaker`."""
        mine, values = breakers.c.department == breaker.department, rows.breaker_row(breaker)
        if self._connection.execute(update(breakers).where(mine).values(values)).rowcount == 0:
            self._connection.execute(insert(breakers).values(values))

    def hasten(self, department: str, now: datetime) -> None:
        """See `Transaction.hasten`."""
        later = and_(filings.c.state == FilingState.FAILED.value, filings.c.next_try_at > now)
        mine = update(filings).where(filings.c.department == department, later)
        self._connection.execute(mine.values(next_try_at=now))

    def watch(self, case_id: str, person: str, *, by: str, at: datetime) -> bool:
        """See `WatchBook.watch`."""
        is_new = person not in dispatch_book.watchers_of(self._connection, case_id)
        if is_new:
            self._connection.execute(insert(tables.watches).values(case_id=case_id, person=person, since=at))
            self._audit.append(Deed(actor=by, what="case.watched", object=case_id))
        return is_new

    def unwatch(self, case_id: str, person: str, *, by: str) -> bool:
        """See `WatchBook.unwatch`."""
        watches = tables.watches
        mine = and_(watches.c.case_id == case_id, watches.c.person == person)
        did = self._connection.execute(delete(watches).where(mine)).rowcount == 1
        if did:
            self._audit.append(Deed(actor=by, what="case.unwatched", object=case_id))
        return did

    def record(self, deed: Deed) -> AuditEntry:
        """Log something more within this transaction."""
        return self._audit.append(deed)

    def adopt(self, case_id: str) -> None:
        """See `SqlStore.adopt`."""
        begun = audit.c.what.in_(["case.open", "case.adopted"])
        known = select(audit.c.sequence).where(audit.c.object == case_id, begun).limit(1)
        dossier = self.dossier(case_id)
        if self._connection.execute(known).first() is None:
            self._audit.append(deed_of_adoption(dossier))

    def hold(self, lease: CameraLease) -> None:
        """See `Fenced.hold`. Writers queue, so nobody can take the camera before this transaction ends."""
        mine = select(camera_leases.c.token).where(
            camera_leases.c.camera == lease.camera,
            camera_leases.c.worker == lease.worker,
            camera_leases.c.token == lease.token,
        )
        if self._connection.execute(mine).first() is None:
            raise LeaseLost(f"camera {lease.camera} is watched by another worker by now; nothing of it was written")

    def remember(self, memory: CameraMemory) -> None:
        """See `Transaction.remember`."""
        values = {"memory": memory.memory, "position": memory.position, "captured_at": memory.captured_at}
        kept = self._connection.execute(update(cameras).where(cameras.c.camera == memory.camera).values(values))
        if kept.rowcount == 0:
            self._connection.execute(insert(cameras).values(camera=memory.camera, **values))

    def spool_finding(self, key: str, body: str, at: datetime) -> None:
        """Keep a finding for the centre; one of the same key that is there already stays as it is."""
        known = select(outgoing_findings.c.key).where(outgoing_findings.c.key == key)
        if self._connection.execute(known).first() is None:
            self._connection.execute(insert(outgoing_findings).values(key=key, body=body, spooled_at=at))

    def _add(self, change: Change) -> None:
        case_id = change.case.id
        dispatch_book.keep_beside(self._connection, change.case)
        for finding in change.findings:
            self._add_finding(finding, case_id, change.entries[0].at)
        if change.entries:
            entries = [rows.entry_row(entry, case_id) for entry in change.entries]
            self._connection.execute(insert(history), entries)
        self._add_reports(change)
        time_book.keep_time(self._connection, change)
        for filing in change.deliveries:
            self._connection.execute(insert(filings).values(rows.filing_row(filing)))

    def _add_finding(self, finding: Finding, case_id: str, at: datetime) -> None:
        new = insert(findings).values(rows.finding_row(finding, case_id, at)).returning(findings.c.id)
        finding_id = self._connection.execute(new).scalar_one()
        if finding.evidence:
            held = [rows.evidence_row(ref, finding_id, position) for position, ref in enumerate(finding.evidence)]
            self._connection.execute(insert(evidence), held)

    def _next_number(self, year: int) -> int:
        mine = case_numbers.c.year == year
        last = self._connection.execute(select(case_numbers.c.last).where(mine)).scalar_one_or_none()
        if last is None:
            self._connection.execute(insert(case_numbers).values(year=year, last=1))
            return 1
        self._connection.execute(update(case_numbers).where(mine).values(last=last + 1))
        return last + 1


def _around(place: LatLon, metres: float) -> ColumnElement[bool]:
    """Cases in a box that holds the circle of `metres` around `place`."""
    high = metres / METRES_PER_DEGREE
    # Near a pole or the date line a box of longitudes does not hold the circle; then latitude alone is asked.
    wide = high / max(cos(radians(min(89.0, abs(place.lat) + high))), 0.01)
    in_height = cases.c.lat.between(place.lat - high, place.lat + high)
    if abs(place.lat) > 88 or abs(place.lon) + wide > 180:
        return in_height
    return and_(in_height, cases.c.lon.between(place.lon - wide, place.lon + wide))
