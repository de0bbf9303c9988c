"""What lies within somebody's reach, as a condition on the table of cases. The same as `Reach.covers`."""

from sqlalchemy import ColumnElement, false, or_

from api.store.tables import cases
from cases.reach import NOT_FILED, Reach


def within(reach: Reach) -> tuple[ColumnElement[bool], ...]:
    """Conditions that all hold for the cases that may be seen, and for no others."""
    conditions: list[ColumnElement[bool]] = []
    if reach.filed_only:
        conditions.append(cases.c.state.not_in([state.value for state in NOT_FILED]))
    if reach.areas is not None:
        places = [cases.c.area.in_(sorted(reach.areas))] if reach.areas else []
        owners = [cases.c.department.in_(sorted(reach.departments))] if reach.departments else []
        conditions.append(or_(false(), *places, *owners))
    return tuple(conditions)
