"""Whom a direct order is for."""

from dataclasses import dataclass
from datetime import datetime

from cases.city import CityOrder
from cases.direct_order import DirectOrder
from cases.errors import MoveRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Whom an order is for; fields as in `DirectOrder`."""

    unit: str
    department: str
    person: str = ""


def the_unit(unit: str, city: CityOrder) -> Recipient:
    """A unit, and who answers for it: itself, where it is a department, or the nearest department above it.

    Raises:
        MoveRefused: there is no such unit, or none above it is a department.
    """
    path = city.organisation.path(unit)
    found = next((one for one in path if one in city.departments), None)
    if found is None:
        known = ", ".join(city.departments) or "none"
        raise MoveRefused(f"no department and no unit below one is called {unit}; departments are: {known}")
    return Recipient(unit=unit, department=found)


def an_order(to: Recipient, text: str, *, id: str, by: str, issuer: str, at: datetime, due_at: datetime) -> DirectOrder:
    """An order as it is given; arguments as the fields of `DirectOrder`.

    Raises:
        MoveRefused: it says nothing.
    """
    if not text.strip():
        raise MoveRefused("say what is to be done")
    return DirectOrder(
        id=id,
        unit=to.unit,
        department=to.department,
        person=to.person,
        text=text.strip(),
        issuer=issuer,
        given_by=by,
        given_at=at,
        due_at=due_at,
    )
