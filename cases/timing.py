"""What a city decides about time: its calendar, how long its stages may take, and who is told how much has run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from cases.clocks import WorkCalendar
from cases.escalation import LADDER, Ladder
from cases.limit import Limit
from cases.supervision import SupervisionPolicy
from cases.timers import TimerKind

STAGE_LIMITS: Mapping[TimerKind, Limit] = MappingProxyType(
    {
        TimerKind.ACCEPTANCE: Limit(amount=15 / 60),
        TimerKind.DISPATCH: Limit(amount=15 / 60),
        TimerKind.CHECK: Limit(amount=30 / 60),
        TimerKind.ORDER: Limit(amount=15 / 60),
    }
)
"""Where a city says nothing else, on the clock that never stops: 15 minutes for 受理, 派遣 and the receipt of an order
(指令回执), 30 for 核查."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeRules:
    """One city's.

    Attributes:
        calendar: when its offices work.
        stages: how long each stage may take.
        ladder: whom each step of each timer is told to.
        supervision: what is ordered where handling takes far too long.
    """

    calendar: WorkCalendar = field(default_factory=WorkCalendar)
    stages: Mapping[TimerKind, Limit] = field(default_factory=lambda: STAGE_LIMITS)
    ladder: Ladder = field(default_factory=lambda: LADDER)
    supervision: SupervisionPolicy = field(default_factory=SupervisionPolicy)
