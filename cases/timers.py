"""A timer: how much of a limit has run, and what is to be told when. Knows no states; `cases.timekeeping` does."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from cases.clocks import WorkCalendar
from cases.limit import Limit

STEPS = (50, 100, 150)
"""Per cent of the limit at which somebody is told."""


class TimerKind(StrEnum):
    """What is timed."""

    ACCEPTANCE = "acceptance"
    """受理: a candidate waits for a verdict."""
    DISPATCH = "dispatch"
    """派遣: a filed or returned case waits to reach a department."""
    DISPOSAL = "disposal"
    """处置: a department has to handle it. This one makes a case overdue."""
    CHECK = "check"
    """核查: what was handled waits to be checked."""
    SUSPENSION = "suspension"
    """挂账: a case rests; at the end it goes on."""
    SUPERVISION = "supervision"
    """督办: a department has to reply to a supervision order; the subject is its number."""
    SUBTASK = "subtask"
    """联勤: a co-department has to do its part; the subject is the department."""
    ORDER = "order"
    """指令: a direct order waits for its receipt; the subject is the order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """One timer of one case.

    Attributes:
        case_id: whose.
        kind: what is timed.
        subject: which one of several of a kind; empty where there is but one.
        limit: how long it may take, extensions included.
        turn: grows by one each time it starts anew.
        spent: how much of the limit had run at the last pause, in units of the limit's clock.
        running_since: aware UTC, and ahead where it is yet to begin; None while it is paused or stopped.
        due_at: aware UTC, when the limit has run; None while it is paused or stopped.
        told: the last step that was told, in per cent; 0 before the first.
        next_at: aware UTC, when the next step is to be told; None where there is none.
    """

    case_id: str
    kind: TimerKind
    subject: str = ""
    limit: Limit
    turn: int = 1
    spent: float = 0.0
    running_since: datetime | None = None
    due_at: datetime | None = None
    told: int = 0
    next_at: datetime | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from all others."""
        return self.case_id, self.kind.value, self.subject

    def started(self, at: datetime, calendar: WorkCalendar, limit: Limit | None = None) -> Self:
        """Running from nothing."""
        anew = replace(self, limit=limit or self.limit, spent=0.0, told=0, running_since=at)
        return anew._scheduled(calendar)

    def restarted(self, at: datetime, calendar: WorkCalendar, limit: Limit | None = None) -> Self:
        """Running from nothing once more: what was told before may be told again."""
        return replace(self, turn=self.turn + 1).started(at, calendar, limit)

    def paused(self, at: datetime, calendar: WorkCalendar) -> Self:
        """Standing still; what has run is kept. A timer that does not run stays as it is."""
        if self.running_since is None:
            return self
        return replace(self, spent=self._spent(at, calendar), running_since=None, due_at=None, next_at=None)

    def resumed(self, at: datetime, calendar: WorkCalendar) -> Self:
        """Running on with what is left. A timer that runs stays as it is."""
        return self if self.running_since else replace(self, running_since=at)._scheduled(calendar)

    def extended(self, more: Limit, at: datetime, calendar: WorkCalendar) -> Self:
        """With more time; `more` is on the same clock."""
        longer = Limit(amount=self.limit.amount + more.amount, clock=self.limit.clock)
        running = self.running_since is not None
        longer_one = replace(self.paused(at, calendar), limit=longer)
        return longer_one.resumed(at, calendar) if running else longer_one

    def passed(self, at: datetime, calendar: WorkCalendar) -> tuple[Self, tuple[int, ...]]:
        """The timer after everything that is to be told by now, and the steps that are new. Nothing is told twice."""
        new = tuple(step for step in STEPS if step > self.told and self._is_past(step, at, calendar))
        if not new:
            return self, ()
        return replace(self, told=new[-1])._scheduled(calendar), new

    def _is_past(self, step: int, at: datetime, calendar: WorkCalendar) -> bool:
        return self.running_since is not None and self._told_at(step, calendar) <= at

    def _spent(self, at: datetime, calendar: WorkCalendar) -> float:
        assert self.running_since is not None
        return self.spent + calendar.passed(self.running_since, at, self.limit.clock)

    def _told_at(self, step: int, calendar: WorkCalendar) -> datetime:
        """Who is done in the very moment that the limit has run is in time: exceeded it is just after."""
        moment = self._at(step, calendar)
        return moment + timedelta.resolution if step == 100 else moment

    def _at(self, step: int, calendar: WorkCalendar) -> datetime:
        assert self.running_since is not None
        left = max(self.limit.amount * step / 100 - self.spent, 0.0)
        return calendar.after(self.running_since, left, self.limit.clock)

    def _scheduled(self, calendar: WorkCalendar) -> Self:
        untold = [step for step in STEPS if step > self.told]
        next_at = self._told_at(untold[0], calendar) if untold else None
        return replace(self, due_at=self._at(100, calendar), next_at=next_at)
