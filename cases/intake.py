"""One door (一口受理): every finding and report joins the case it is about, or opens a new one, exactly once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from cases.arrival import Arrival
from cases.case import Case, merge, open_case
from cases.city import CityOrder
from cases.dossier import Change
from cases.history import MACHINE, Entry
from cases.likeness import gap, likeness
from cases.merging import MOST_WIDER_METRES
from cases.orders import file_case
from cases.patrolling.passes import PassLog, PassStep
from cases.ports import CameraLease, CameraMemory, Clock, IntakeBook, NewId, Store
from cases.report import Contact, PlaceQuality, Report
from cases.reporting import open_reported, with_report
from cases.source import Source
from cases.states import Act, CaseState
from cases.timekeeping import awaiting_verdict
from cases.timers import Timer
from cases.verification import Verification
from inference.findings import Finding


class Outcome(StrEnum):
    """What became of a finding or report."""

    KNOWN = "known"
    MERGED = "merged"
    OPENED = "opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of one finding. `case` is None where the finding was known already."""

    finding: Finding
    outcome: Outcome
    case: Case | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What became of one report, as it was written down, and the case it belongs to."""

    report: Report
    outcome: Outcome
    case: Case


class Intake:
    """Takes in findings, one transaction for each look of a camera, and reports, one transaction each."""

    def __init__(self, store: Store, city: CityOrder, *, clock: Clock, new_id: NewId) -> None:
        self._store = store
        self._city = city
        self._clock = clock
        self._new_id = new_id

    def record_look(
        self,
        *,
        camera: str,
        memory: bytes,
        position: float,
        captured_at: datetime,
        findings: Sequence[Finding],
        lease: CameraLease | None = None,
    ) -> tuple[Taken, ...]:
        """Write down one inspected frame as a whole: the camera's memory, its position, the findings and their cases.

        A worker that dies at any time and goes on from `camera_memory` gives the same cases, none lost and none double.

        Args:
            camera: who looked.
            memory: the worker's own snapshot of its stays after this frame.
            position: seconds on the source's own clock of this frame.
            captured_at: aware UTC.
            findings: what the rules made of this frame; their evidence is stored already.
            lease: under which the camera is watched; None where no other process could watch it.

        Raises:
            LeaseLost: another worker watches the camera by now; nothing is written.
        """
        now = self._clock()
        with self._store.transaction() as book:
            if lease is not None:
                book.hold(lease)
            book.remember(CameraMemory(camera=camera, memory=memory, position=position, captured_at=captured_at))
            return tuple(self._take(book, finding, now) for finding in findings)

    def record_pass(self, log: PassLog, step: PassStep, findings: Sequence[Finding]) -> tuple[Taken, ...]:
        """Write down one step of a patrol's pass as a whole, with its findings and their cases.

        A worker that dies at any time and goes on from the pass gives the same cases, none lost and none double.

        Args:
            log: of the city.
            step: what it adds.
            findings: that came of it; their evidence is stored already.
        """
        now = self._clock()
        with self._store.transaction() as book:
            log.write(book, step)
            return tuple(self._take(book, finding, now) for finding in findings)

    def take(self, finding: Finding) -> Taken:
        """Take in one finding that comes without a camera's memory."""
        with self._store.transaction() as book:
            return self._take(book, finding, self._clock())

    def receive(self, book: IntakeBook, report: Report, contact: Contact | None = None) -> Received:
        """Take in one report, in a transaction that has begun; the same key again changes nothing.

        Args:
            book: the transaction.
            report: its attachments are stored already.
            contact: of the reporter.
        """
        known = book.report(report.key)
        if known is not None:
            return Received(report=known.report, outcome=Outcome.KNOWN, case=book.dossier(known.case_id).case)
        now = self._clock()
        graded, area = self._graded(report, now)
        arrival = Arrival.of_report(graded)
        near = self._near(book, arrival)
        same = self._same(near, arrival)
        contacts = {report.key: contact} if contact and not contact.is_empty else {}
        if same is not None:
            joined = with_report(replace(same, area=same.area or area), graded)
            change = self._merged(book, joined, arrival, now)
            case = book.write(replace(change, reports=(graded,), contacts=contacts))
            return Received(report=graded, outcome=Outcome.MERGED, case=case)
        new = open_reported(
            graded, id=self._new_id(), number="", area=area, at=now, recurrence_of=self._repeated(near, arrival)
        )
        change = replace(self._opened(new, arrival, now, verify=True), reports=(graded,), contacts=contacts)
        case = book.open(change, year=self._year(now))
        return Received(report=graded, outcome=Outcome.OPENED, case=case)

    def _take(self, book: IntakeBook, finding: Finding, now: datetime) -> Taken:
        if book.knows(finding.key):
            return Taken(finding=finding, outcome=Outcome.KNOWN, case=None)
        arrival = self._arrival(finding, now)
        near = self._near(book, arrival)
        same = self._same(near, arrival)
        if same is not None:
            merged = replace(merge(same, finding), area=same.area or self._city.area_of(finding))
            change = self._merged(book, merged, arrival, now)
            case = book.write(replace(change, findings=(finding,)))
            return Taken(finding=finding, outcome=Outcome.MERGED, case=case)
        new = open_case(
            finding,
            id=self._new_id(),
            number="",
            area=self._city.area_of(finding),
            at=now,
            source=arrival.source,
            recurrence_of=self._repeated(near, arrival),
        )
        change = self._opened(replace(new, code=arrival.code), arrival, now, verify=False)
        case = book.open(replace(change, findings=(finding,)), year=self._year(now))
        return Taken(finding=finding, outcome=Outcome.OPENED, case=case)

    def _arrival(self, finding: Finding, now: datetime) -> Arrival:
        source = Source.PATROL if finding.camera in self._city.merging.patrols else Source.CAMERA
        code = self._city.duty_for(finding.kind, self._city.area_of(finding), now).code
        return Arrival.of_finding(finding, source=source, code=code)

    def _graded(self, report: Report, now: datetime) -> tuple[Report, str | None]:
        """The report with both names of its matter and without a place that is only an office's, and its area."""
        at_office = " ".join(report.address.split()) in self._city.merging.unit_addresses
        quality = PlaceQuality.UNIT if at_office else report.quality
        place = None if quality is PlaceQuality.UNIT else report.place
        area = self._city.grid.area_of(place, None)
        kind, code = self._city.matter(report.kind, report.code, area, now)
        return replace(report, kind=kind, code=code, quality=quality), area

    def _near(self, book: IntakeBook, arrival: Arrival) -> Sequence[Case]:
        near = self._city.merging.nearness(arrival.code)
        return book.neighbours(
            arrival,
            metres=near.radius_metres + (MOST_WIDER_METRES if self._city.merging.patrols else 0.0),
            since=arrival.last_seen - max(near.recurrence_within, near.within),
        )

    def _same(self, near: Sequence[Case], arrival: Arrival) -> Case | None:
        """The case that the arrival is about, the most alike first."""
        rules = self._city.merging
        alike = [(match, case) for case in near if (match := likeness(arrival, case, rules)) is not None]
        same = [pair for pair in alike if _still_about(pair[1], arrival)]
        return max(same, key=lambda pair: pair[0])[1] if same else None

    def _repeated(self, near: Sequence[Case], arrival: Arrival) -> str | None:
        """The id of the case, closed last, that the arrival repeats."""
        rules = self._city.merging
        within = rules.nearness(arrival.code).recurrence_within
        closed = [
            case
            for case in near
            if case.state is CaseState.CLOSED
            and gap(arrival, case) <= within
            and likeness(arrival, case, rules, within=within) is not None
        ]
        last = max(closed, key=lambda case: case.ended_at or case.opened_at, default=None)
        return last.id if last else None

    def _opened(self, case: Case, arrival: Arrival, now: datetime, *, verify: bool) -> Change:
        """A new case: filed at once, or with what makes somebody judge it."""
        entry = Entry(at=now, actor=MACHINE, act=Act.OPEN, before=None, after=case.state, reason=arrival.key)
        if self._is_sure(case, arrival):
            return self._filed(case, entry)
        task = self._to_verify(case, now) if verify else None
        waits = awaiting_verdict(case, task.due_at if task else now, self._city.times)
        return Change(case=case, entries=(entry,), verification=task, timers=(waits,))

    def _merged(self, book: IntakeBook, case: Case, arrival: Arrival, now: datetime) -> Change:
        """A case with something more, which can make it sure enough to be filed."""
        entry = Entry(at=now, actor=MACHINE, act=Act.MERGE, before=case.state, after=case.state, reason=arrival.key)
        if self._is_sure(case, arrival):
            return self._filed(case, entry, timers=book.dossier(case.id).timers)
        return Change(case=case, entries=(entry,))

    def _is_sure(self, case: Case, arrival: Arrival) -> bool:
        """Whether the city files it without a verdict."""
        allowed = self._city.policy.allows(case) or arrival.source in self._city.reporting.file_at_once
        return case.state is CaseState.CANDIDATE and allowed

    def _filed(self, case: Case, entry: Entry, timers: tuple[Timer, ...] = ()) -> Change:
        why, at = "auto-file policy", entry.at
        filed = file_case(case, self._city, by=MACHINE, at=at, new_id=self._new_id, reason=why, timers=timers)
        return replace(filed, entries=(entry, *filed.entries))

    def _to_verify(self, case: Case, now: datetime) -> Verification | None:
        """The task to look on the spot, where a new case needs one."""
        policy = self._city.reporting
        if case.source not in policy.verify:
            return None
        return Verification(
            id=self._new_id(),
            case_id=case.id,
            assignee=self._city.staff.nearest(case.place, case.area),
            rank=policy.rank(case.source),
            place=case.place,
            address=case.address,
            created_at=now,
            due_at=now + policy.verify_within,
        )

    def _year(self, now: datetime) -> int:
        return now.astimezone(self._city.calendar.days.zone).year


def _still_about(case: Case, arrival: Arrival) -> bool:
    """Whether the case is open, or was at the time of which the arrival tells (it came late, e.g. from an edge box)."""
    return case.state.is_open or (case.ended_at is not None and arrival.last_seen <= case.ended_at)
