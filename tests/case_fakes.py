"""A store in memory, and a department that does what it is told."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime

from cases.case import Case
from cases.dossier import Change, Dossier
from cases.errors import CaseNotFound, LeaseLost, StaleVersion
from cases.filing import WAITING, Filing, FilingState
from cases.history import Entry
from cases.ports import CameraMemory, Receipt
from inference.findings import Finding


@dataclass
class MemoryBook:
    """Everything that is stored; frozen values in plain dictionaries, so that a shallow copy is a snapshot."""

    cases: dict[str, Case] = field(default_factory=dict[str, Case])
    found: dict[str, tuple[str, Finding]] = field(default_factory=dict[str, tuple[str, Finding]])
    entries: list[tuple[str, Entry]] = field(default_factory=list[tuple[str, Entry]])
    filings: dict[str, Filing] = field(default_factory=dict[str, Filing])
    memories: dict[str, CameraMemory] = field(default_factory=dict[str, CameraMemory])

    def snapshot(self) -> "MemoryBook":
        return MemoryBook(
            copy(self.cases), copy(self.found), copy(self.entries), copy(self.filings), copy(self.memories)
        )

    def dossier(self, case_id: str) -> Dossier:
        if case_id not in self.cases:
            raise CaseNotFound(case_id)
        return Dossier(
            case=self.cases[case_id],
            findings=tuple(finding for owner, finding in self.found.values() if owner == case_id),
            history=tuple(entry for owner, entry in self.entries if owner == case_id),
            filings=tuple(filing for filing in self.filings.values() if filing.case_id == case_id),
        )

    def knows(self, finding_key: str) -> bool:
        return finding_key in self.found

    def neighbours(self, finding: Finding, *, metres: float, since: datetime) -> Sequence[Case]:
        return tuple(case for case in self.cases.values() if case.kind is finding.kind)

    def open(self, change: Change, *, year: int) -> Case:
        return self._put(replace(change.case, number=f"{year}-{len(self.cases) + 1:06}"), change)

    def write(self, change: Change) -> Case:
        if self.cases[change.case.id].version != change.case.version:
            raise StaleVersion(change.case.id, change.case.version)
        return self._put(replace(change.case, version=change.case.version + 1), change)

    def settle(self, was: Filing, now: Filing) -> None:
        if self.filings[was.id] != was:
            raise LeaseLost(was.id)
        self.filings[was.id] = now

    def remember(self, memory: CameraMemory) -> None:
        self.memories[memory.camera] = memory

    def next_filing(self, now: datetime) -> Filing | None:
        heads: dict[str, Filing] = {}
        for filing in self.filings.values():
            if filing.state in WAITING:
                heads.setdefault(filing.department, filing)
        for filing in heads.values():
            if filing.state is FilingState.SENDING:
                if filing.leased_until is not None and filing.leased_until <= now:
                    return filing
            elif filing.next_try_at <= now:
                return filing
        return None

    def _put(self, case: Case, change: Change) -> Case:
        self.cases[case.id] = case
        self.found.update({finding.key: (case.id, finding) for finding in change.findings})
        self.entries.extend((case.id, entry) for entry in change.entries)
        if change.filing is not None:
            self.filings[change.filing.id] = change.filing
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

    def __init__(self, *answers: Exception | None, recognises_repetitions: bool = True) -> None:
        self.recognises_repetitions = recognises_repetitions
        self.answers: list[Exception | None] = list(answers)
        self.got: list[str] = []

    def file(self, dossier: Dossier, filing: Filing) -> Receipt:
        self.got.append(filing.id)
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer
        return Receipt(reference="theirs-1")
