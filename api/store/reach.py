"""What lies within somebody's reach, as a condition on the table of cases. The same as `Reach.covers`."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, false, or_, select

from api.store.tables import cases, direct_orders, subtasks
from cases.reach import NOT_FILED, Reach
from cases.subtask import SubtaskState


def within(reach: Reach) -> tuple[ColumnElement[bool], ...]:
    """Conditions that all hold for the cases that may be seen, and for no others."""
    conditions: list[ColumnElement[bool]] = []
    if reach.filed_only:
        conditions.append(cases.c.state.not_in([state.value for state in NOT_FILED]))
    if reach.codes is not None:
        conditions.append(cases.c.code.in_(sorted(reach.codes - reach.hidden_codes)))
    elif reach.hidden_codes:
        conditions.append(or_(cases.c.code.is_(None), cases.c.code.not_in(sorted(reach.hidden_codes))))
    if reach.areas is not None:
        places = [cases.c.area.in_(sorted(reach.areas))] if reach.areas else []
        owners = owned_by(reach.departments) if reach.departments else ()
        conditions.append(or_(false(), *places, *owners))
    return tuple(conditions)


def owned_by(departments: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    """Conditions of which one holds for the cases that a department leads, helps with, or has an order about."""
    names = sorted(departments)
    helps = subtasks.c.department.in_(names) & (subtasks.c.state != SubtaskState.WITHDRAWN.value)
    ordered = select(direct_orders.c.case_id).where(direct_orders.c.department.in_(names))
    return (
        cases.c.department.in_(names),
        cases.c.id.in_(select(subtasks.c.case_id).where(helps)),
        cases.c.id.in_(ordered),
    )
