"""A store in memory, and a department that does what it is told."""

from collections.abc import Collection, Generator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime

from cases.arrival import Arrival
from cases.breaker import Breaker
from cases.case import Case
from cases.dossier import Change, Dossier
from cases.errors import CaseNotFound, LeaseLost, StaleVersion
from cases.escalation import Notice
from cases.filing import AT_WORK, Filing, FilingState
from cases.history import Entry
from cases.patrolling.coverage import SeenPart
from cases.patrolling.passes import Pass, TrackPoint
from cases.ports import CameraLease, CameraMemory, KnownReply, Receipt
from cases.report import Contact, FiledReport
from cases.timers import Timer
from cases.verdict import Verdict
from cases.verification import Verification
from cases.watching import told_to_watchers
from inference.findings import Finding


@dataclass
class MemoryBook:
    """Everything that is stored; frozen values in plain dictionaries, so that a shallow copy is a snapshot."""

    cases: dict[str, Case] = field(default_factory=dict[str, Case])
    found: dict[str, tuple[str, Finding]] = field(default_factory=dict[str, tuple[str, Finding]])
    entries: list[tuple[str, Entry]] = field(default_factory=list[tuple[str, Entry]])
    filings: dict[str, Filing] = field(default_factory=dict[str, Filing])
    memories: dict[str, CameraMemory] = field(default_factory=dict[str, CameraMemory])
    leases: dict[str, CameraLease] = field(default_factory=dict[str, CameraLease])
    breakers: dict[str, Breaker] = field(default_factory=dict[str, Breaker])
    replies: dict[tuple[str, str], KnownReply] = field(default_factory=dict[tuple[str, str], KnownReply])
    reports: dict[str, FiledReport] = field(default_factory=dict[str, FiledReport])
    contacts: dict[str, Contact] = field(default_factory=dict[str, Contact])
    verifications: dict[str, Verification] = field(default_factory=dict[str, Verification])
    verdicts: list[Verdict] = field(default_factory=list[Verdict])

    passes: dict[str, Pass] = field(default_factory=dict[str, Pass])
    sites: dict[str, bytes] = field(default_factory=dict[str, bytes])
    tracks: dict[tuple[str, datetime], TrackPoint] = field(default_factory=dict[tuple[str, datetime], TrackPoint])
    seen: dict[tuple[date, str, str], SeenPart] = field(default_factory=dict[tuple[date, str, str], SeenPart])
    watchers: dict[tuple[str, str], None] = field(default_factory=dict[tuple[str, str], None])
    timers: dict[tuple[str, str, str], Timer] = field(default_factory=dict[tuple[str, str, str], Timer])
    notices: dict[str, Notice] = field(default_factory=dict[str, Notice])

    def snapshot(self) -> "MemoryBook":
        return MemoryBook(**{each.name: copy(getattr(self, each.name)) for each in fields(self)})

    def dossier(self, case_id: str) -> Dossier:
        if case_id not in self.cases:
            raise CaseNotFound(case_id)
        return Dossier(
            case=self.cases[case_id],
            findings=tuple(finding for owner, finding in self.found.values() if owner == case_id),
            history=tuple(entry for owner, entry in self.entries if owner == case_id),
            filings=tuple(filing for filing in self.filings.values() if filing.case_id == case_id),
            reports=tuple(filed.report for filed in self.reports.values() if filed.case_id == case_id),
            verdicts=tuple(said for said in self.verdicts if self.found[said.finding][0] == case_id),
            timers=tuple(sorted((t for t in self.timers.values() if t.case_id == case_id), key=lambda t: t.key)),
            notices=tuple(notice for notice in self.notices.values() if notice.case_id == case_id),
        )

    def knows(self, finding_key: str) -> bool:
        return finding_key in self.found

    def report(self, key: str) -> FiledReport | None:
        return self.reports.get(key)

    def neighbours(self, arrival: Arrival, *, metres: float, since: datetime) -> Sequence[Case]:
        return tuple(self.cases.values())

    def verification(self, id: str) -> Verification | None:
        return self.verifications.get(id)

    def settle_verification(self, task: Verification) -> None:
        self.verifications[task.id] = task

    def open(self, change: Change, *, year: int) -> Case:
        return self._put(replace(change.case, number=f"{year}-{len(self.cases) + 1:06}"), change)

    def write(self, change: Change) -> Case:
        now = self.cases[change.case.id]
        if now.version != change.case.version:
            raise StaleVersion(now.id, change.case.version, version=now.version, state=now.state)
        return self._put(replace(change.case, version=change.case.version + 1), change)

    def judge(self, verdicts: Sequence[Verdict]) -> None:
        self.verdicts.extend(verdicts)

    def note(self, change: Change) -> None:
        self._keep_time(change)

    def next_timer(self, now: datetime, *, but: Collection[str] = ()) -> Timer | None:
        waiting = [
            timer
            for timer in self.timers.values()
            if timer.next_at is not None and timer.next_at <= now and timer.case_id not in but
        ]
        return min(waiting, key=lambda timer: (timer.next_at or now, timer.key), default=None)

    def _keep_time(self, change: Change) -> None:
        self.timers.update({timer.key: timer for timer in change.timers})
        for notice in change.notices:
            assert notice.id not in self.notices, f"told twice: {notice.id}"
            self.notices[notice.id] = notice

    def watch(self, case_id: str, person: str, *, by: str, at: datetime) -> bool:
        is_new = (case_id, person) not in self.watchers
        self.watchers[case_id, person] = None
        return is_new

    def unwatch(self, case_id: str, person: str, *, by: str) -> bool:
        return self.watchers.pop((case_id, person), False) is None

    def settle(self, was: Filing, now: Filing) -> None:
        if self.filings[was.id] != was:
            raise LeaseLost(was.id)
        self.filings[was.id] = now

    def hold(self, lease: CameraLease) -> None:
        if self.leases.get(lease.camera) != lease:
            raise LeaseLost(lease.camera)

    def keep_pass(self, one: Pass, memory: bytes | None) -> None:
        self.passes[one.id] = one

    def keep_sites(self, saved: Mapping[str, bytes], gone: Collection[str]) -> None:
        self.sites = {key: site for key, site in {**self.sites, **saved}.items() if key not in gone}

    def add_track(self, pass_id: str, points: Sequence[TrackPoint]) -> None:
        for point in points:
            self.tracks.setdefault((pass_id, point.at), point)

    def seen_parts(self, pass_id: str, day: date, stretches: Collection[str]) -> Mapping[str, SeenPart]:
        return {id: part for (d, id, of), part in self.seen.items() if (d, of) == (day, pass_id) and id in stretches}

    def keep_seen(self, pass_id: str, day: date, parts: Sequence[SeenPart], whole: Collection[str]) -> None:
        self.seen.update({(day, part.stretch, pass_id): part for part in parts})

    def remember(self, memory: CameraMemory) -> None:
        self.memories[memory.camera] = memory

    def next_filing(self, now: datetime) -> Filing | None:
        ready = [each for each in self.filings.values() if self._is_ready(each, now)]
        order = list(self.filings)

        def turn(filing: Filing) -> tuple[int, datetime, int]:
            probing = self.breaker(filing.department).open_until is not None
            return filing.tries if probing else 0, filing.next_try_at, order.index(filing.id)

        return min(ready, key=turn, default=None)

    def _is_ready(self, filing: Filing, now: datetime) -> bool:
        if filing.state not in AT_WORK or (filing.leased_until is not None and filing.leased_until > now):
            return False
        mine = [each for each in self.filings.values() if each.case_id == filing.case_id]
        if any(each.state in AT_WORK and each.goes_before(filing) for each in mine[: mine.index(filing)]):
            return False
        busy = [each for each in self.filings.values() if each.department == filing.department and each.leased_until]
        on_their_way = sum(1 for each in busy if each.leased_until is not None and each.leased_until > now)
        is_time = filing.state is FilingState.SENDING or filing.next_try_at <= now
        return is_time and on_their_way < self.breaker(filing.department).most_at_once(now)

    def next_to_follow(self, now: datetime) -> Filing | None:
        asked_about = [each for each in self.filings.values() if each.follow_at is not None and each.follow_at <= now]
        return min(asked_about, key=lambda each: each.follow_at or now, default=None)

    def known_reply(self, department: str, id: str) -> KnownReply | None:
        return self.replies.get((department, id))

    def remember_reply(self, reply: KnownReply) -> None:
        self.replies[reply.department, reply.id] = reply

    def breaker(self, department: str) -> Breaker:
        return self.breakers.get(department, Breaker(department=department))

    def keep_breaker(self, breaker: Breaker) -> None:
        self.breakers[breaker.department] = breaker

    def hasten(self, department: str, now: datetime) -> None:
        for filing in list(self.filings.values()):
            if filing.department == department and filing.state is FilingState.FAILED and filing.next_try_at > now:
                self.filings[filing.id] = replace(filing, next_try_at=now)

    def _put(self, case: Case, change: Change) -> Case:
        self.cases[case.id] = case
        self.found.update({finding.key: (case.id, finding) for finding in change.findings})
        self.entries.extend((case.id, entry) for entry in change.entries)
        for report in change.reports:
            at = change.entries[0].at
            self.reports[report.key] = FiledReport(report=report, case_id=case.id, recorded_at=at)
        self.contacts.update(change.contacts)
        if change.verification is not None:
            self.verifications[change.verification.id] = change.verification
        watchers = [person for watched, person in self.watchers if watched == case.id]
        self._keep_time(replace(change, notices=(*change.notices, *told_to_watchers(change, case, watchers))))
        for filing in change.deliveries:
            assert filing.id not in self.filings, f"delivered twice: {filing.id}"
            self.filings[filing.id] = filing
        return case


class MemoryStore:
    """A store whose transactions work on a copy that takes the place of the book when they end well."""

    def __init__(self) -> None:
        self.book = MemoryBook()

    @contextmanager
    def transaction(self) -> Generator[MemoryBook]:
        draft = self.book.snapshot()
        yield draft
        self.book = draft


class FakeFiler:
    """A department that answers what it was told to, in order, and success when nothing is left."""

    def __init__(
        self, *answers: Exception | None, recognises_repetitions: bool = True, receipt: Receipt | None = None
    ) -> None:
        self.receipt = receipt or Receipt(reference="theirs-1")
        self.recognises_repetitions = recognises_repetitions
        self.answers: list[Exception | None] = list(answers)
        self.got: list[str] = []

    def file(self, dossier: Dossier, filing: Filing) -> Receipt:
        self.got.append(filing.id)
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer
        return self.receipt
