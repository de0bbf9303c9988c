"""One door (一口受理): every finding joins the case it is about, or opens a new one, exactly once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from cases.case import Case, merge, open_case
from cases.city import CityOrder
from cases.dossier import Change
from cases.history import MACHINE, Entry
from cases.likeness import gap, likeness
from cases.orders import file_case
from cases.ports import CameraMemory, Clock, IntakeBook, NewId, Store
from cases.source import Source
from cases.states import Act, CaseState
from inference.findings import Finding


class Outcome(StrEnum):
    """What became of a finding."""

    KNOWN = "known"
    MERGED = "merged"
    OPENED = "opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of one finding. `case` is None where the finding was known already."""

    finding: Finding
    outcome: Outcome
    case: Case | None


class Intake:
    """Takes findings in, one transaction for each look of a camera."""

    def __init__(self, store: Store, city: CityOrder, *, clock: Clock, new_id: NewId) -> None:
        self._store = store
        self._city = city
        self._clock = clock
        self._new_id = new_id

    def record_look(
        self, *, camera: str, memory: bytes, position: float, captured_at: datetime, findings: Sequence[Finding]
    ) -> tuple[Taken, ...]:
        """Write down one inspected frame as a whole: the camera's memory, its position, the findings and their cases.

        A worker that dies at any time and goes on from `camera_memory` gives the same cases, none lost and none double.

        Args:
            camera: who looked.
            memory: the worker's own snapshot of its stays after this frame.
            position: seconds on the source's own clock of this frame.
            captured_at: aware UTC.
            findings: what the rules made of this frame; their evidence is stored already.
        """
        now = self._clock()
        with self._store.transaction() as book:
            book.remember(CameraMemory(camera=camera, memory=memory, position=position, captured_at=captured_at))
            return tuple(self._take(book, finding, now) for finding in findings)

    def take(self, finding: Finding) -> Taken:
        """Take in one finding that comes without a camera's memory."""
        with self._store.transaction() as book:
            return self._take(book, finding, self._clock())

    def _take(self, book: IntakeBook, finding: Finding, now: datetime) -> Taken:
        if book.knows(finding.key):
            return Taken(finding=finding, outcome=Outcome.KNOWN, case=None)
        rules = self._city.merging
        near = book.neighbours(finding, metres=rules.radius_metres, since=finding.last_seen - rules.recurrence_within)
        alike = [(match, case) for case in near if (match := likeness(finding, case, rules)) is not None]
        same = [pair for pair in alike if _still_about(pair[1], finding)]
        if same:
            best = max(same, key=lambda pair: pair[0])[1]
            return Taken(finding=finding, outcome=Outcome.MERGED, case=self._merge(book, best, finding, now))
        repeats = self._repeated(near, finding)
        return Taken(finding=finding, outcome=Outcome.OPENED, case=self._open(book, finding, repeats, now))

    def _repeated(self, near: Sequence[Case], finding: Finding) -> Case | None:
        """The case, closed last, that the finding repeats."""
        rules = replace(self._city.merging, within=self._city.merging.recurrence_within)
        closed = [
            case
            for case in near
            if case.state is CaseState.CLOSED
            and gap(finding, case) <= rules.within
            and likeness(finding, case, rules) is not None
        ]
        return max(closed, key=lambda case: case.ended_at or case.opened_at, default=None)

    def _merge(self, book: IntakeBook, case: Case, finding: Finding, now: datetime) -> Case:
        entry = Entry(at=now, actor=MACHINE, act=Act.MERGE, before=case.state, after=case.state, reason=finding.key)
        merged = replace(merge(case, finding), area=case.area or self._city.area_of(finding))
        return book.write(self._filed_if_allowed(merged, entry, finding, now))

    def _open(self, book: IntakeBook, finding: Finding, repeats: Case | None, now: datetime) -> Case:
        case = open_case(
            finding,
            id=self._new_id(),
            number="",
            area=self._city.area_of(finding),
            at=now,
            source=Source.PATROL if finding.camera in self._city.merging.patrols else Source.CAMERA,
            recurrence_of=repeats.id if repeats else None,
        )
        entry = Entry(at=now, actor=MACHINE, act=Act.OPEN, before=None, after=case.state, reason=finding.key)
        year = now.astimezone(self._city.calendar.days.zone).year
        return book.open(self._filed_if_allowed(case, entry, finding, now), year=year)

    def _filed_if_allowed(self, case: Case, entry: Entry, finding: Finding, now: datetime) -> Change:
        taken = Change(case=case, entries=(entry,), findings=(finding,))
        if case.state is not CaseState.CANDIDATE or not self._city.policy.allows(case):
            return taken
        filed = file_case(case, self._city, by=MACHINE, at=now, new_id=self._new_id, reason="auto-file policy")
        return replace(filed, entries=(entry, *filed.entries), findings=(finding,))


def _still_about(case: Case, finding: Finding) -> bool:
    """Whether the case is open, or was when the finding was made (it came late, e.g. from an edge box)."""
    return case.state.is_open or (case.ended_at is not None and finding.last_seen <= case.ended_at)
