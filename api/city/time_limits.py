"""How long the stages of a case may take, and who is told when how much of a limit has run."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from api.city.part import AtKey, Part
from cases.errors import DutyListError
from cases.escalation import LADDER, Audience, Ladder
from cases.limit import Limit, parse_limit
from cases.timers import STEPS, TimerKind
from cases.timing import STAGE_LIMITS

BY_ROLE = (Audience.ACCEPTOR, Audience.DISPATCHER, Audience.DEPARTMENT, Audience.STREET, Audience.LEADERS)
"""Whom a step can be told to: those who are found by what they are."""


def _stage_limit(value: Any) -> Limit:
    if isinstance(value, Limit):
        return value
    text = value if isinstance(value, str) else ""
    minutes = re.fullmatch(r"([1-9][0-9]{0,5}) ?(?:分钟|minutes?)", text.strip())
    try:
        return Limit(amount=int(minutes[1]) / 60) if minutes else parse_limit(text)
    except DutyListError:
        raise ValueError("must be a time such as 15 minutes, 2 working hours or 1 working day") from None


StageLimit = Annotated[Limit, BeforeValidator(_stage_limit, json_schema_input_type=str)]


class Stages(Part):
    """How long each stage may take: 受理 until a verdict, 派遣 until a department has it, 核查 until it is checked.

    Also how long a direct order may wait for its receipt.
    """

    acceptance: StageLimit = STAGE_LIMITS[TimerKind.ACCEPTANCE]
    dispatch: StageLimit = STAGE_LIMITS[TimerKind.DISPATCH]
    check: StageLimit = STAGE_LIMITS[TimerKind.CHECK]
    order: StageLimit = STAGE_LIMITS[TimerKind.ORDER]

    def build(self) -> Mapping[TimerKind, Limit]:
        """The same for `cases`."""
        return MappingProxyType(
            {
                TimerKind.ACCEPTANCE: self.acceptance,
                TimerKind.DISPATCH: self.dispatch,
                TimerKind.CHECK: self.check,
                TimerKind.ORDER: self.order,
            }
        )


def _percent(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value in STEPS:
        return value
    raise ValueError(f"must be {', '.join(map(str, STEPS[:-1]))} or {STEPS[-1]}, per cent of the limit")


Percent = Annotated[int, BeforeValidator(_percent)]


class EscalationStep(Part):
    """Whom one step of one timer is told to; it takes the place of what is usual at this step.

    Attributes:
        timer: what is timed.
        at: per cent of the limit that have run.
        tell: who is told; nobody where it is empty.
    """

    timer: TimerKind
    at: Percent
    tell: tuple[Audience, ...] = Field(max_length=len(BY_ROLE))

    @model_validator(mode="after")
    def _can_be_told(self) -> "EscalationStep":
        if self.timer not in LADDER:
            known = ", ".join(kind.value for kind in LADDER)
            raise AtKey("timer", f"tells nobody on the way; choose one of {known}")
        strange = next((one for one in self.tell if one not in BY_ROLE), None)
        if strange is not None:
            raise AtKey("tell", f"cannot name {strange}; choose from {', '.join(BY_ROLE)}")
        if self.timer is TimerKind.ACCEPTANCE and Audience.DEPARTMENT in self.tell:
            raise AtKey("tell", "names the department, but what waits for a verdict has none yet; leave it out")
        if len(set(self.tell)) < len(self.tell):
            raise AtKey("tell", "names somebody twice; once is enough")
        return self


def ladder_of(steps: tuple[EscalationStep, ...]) -> Ladder:
    """The usual ladder with the steps of a city in it."""
    ladder = {kind: dict(usual) for kind, usual in LADDER.items()}
    for step in steps:
        ladder[step.timer][step.at] = step.tell
    return MappingProxyType(ladder)
