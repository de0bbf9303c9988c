"""Whose notices a caller is shown: by role, by the departments they work for, by the streets they look after."""

from collections.abc import Mapping
from types import MappingProxyType

from api.accounts.person import Caller
from api.accounts.roles import Role
from api.doors import Doors
from cases.escalation import Audience
from cases.notices import Addressee
from cases.organisation import UnitKind

AUDIENCE_OF: Mapping[Role, Audience] = MappingProxyType(
    {
        Role.SUPERVISOR: Audience.ACCEPTOR,
        Role.DISPATCHER: Audience.DISPATCHER,
        Role.LEADER: Audience.LEADERS,
    }
)
"""What notices call people who are this. All other roles are told nothing by it."""


def addressee_of(doors: Doors, who: Caller) -> Addressee:
    """Whose notices a person or program is shown."""
    roles = who.person.roles if who.person else frozenset[Role]()
    return Addressee(
        reader=who.id,
        audiences=frozenset(AUDIENCE_OF[role] for role in roles if role in AUDIENCE_OF),
        names=who.departments,
        streets=_streets(doors, who, roles),
        reach=who.reach,
    )


def _streets(doors: Doors, who: Caller, roles: frozenset[Role]) -> frozenset[str]:
    """The areas that somebody oversees: who is bound to some of them by such a role, and the office of a street."""
    bound = who.person.areas if who.person and not roles.isdisjoint(AUDIENCE_OF) else frozenset[str]()
    units = doors.order.organisation.units
    offices = (units[name] for name in who.departments if name in units)
    looked_after = frozenset(area for unit in offices if unit.kind is UnitKind.STREET for area in unit.areas)
    return doors.areas_inside(bound | looked_after)
