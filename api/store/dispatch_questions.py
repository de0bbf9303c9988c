"""What pages and programs ask about sub-tasks, direct orders and watched cases. Reads only, waits for nobody."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from api.store import rows
from api.store.board import BoardQuestions
from api.store.dispatch_book import watchers_of
from api.store.engine import begin
from api.store.loading import load_cases
from api.store.tables import cases, direct_orders, subtasks, watches
from api.store.verdict_questions import VerdictQuestions
from cases.case import Case
from cases.direct_order import OrderAboutCase
from cases.overview import Page
from cases.reach import without_words
from cases.subtask import SubtaskState


class DispatchQuestions(BoardQuestions, VerdictQuestions):
    """Every method is one reading transaction; what lies beyond the reach is neither shown nor counted."""

    def helping(
        self,
        department: str,
        *,
        states: Collection[SubtaskState] = (SubtaskState.OPEN,),
        limit: int = 50,
        offset: int = 0,
    ) -> Page[Case]:
        """Cases in which a co-department has a sub-task in one of some states, the one that is due first before others.

        Those that rest have no deadline; they come last.
        """
        parts = subtasks
        mine = and_(
            parts.c.case_id == cases.c.id,
            parts.c.department == department,
            parts.c.state.in_([state.value for state in states]),
        )
        which = select(cases).join(parts, mine).where(*self._mine)
        ordered = which.order_by(parts.c.due_at.is_(None), parts.c.due_at, cases.c.number)
        return self._cases(ordered, limit, offset)

    def orders(
        self, unit: str | None = None, *, unanswered: bool = True, limit: int = 50, offset: int = 0
    ) -> Page[OrderAboutCase]:
        """Direct orders about cases within reach, the newest first.

        Args:
            unit: only those to this unit, or to units that this department answers for.
            unanswered: only those that nobody has replied to.
            limit: how many at most.
            offset: how many are left out before.
        """
        table = direct_orders
        which = select(table, cases.c.number.label("case_number"), cases.c.version.label("case_version")).join(
            cases, cases.c.id == table.c.case_id
        )
        which = which.where(*self._mine)
        if unit is not None:
            which = which.where(or_(table.c.unit == unit, table.c.department == unit))
        if unanswered:
            which = which.where(table.c.replied_at.is_(None))
        ordered = which.order_by(table.c.given_at.desc(), table.c.id)
        with begin(self._reading) as connection:
            found = connection.execute(ordered.limit(limit).offset(offset)).mappings()
            items = tuple(
                OrderAboutCase(
                    order=rows.order_from(row),
                    case_id=row["case_id"],
                    case_number=row["case_number"],
                    case_version=row["case_version"],
                )
                for row in found
            )
            counted = select(func.count()).select_from(which.subquery())
            return Page(items=items, total=connection.execute(counted).scalar_one())

    def watched(self, person: str, *, limit: int = 50, offset: int = 0) -> Page[Case]:
        """Cases that somebody watches, those that they began to watch last before all others."""
        mine = and_(watches.c.case_id == cases.c.id, watches.c.person == person)
        which = select(cases).join(watches, mine).where(*self._mine)
        return self._cases(which.order_by(watches.c.since.desc(), cases.c.number.desc()), limit, offset)

    def is_watched(self, case_id: str, person: str) -> bool:
        """Whether somebody watches a case."""
        with begin(self._reading) as connection:
            return person in watchers_of(connection, case_id)

    def _cases(self, ordered: Select[Any], limit: int, offset: int) -> Page[Case]:
        with begin(self._reading) as connection:
            found = load_cases(connection, ordered.limit(limit).offset(offset))
            counted = select(func.count()).select_from(ordered.order_by(None).subquery())
            total = connection.execute(counted).scalar_one()
        return Page(items=found if self._personal else tuple(map(without_words, found)), total=total)
