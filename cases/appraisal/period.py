"""A period of appraisal (评价周期): open while it is counted, then published, then locked."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, Self

from cases.appraisal.scheme import Scheme
from cases.errors import AppraisalError


class PeriodState(StrEnum):
    """Where a period stands."""

    OPEN = "open"
    PUBLISHED = "published"
    LOCKED = "locked"


class PeriodAct(StrEnum):
    """What may be done to a period."""

    PUBLISH = "publish"
    REPUBLISH = "republish"
    LOCK = "lock"


class _Step(NamedTuple):
    before: PeriodState
    after: PeriodState
    needs_reason: bool = False


PERIOD_MOVES: Mapping[PeriodAct, _Step] = MappingProxyType(
    {
        PeriodAct.PUBLISH: _Step(PeriodState.OPEN, PeriodState.PUBLISHED),
        # After an appeal that was granted the figures change, so they are frozen anew, for a reason that all can read.
        PeriodAct.REPUBLISH: _Step(PeriodState.PUBLISHED, PeriodState.PUBLISHED, needs_reason=True),
        PeriodAct.LOCK: _Step(PeriodState.PUBLISHED, PeriodState.LOCKED),
    }
)
"""Every allowed move. A locked period never changes again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One month, and what became of its figures.

    A case belongs to the month of its deadline, extensions included; one that was never filed to the month it came in.

    Attributes:
        month: `2026-10`.
        state: where it stands.
        revision: how often its figures were frozen.
        scheme: how points were given when the figures were frozen; None while it is open.
        step: how many moves led here; two people who move at once are told apart by it.
        actor: who made the last move.
        at: aware UTC, when.
        reason: why, where one was needed.
    """

    month: str
    state: PeriodState = PeriodState.OPEN
    revision: int = 0
    scheme: Scheme | None = None
    step: int = 0
    actor: str = ""
    at: datetime | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        first_day(self.month)

    @classmethod
    def holding(cls, at: datetime, zone: tzinfo) -> Self:
        """The open month that an instant lies in, in the city's zone."""
        return cls(month=f"{at.astimezone(zone):%Y-%m}")

    def span(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """From its first instant on, and up to but without the first of the next month, aware UTC.

        >>> from zoneinfo import ZoneInfo
        >>> [f"{at:%m-%dT%H}" for at in Period(month="2026-10").span(ZoneInfo("Asia/Shanghai"))]
        ['09-30T16', '10-31T16']
        """
        first = first_day(self.month)
        following = (first + timedelta(days=31)).replace(day=1)
        start, end = (datetime.combine(day, time(0), tzinfo=zone).astimezone(UTC) for day in (first, following))
        return start, end

    def moved(self, act: PeriodAct, *, by: str, at: datetime, scheme: Scheme, reason: str = "") -> "Period":
        """The period after `act`. Publishing freezes the figures, and with them the scheme of that day.

        Raises:
            AppraisalError: the table does not allow it, or a reason is missing.
        """
        step, reason = PERIOD_MOVES[act], reason.strip()
        if self.state is not step.before:
            allowed = ", ".join(one for one, row in PERIOD_MOVES.items() if row.before is self.state) or "nothing"
            raise AppraisalError(
                f"month {self.month} is {self.state}, so the move {act} is not allowed; allowed now: {allowed}"
            )
        if step.needs_reason and not reason:
            raise AppraisalError(f"to {act} month {self.month}, say why")
        frozen = act is not PeriodAct.LOCK
        return replace(
            self,
            state=step.after,
            revision=self.revision + frozen,
            step=self.step + 1,
            scheme=scheme if frozen else self.scheme,
            actor=by,
            at=at,
            reason=reason,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """How one street scores one department in one month (街道评价部门).

    Attributes:
        month: `2026-10`.
        street: area code of the street that scores.
        department: who is scored.
        points: 0..100.
        actor: who entered it.
        at: aware UTC.
    """

    month: str
    street: str
    department: str
    points: float
    actor: str
    at: datetime

    def __post_init__(self) -> None:
        if not 0 <= self.points <= 100:
            raise AppraisalError(f"a vote must lie between 0 and 100, not {self.points}")


def first_day(month: str) -> date:
    """The first day of a month written `2026-10`.

    Raises:
        AppraisalError: it is not written so.
    """
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", month) or month < "2000":
        raise AppraisalError(f"{month!r} is not a month; write one such as 2026-10")
    return date(int(month[:4]), int(month[5:]), 1)


def mean_votes(votes: Sequence[Vote]) -> dict[str, float]:
    """Each department's mean vote over the streets that voted."""
    of = {vote.department: [one.points for one in votes if one.department == vote.department] for vote in votes}
    return {department: sum(points) / len(points) for department, points in of.items()}


def months_before(month: str, count: int) -> list[str]:
    """The `count` months before one, oldest first.

    >>> months_before("2026-02", 3)
    ['2025-11', '2025-12', '2026-01']
    """
    last = first_day(month)
    number = last.year * 12 + last.month - 1
    return [f"{n // 12}-{n % 12 + 1:02}" for n in range(number - count, number)]
