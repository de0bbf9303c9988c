"""What pages and programs ask about sub-tasks, direct orders and watched cases. Reads only, waits for nobody."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true

from api.store import rows
from api.store.board import BoardQuestions
from api.store.dispatch_book import watchers_of
from api.store.engine import begin
from api.store.loading import load_cases
from api.store.tables import cases, direct_orders, subtasks, watches
from api.store.verdict_questions import VerdictQuestions
from cases.case import Case
from cases.direct_order import DirectOrder, ListedOrder
from cases.errors import CaseNotFound
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
        self,
        unit: str | None = None,
        *,
        person: str = "",
        unanswered: bool = True,
        limit: int = 50,
        offset: int = 0,
    ) -> Page[ListedOrder]:
        """Direct orders that may be seen, the newest first: those about cases within reach, and others.

        Args:
            unit: only those to this unit, or to units that this department answers for.
            person: who asks; what is about no case is seen by who gave it and by whom it is for, too.
            unanswered: only those that nobody has replied to.
            limit: how many at most.
            offset: how many are left out before.
        """
        table = direct_orders
        about = (cases.c.number.label("case_number"), cases.c.version.label("case_version"))
        which = select(table, *about).outerjoin(cases, cases.c.id == table.c.case_id)
        which = which.where(or_(and_(cases.c.id.is_not(None), *self._mine), self._instructions(person)))
        if unit is not None:
            which = which.where(or_(table.c.unit == unit, table.c.department == unit))
        if unanswered:
            which = which.where(table.c.replied_at.is_(None))
        ordered = which.order_by(table.c.given_at.desc(), table.c.id)
        with begin(self._reading) as connection:
            found = connection.execute(ordered.limit(limit).offset(offset)).mappings()
            items = tuple(
                ListedOrder(
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

    def instruction(self, id: str, person: str) -> DirectOrder:
        """An order about no case.

        Raises:
            CaseNotFound: there is none that this person may see.
        """
        which = select(direct_orders).where(direct_orders.c.id == id, self._instructions(person))
        with begin(self._reading) as connection:
            row = connection.execute(which).mappings().first()
        if row is None:
            raise CaseNotFound("there is no such order; look it up in the list of orders")
        return rows.order_from(row)

    def _instructions(self, person: str) -> ColumnElement[bool]:
        """Orders about no case that may be seen: the whole city's, those of one's departments, one's own."""
        if not self._personal:
            return false()
        table, seen = direct_orders, self._reach.departments
        own = or_(table.c.issuer == person, table.c.person == person) if person else false()
        of_mine = table.c.department.in_(sorted(seen)) if seen else false()
        whole = true() if self._reach.areas is None else false()
        return and_(table.c.case_id.is_(None), or_(whole, of_mine, own))

    def _cases(self, ordered: Select[Any], limit: int, offset: int) -> Page[Case]:
        with begin(self._reading) as connection:
            found = load_cases(connection, ordered.limit(limit).offset(offset))
            counted = select(func.count()).select_from(ordered.order_by(None).subquery())
            total = connection.execute(counted).scalar_one()
        return Page(items=found if self._personal else tuple(map(without_words, found)), total=total)
