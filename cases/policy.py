"""Which candidates are filed at once, and which wait for a supervisor's verdict."""

from dataclasses import dataclass

from cases.case import Case
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
            and (case.confidence or 0.0) >= self.minimum_confidence
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
