"""What a dispatch board asks: the open cases in the order of their deadlines, and what became of some cases."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from api.store.engine import begin
from api.store.loading import load_cases
from api.store.map import MapQuestions
from api.store.tables import cases, filings, subtasks
from cases.board import STATES_OF, Queue
from cases.case import Case
from cases.overview import Page
from cases.reach import without_words
from cases.subtask import SubtaskState

AWAITED = (SubtaskState.OPEN.value, SubtaskState.RETURNED.value)


class BoardQuestions(MapQuestions):
    """Every method is one reading transaction; what lies beyond the reach is neither shown nor counted."""

    def queue(self, queue: Queue, *, now: datetime, limit: int, offset: int = 0) -> Page[Case]:
        """Cases of one queue, the nearest deadline first; those without one come last, the oldest of them first."""
        which = select(cases).where(*_in_queue(queue, now), *self._mine)
        ordered = which.order_by(cases.c.deadline_at.is_(None), cases.c.deadline_at, cases.c.opened_at, cases.c.number)
        with begin(self._reading) as connection:
            found = load_cases(connection, ordered.limit(limit).offset(offset))
            total = connection.execute(select(func.count()).select_from(which.subquery())).scalar_one()
        return Page(items=self._without_words(found), total=total)

    def queue_lengths(self, now: datetime) -> Mapping[Queue, int]:
        """How many cases stand in each queue."""
        with begin(self._reading) as connection:
            return {
                queue: connection.execute(
                    select(func.count()).select_from(cases).where(*_in_queue(queue, now), *self._mine)
                ).scalar_one()
                for queue in Queue
            }

    def these(self, case_ids: Collection[str]) -> tuple[Case, ...]:
        """Those of some cases that may be seen, in no particular order."""
        which = select(cases).where(cases.c.id.in_(list(case_ids)), *self._mine)
        with begin(self._reading) as connection:
            return self._without_words(load_cases(connection, which))

    def once_seen(self, case_ids: Collection[str], departments: Collection[str]) -> frozenset[str]:
        """Those of some cases that were a matter of one of the departments before, whoever has them now."""
        ids, names = list(case_ids), list(departments)
        led = select(filings.c.case_id).where(filings.c.case_id.in_(ids), filings.c.department.in_(names))
        helped = select(subtasks.c.case_id).where(subtasks.c.case_id.in_(ids), subtasks.c.department.in_(names))
        with begin(self._reading) as connection:
            return frozenset(row.case_id for row in connection.execute(led.union(helped)))

    def _without_words(self, found: tuple[Case, ...]) -> tuple[Case, ...]:
        return found if self._personal else tuple(map(without_words, found))


def _in_queue(queue: Queue, now: datetime) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [cases.c.state.in_(sorted(state.value for state in STATES_OF[queue]))]
    if queue is Queue.LATE:
        conditions.append(cases.c.deadline_at < now)
    if queue is Queue.JOINT:
        awaited = select(subtasks.c.case_id).where(subtasks.c.state.in_(AWAITED))
        conditions.append(cases.c.id.in_(awaited))
    return conditions
