"""Months of appraisal in the database: what `cases.appraisal.book.AppraisalBook` asks for."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, and_, func, insert, literal, select, update
from sqlalchemy.exc import IntegrityError

from api.store.engine import begin
from api.store.rows.appraisal import member_from, move_row, period_from
from api.store.tables import appraisal_cases, appraisal_moves, appraisal_votes, cases
from cases.appraisal.book import Count, Member
from cases.appraisal.period import Period, PeriodState, Vote
from cases.appraisal.sets import CaseSet
from cases.errors import AppraisalError

Span = tuple[datetime, datetime]


class SqlAppraisal:
    """Reads without waiting for anybody; each vote and each move is one transaction."""

    def __init__(self, engine: Engine, reading: Engine) -> None:
        self._engine = engine
        self._reading = reading

    def period(self, month: str) -> Period:
        """See `AppraisalBook.period`."""
        with begin(self._reading) as connection:
            return _period(connection, month)

    def counts(self, period: Period, span: Span) -> Sequence[Count]:
        """See `AppraisalBook.counts`."""
        table, mine = _source(period, span)
        which = (
            select(table.c.department, table.c.area, table.c.sets, func.count(), func.sum(table.c.handling_seconds))
            .where(mine)
            .group_by(table.c.department, table.c.area, table.c.sets)
        )
        with begin(self._reading) as connection:
            return [
                Count(department=who, area=area, sets=CaseSet(sets), cases=n, handling=timedelta(seconds=seconds))
                for who, area, sets, n, seconds in connection.execute(which)
            ]

    def members(self, period: Period, span: Span, one: CaseSet) -> Sequence[Member]:
        """See `AppraisalBook.members`."""
        table, mine = _source(period, span)
        in_set = table.c.sets.bitwise_and(int(one)) == int(one)
        case_id = table.c.id if table is cases else table.c.case_id
        columns = (case_id.label("case_id"), table.c.number, table.c.department, table.c.area, table.c.sets)
        with begin(self._reading) as connection:
            found = connection.execute(select(*columns).where(mine, in_set).order_by(table.c.number)).mappings()
            return [member_from(row) for row in found]

    def votes(self, month: str) -> Sequence[Vote]:
        """See `AppraisalBook.votes`."""
        which = select(appraisal_votes).where(appraisal_votes.c.month == month)
        with begin(self._reading) as connection:
            ordered = which.order_by(appraisal_votes.c.department, appraisal_votes.c.street)
            return [Vote(**row) for row in connection.execute(ordered).mappings()]

    def vote(self, vote: Vote) -> None:
        """See `AppraisalBook.vote`."""
        mine = and_(
            appraisal_votes.c.month == vote.month,
            appraisal_votes.c.street == vote.street,
            appraisal_votes.c.department == vote.department,
        )
        values = {"points": vote.points, "actor": vote.actor, "at": vote.at}
        with begin(self._engine) as connection:
            if _period(connection, vote.month).state is not PeriodState.OPEN:
                raise AppraisalError(
                    f"month {vote.month} is published, so its votes stand; vote on the month that runs"
                )
            if connection.execute(update(appraisal_votes).where(mine).values(values)).rowcount == 0:
                keys = {"month": vote.month, "street": vote.street, "department": vote.department}
                connection.execute(insert(appraisal_votes).values(**keys, **values))

    def move(self, was: Period, now: Period, span: Span) -> None:
        """See `AppraisalBook.move`."""
        try:
            with begin(self._engine) as connection:
                connection.execute(insert(appraisal_moves).values(move_row(now)))
                if now.revision > was.revision:
                    connection.execute(_freeze(now, span))
        except IntegrityError:
            raise AppraisalError(f"somebody moved month {now.month} meanwhile; look at it again, then decide") from None


def _period(connection: Connection, month: str) -> Period:
    which = select(appraisal_moves).where(appraisal_moves.c.month == month).order_by(appraisal_moves.c.step.desc())
    row = connection.execute(which.limit(1)).mappings().first()
    return period_from(row) if row else Period(month=month)


def _source(period: Period, span: Span) -> tuple[Any, ColumnElement[bool]]:
    """Where the month's cases stand: live while it is open, frozen afterwards."""
    if period.state is PeriodState.OPEN:
        return cases, _within(span)
    frozen = appraisal_cases.c
    return appraisal_cases, and_(frozen.month == period.month, frozen.revision == period.revision)


def _within(span: Span) -> ColumnElement[bool]:
    start, end = span
    return and_(cases.c.appraised_at >= start, cases.c.appraised_at < end, cases.c.sets != 0)


def _freeze(period: Period, span: Span) -> Any:
    copied = ("number", "department", "area", "sets", "handling_seconds")
    rows: Select[Any] = select(
        literal(period.month), literal(period.revision), cases.c.id, *(cases.c[name] for name in copied)
    ).where(_within(span))
    return insert(appraisal_cases).from_select(["month", "revision", "case_id", *copied], rows)
