"""The dossier (案卷): a case with everything that belongs to it; and what a change adds to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cases.case import Case
from cases.escalation import Notice
from cases.filing import Filing
from cases.history import Entry
from cases.report import Contact, Report
from cases.source import Source
from cases.timers import Timer
from cases.verdict import Verdict
from cases.verification import Verification
from inference.findings import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """A case, its findings, reports, history, deliveries and verdicts, its timers and notices, all oldest first."""

    case: Case
    findings: tuple[Finding, ...]
    history: tuple[Entry, ...]
    filings: tuple[Filing, ...]
    reports: tuple[Report, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    timers: tuple[Timer, ...] = ()
    notices: tuple[Notice, ...] = ()

    @property
    def sources(self) -> tuple[Source, ...]:
        """By which ways it came in, each once: the first one, then those of its reports."""
        joined = (Source.CAMERA,) if self.findings and self.case.source is not Source.PATROL else ()
        return tuple(dict.fromkeys((self.case.source, *joined, *(report.source for report in self.reports))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one transaction does to one case: all of it is written, or nothing.

    Attributes:
        case: the case afterwards; its version is still that of before, the store adds one.
        entries: new lines of its history.
        findings: findings that now belong to it.
        reports: reports that now belong to it.
        contacts: how to reach their reporters, by report; kept apart from all else.
        taken_over: findings or reports that belonged to another case until now.
        given_away: those that belong to another case from now on.
        filing: a new delivery of the case.
        messages: new deliveries of what was ordered about it.
        verification: a new task to look on the spot.
        timers: timers that are new or otherwise than before.
        notices: what somebody has to know of it.
    """

    case: Case
    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...] = ()
    reports: tuple[Report, ...] = ()
    contacts: Mapping[str, Contact] = field(default_factory=dict[str, Contact])
    taken_over: tuple[Finding | Report, ...] = ()
    given_away: tuple[Finding | Report, ...] = ()
    filing: Filing | None = None
    messages: tuple[Filing, ...] = ()
    verification: Verification | None = None
    timers: tuple[Timer, ...] = ()
    notices: tuple[Notice, ...] = ()

    @property
    def deliveries(self) -> tuple[Filing, ...]:
        """All new deliveries, in the order in which they go out."""
        return (*((self.filing,) if self.filing else ()), *self.messages)
