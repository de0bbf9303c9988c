"""When what comes in is about a case that is there already. Data of the city, per event code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from math import hypot

MOST_WIDER_METRES = 30.0
"""By which an uncertain place widens the radius at most: beyond that it says nothing of two matters being one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearness:
    """How near two sources must be to speak of one matter.

    Attributes:
        radius_metres: at most so far apart.
        within: and at most so long apart.
        recurrence_within: a case at the same place at most so long after another was closed repeats it.
    """

    radius_metres: float = 50.0
    within: timedelta = timedelta(hours=24)
    recurrence_within: timedelta = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeRules:
    """When two sources are one matter.

    Attributes:
        usual: how near they must be.
        by_code: the same for single event codes.
        same_place_overlap: 0..1; boxes of one fixed camera are one place from this intersection over union on.
        patrols: cameras that move, for which a place in the picture means nothing.
        unit_addresses: what offices and callers' pages fill in where nobody knows the place: no place of a matter.
    """

    usual: Nearness = field(default_factory=Nearness)
    by_code: Mapping[str, Nearness] = field(default_factory=dict[str, Nearness])
    same_place_overlap: float = 0.3
    patrols: frozenset[str] = frozenset()
    unit_addresses: frozenset[str] = frozenset()

    def wider_by(self, *off_metres: float) -> float:
        """Metres by which places that may be off are looked for farther around: two standard deviations."""
        return min(MOST_WIDER_METRES, 2 * hypot(*off_metres))

    def nearness(self, code: str | None) -> Nearness:
        """How near sources of an event code must be."""
        return self.by_code.get(code, self.usual) if code is not None else self.usual
