"""The dossier (案卷): a case with everything that belongs to it; and what a change adds to it."""

from dataclasses import dataclass

from cases.case import Case
from cases.filing import Filing
from cases.history import Entry
from inference.findings import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """A case, its findings with their evidence, its history and its deliveries, all oldest first."""

    case: Case
    findings: tuple[Finding, ...]
    history: tuple[Entry, ...]
    filings: tuple[Filing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one transaction does to one case: all of it is written, or nothing.

    Attributes:
        case: the case afterwards; its version is still that of before, the store adds one.
        entries: new lines of its history.
        findings: findings that now belong to it.
        filing: a new delivery.
    """

    case: Case
    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...] = ()
    filing: Filing | None = None
