"""The escalation ladder: who is told when how much of a limit has run, each of them exactly once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from cases.case import Case
from cases.timers import Timer, TimerKind


class Audience(StrEnum):
    """Whom a notice is for."""

    ACCEPTOR = "acceptor"
    """受理员, who gives verdicts."""
    DISPATCHER = "dispatcher"
    """派遣员."""
    DEPARTMENT = "department"
    """The department that has the case."""
    STREET = "street"
    """Who oversees the area: the street's office."""
    LEADERS = "leaders"
    """The city's leaders."""
    WATCHER = "watcher"
    """Who watches the case; the name says who."""
    UNIT = "unit"
    """The department that answers for the unit of a direct order; the name says which."""
    ISSUER = "issuer"
    """Who gave a direct order; the name says who."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that somebody has to know. Written once, kept, and read or not.

    Attributes:
        id: made of what it is about, so that it cannot be written twice.
        case_id: about which case; None where it is about an order that is about none.
        audience: for whom.
        name: which department or person, where the audience alone does not say it.
        about: the timer's kind, or the act that somebody is told of.
        step: per cent of the limit that had run; 0 where no timer is meant.
        at: aware UTC.
        read_at: aware UTC; None while nobody has read it.
        read_by: who read it first.
    """

    id: str
    case_id: str | None = None
    audience: Audience
    name: str = ""
    about: str
    step: int = 0
    at: datetime
    read_at: datetime | None = None
    read_by: str | None = None


Ladder = Mapping[TimerKind, Mapping[int, tuple[Audience, ...]]]

_A = Audience
_STAGE = {50: (), 100: (_A.DISPATCHER,), 150: (_A.DISPATCHER, _A.LEADERS)}

LADDER: Ladder = MappingProxyType(
    {
        TimerKind.ACCEPTANCE: {50: (), 100: (_A.ACCEPTOR,), 150: (_A.ACCEPTOR, _A.LEADERS)},
        TimerKind.DISPATCH: _STAGE,
        TimerKind.CHECK: _STAGE,
        TimerKind.DISPOSAL: {
            50: (_A.DEPARTMENT,),
            100: (_A.DEPARTMENT, _A.DISPATCHER, _A.STREET),
            150: (_A.DEPARTMENT, _A.DISPATCHER, _A.STREET, _A.LEADERS),
        },
        TimerKind.SUPERVISION: {50: (), 100: (_A.DEPARTMENT, _A.ACCEPTOR, _A.LEADERS), 150: ()},
        # An order that nobody has read.
        TimerKind.ORDER: {50: (), 100: (_A.DISPATCHER, _A.LEADERS), 150: ()},
        TimerKind.SUBTASK: {
            50: (_A.DEPARTMENT,),
            100: (_A.DEPARTMENT, _A.DISPATCHER),
            150: (_A.DEPARTMENT, _A.DISPATCHER, _A.LEADERS),
        },
    }
)
"""Whom each step is told to, where a city says nothing else."""


def notices_of(case: Case, timer: Timer, steps: tuple[int, ...], at: datetime, ladder: Ladder) -> tuple[Notice, ...]:
    """What is to be told of the steps that a timer has passed."""
    department = _department_of(case, timer)
    return tuple(
        Notice(
            id=f"{case.id}/{timer.kind}/{timer.subject}/{timer.turn}/{step}/{audience}",
            case_id=case.id,
            audience=audience,
            name=department if audience is Audience.DEPARTMENT else "",
            about=timer.kind.value,
            step=step,
            at=at,
        )
        for step in steps
        for audience in ladder.get(timer.kind, {}).get(step, ())
    )


def _department_of(case: Case, timer: Timer) -> str:
    """Whose limit it is: that of a co-department, of who answers for an order, else of the lead."""
    if timer.kind is TimerKind.SUBTASK:
        return timer.subject
    ordered = (order.department for order in case.orders if order.id == timer.subject)
    return next(ordered, case.department or "") if timer.kind is TimerKind.ORDER else case.department or ""
