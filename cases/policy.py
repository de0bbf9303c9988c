"""Which candidates are filed at once, and which wait for a look on the spot or a supervisor's verdict."""

from dataclasses import dataclass
from datetime import timedelta

from cases.case import Case
from cases.source import Source
from inference.findings import ViolationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoFileRule:
    """One permission to file without a verdict.

    Attributes:
        kind: what it is about.
        minimum_confidence: 0..1.
        cameras: only what one of these saw; empty for all.
        zones: only in these zones; empty for all.
    """

    kind: ViolationKind
    minimum_confidence: float
    cameras: frozenset[str] = frozenset()
    zones: frozenset[str] = frozenset()

    def allows(self, case: Case) -> bool:
        """Whether the case may be filed without a verdict."""
        return (
            case.kind is self.kind
            and case.confidence is not None  # rests on what a camera saw, not on words alone
            and case.confidence >= self.minimum_confidence
            and (not self.cameras or any(seen.camera in self.cameras for seen in case.sightings))
            and (not self.zones or any(seen.zone in self.zones for seen in case.sightings))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoFilePolicy:
    """All permissions. Without any, everything waits for a verdict."""

    rules: tuple[AutoFileRule, ...] = ()

    def allows(self, case: Case) -> bool:
        """Whether any rule allows to file the case without a verdict."""
        return any(rule.allows(case) for rule in self.rules)


BY_URGENCY = (
    Source.LEADER,
    Source.HOTLINE,
    Source.RESIDENT,
    Source.NETWORK,
    Source.STAFF,
    Source.PATROL,
    Source.CAMERA,
    Source.ALARM,
)
"""Sources, the most urgent first, where a city says nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPolicy:
    """What happens to a case that rests on people's words.

    Attributes:
        verify: sources whose cases somebody looks at on the spot (核实) before they are filed.
        verify_within: how long that may take.
        file_at_once: trusted sources whose cases are filed without a look and without a verdict.
        file_when_verified: a case that was found to exist is filed without a supervisor's verdict.
        by_urgency: sources, the most urgent first.
    """

    verify: frozenset[Source] = frozenset({Source.RESIDENT, Source.HOTLINE, Source.LEADER, Source.NETWORK})
    verify_within: timedelta = timedelta(minutes=30)
    file_at_once: frozenset[Source] = frozenset()
    file_when_verified: bool = False
    by_urgency: tuple[Source, ...] = BY_URGENCY

    def rank(self, source: Source) -> int:
        """How urgent a source is, 0 most; those that are not listed come last."""
        return self.by_urgency.index(source) if source in self.by_urgency else len(self.by_urgency)


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterPicturePolicy:
    """Whose handling has to be shown by a picture at once; closing always needs one.

    Attributes:
        always: every case's.
        codes: only that of cases under these event codes of the duty list.
    """

    always: bool = False
    codes: frozenset[str] = frozenset()

    def asks(self, code: str | None) -> bool:
        """Whether a case under this event code cannot be handled without a picture."""
        return self.always or code in self.codes
