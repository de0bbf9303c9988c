"""Where months are looked at, voted on, published and locked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.appraisal.book import AppraisalBook, Count, Member
from cases.appraisal.league import Standing, Unit, league
from cases.appraisal.period import Period, PeriodAct, Vote, mean_votes
from cases.appraisal.scheme import Scheme
from cases.appraisal.sets import CaseSet
from cases.appraisal.tally import Tally, total
from cases.city import CityOrder
from cases.errors import AppraisalError
from cases.grid import AreaLevel
from cases.ports import Clock

NOWHERE = ""
"""The unit of cases whose department or area nobody knows. Shown, so that the parts add up, but never ranked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One month of one sort of units.

    Attributes:
        period: the month and what became of it.
        scheme: how points were given.
        standings: best first.
        unknown: cases whose unit nobody knows.
        whole: all cases of the month.
    """

    period: Period
    scheme: Scheme
    standings: tuple[Standing, ...]
    unknown: Tally
    whole: Tally


class AppraisalDesk:
    """Everything that is done with the appraisal.

    Args:
        book: months, cases and votes.
        order: the city's scheme, map and calendar.
        clock: now, aware UTC.
    """

    def __init__(self, book: AppraisalBook, order: CityOrder, *, clock: Clock) -> None:
        self._book = book
        self._order = order
        self._clock = clock

    def this_month(self) -> str:
        """The month of now, in the city's zone."""
        return Period.holding(self._clock(), self._order.calendar.days.zone).month

    def table(self, month: str, unit: Unit) -> Table:
        """The month's league table.

        Raises:
            AppraisalError: `month` is not written as one.
        """
        period = self._book.period(month)
        scheme = period.scheme or self._order.scheme
        tallies: dict[str, Tally] = {}
        for count in self._book.counts(period, self._span(period)):
            name = self._unit_of(unit, count)
            one = Tally.of(count.sets, cases=count.cases, handling=count.handling)
            tallies[name] = tallies.get(name, Tally()) + one
        whole = total(tallies.values())
        unknown = tallies.pop(NOWHERE, Tally())
        votes = mean_votes(self._book.votes(month)) if unit is Unit.DEPARTMENT else {}
        standings = league(tallies, scheme, votes=votes, measures=self._order.measures)
        return Table(period=period, scheme=scheme, standings=standings, unknown=unknown, whole=whole)

    def members(self, month: str, unit: Unit, name: str, one: CaseSet) -> Sequence[Member]:
        """The cases behind one figure.

        Raises:
            AppraisalError: `month` is not written as one.
        """
        period = self._book.period(month)
        found = self._book.members(period, self._span(period), one)
        return [member for member in found if self._unit_of(unit, member) == name]

    def vote(self, month: str, *, street: str, department: str, points: float, by: str) -> Vote:
        """Write down how a street scores a department.

        Raises:
            AppraisalError: no such street or department, points out of range, or the month is no longer open.
        """
        area = self._order.grid.areas.get(street)
        if area is None or area.level is not AreaLevel.STREET:
            raise AppraisalError(f"{street!r} is not the code of a street; only streets score departments")
        if department not in self._order.departments:
            raise AppraisalError(f"there is no department {department!r}; name one of the city file")
        vote = Vote(month=month, street=street, department=department, points=points, actor=by, at=self._clock())
        self._book.vote(vote)
        return vote

    def move(self, month: str, act: PeriodAct, *, by: str, reason: str = "") -> Period:
        """Publish a month, publish it again, or lock it.

        Raises:
            AppraisalError: its state does not allow it, a reason is missing, it is not over yet, or somebody moved it
                meanwhile.
        """
        was = self._book.period(month)
        _, end = span = self._span(was)
        if self._clock() < end:
            raise AppraisalError(f"month {month} is not over yet; publish it from {end:%Y-%m-%dT%H:%MZ} on")
        now = was.moved(act, by=by, at=self._clock(), scheme=self._order.scheme, reason=reason)
        self._book.move(was, now, span)
        return now

    def votes(self, month: str) -> Sequence[Vote]:
        """The votes of the streets in a month."""
        return self._book.votes(month)

    def _span(self, period: Period) -> tuple[datetime, datetime]:
        return period.span(self._order.calendar.days.zone)

    def _unit_of(self, unit: Unit, one: Count | Member) -> str:
        if unit is Unit.DEPARTMENT:
            return one.department or NOWHERE
        return self._order.grid.at(one.area, AreaLevel(unit.value)) or NOWHERE
