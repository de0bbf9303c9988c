"""What other systems ask: cases as service requests, with what they themselves have said of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Engine, and_, exists, false, func, or_, select

from api.store.engine import begin
from api.store.loading import load_cases
from api.store.reach import within
from api.store.tables import cases, history, reports
from cases.case import Case
from cases.reach import Reach
from cases.states import ENDED


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for.

    Attributes:
        numbers: only these; then nothing else counts.
        codes: only of these event codes or kinds; none for all.
        is_over: only those that are, or are not.
        since: aware UTC, opened then or later.
        until: aware UTC, opened then or earlier.
        limit: how many at most.
    """

    numbers: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    is_over: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    limit: int = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedCase:
    """A case, the words of the reports that came by the door that is asked, and when it was changed last."""

    case: Case
    said: tuple[str, ...]
    updated_at: datetime


class RequestQuestions:
    """Every method is one reading transaction."""

    def __init__(self, reading: Engine) -> None:
        self._reading = reading

    def sent_to(self, origin: str, reach: Reach, asked: Asked) -> tuple[RequestedCase, ...]:
        """Cases that are public, and those that came from `origin` whatever their state, newest first.

        Args:
            origin: beginning of the origin of reports.
            reach: what is public.
            asked: which of them.
        """
        theirs = exists().where(reports.c.case_id == cases.c.id, _from(origin))
        where = [or_(theirs, and_(*within(reach))), *_conditions(asked)]
        newest = cases.c.opened_at.desc(), cases.c.number.desc()
        with begin(self._reading) as connection:
            found = load_cases(connection, select(cases).where(*where).order_by(*newest).limit(asked.limit))
            ids = [case.id for case in found]
            said, changed = _said(connection, origin, ids), _changed(connection, ids)
        return tuple(
            RequestedCase(case=case, said=tuple(said[case.id]), updated_at=changed.get(case.id, case.opened_at))
            for case in found
        )

    def number_of(self, origin: str, report_key: str) -> str | None:
        """The number of the case that a report from `origin` belongs to now; None where there is no such report."""
        mine = select(cases.c.number).join(reports, reports.c.case_id == cases.c.id)
        with begin(self._reading) as connection:
            which = mine.where(reports.c.key == report_key, _from(origin))
            return connection.execute(which).scalar_one_or_none()


def _from(origin: str) -> ColumnElement[bool]:
    return reports.c.origin.startswith(origin, autoescape=True)


def _conditions(asked: Asked) -> list[ColumnElement[bool]]:
    if asked.numbers:
        return [cases.c.number.in_(asked.numbers)]
    where: list[ColumnElement[bool]] = []
    if asked.codes:
        codeless = and_(cases.c.code.is_(None), cases.c.kind.in_(asked.codes))
        where.append(or_(false(), cases.c.code.in_(asked.codes), codeless))
    if asked.is_over is not None:
        ended = cases.c.state.in_([state.value for state in ENDED])
        where.append(ended if asked.is_over else ~ended)
    if asked.since is not None:
        where.append(cases.c.opened_at >= asked.since)
    if asked.until is not None:
        where.append(cases.c.opened_at <= asked.until)
    return where


def _said(connection: Connection, origin: str, ids: Sequence[str]) -> Mapping[str, list[str]]:
    said: defaultdict[str, list[str]] = defaultdict(list)
    which = select(reports.c.case_id, reports.c.text).where(reports.c.case_id.in_(ids), _from(origin))
    for row in connection.execute(which.order_by(reports.c.id)):
        said[row.case_id].append(row.text)
    return said


def _changed(connection: Connection, ids: Sequence[str]) -> Mapping[str, datetime]:
    last = select(history.c.case_id, func.max(history.c.at).label("last")).where(history.c.case_id.in_(ids))
    return {row.case_id: row.last for row in connection.execute(last.group_by(history.c.case_id))}
