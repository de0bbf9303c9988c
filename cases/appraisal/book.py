"""What the appraisal needs from the store."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from cases.appraisal.period import Period, Vote
from cases.appraisal.sets import CaseSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Cases of one month that share department, area and sets.

    Attributes:
        department: who is responsible; None where the case was never filed.
        area: code of the smallest area that is known.
        sets: the sets that all of them lie in.
        cases: how many.
        handling: dispatch to handled, summed.
    """

    department: str | None
    area: str | None
    sets: CaseSet
    cases: int
    handling: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One case behind a figure."""

    case_id: str
    number: str
    department: str | None
    area: str | None
    sets: CaseSet


class AppraisalBook(Protocol):
    """Months, their cases and votes. While a month is open its cases are counted as they are; afterwards as frozen."""

    def period(self, month: str) -> Period:
        """The month as its last move left it; an open one where nobody moved it."""
        ...

    def counts(self, period: Period, span: tuple[datetime, datetime]) -> Sequence[Count]:
        """The cases of the month, counted."""
        ...

    def members(self, period: Period, span: tuple[datetime, datetime], one: CaseSet) -> Sequence[Member]:
        """The cases of the month that lie in a set, by number."""
        ...

    def votes(self, month: str) -> Sequence[Vote]:
        """The votes of the streets."""
        ...

    def vote(self, vote: Vote) -> None:
        """Write a vote in place of the street's earlier one on that department.

        Raises:
            AppraisalError: the month is no longer open.
        """
        ...

    def move(self, was: Period, now: Period, span: tuple[datetime, datetime]) -> None:
        """Write a move. Where the revision grew, the cases of the span are frozen as they are at this instant.

        Raises:
            AppraisalError: somebody moved the month meanwhile.
        """
        ...
