"""Orders of the menu of services, as those see and move them who see to them; for pages and for programs."""

from starlette.exceptions import HTTPException

from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import Doors
from cases.participation.menu import STEPS, OrderStep, Part, ServiceOrder, steps_from

RIGHT_OF = {Part.COMMUNITY: Right.ARRANGE, Part.VOLUNTEER: Right.SERVE}
NOT_THERE = "there is no such order for you; look it up in the list"


def steps_for(who: Caller, order: ServiceOrder) -> tuple[OrderStep, ...]:
    """What somebody may do to an order now."""
    parts = (part for part, right in RIGHT_OF.items() if who.may(right))
    return tuple(step for part in parts for step in steps_from(order, part, who=who.id))


def is_told(who: Caller, order: ServiceOrder) -> bool:
    """Whether they read who ordered and where: the community, and whoever has claimed it."""
    return who.may(Right.ARRANGE) or order.claimed_by == who.id


def reaches(who: Caller, area: str) -> bool:
    """Whether an area is among somebody's."""
    return who.reach.areas is None or area in who.reach.areas


def make_order_step(doors: Doors, who: Caller, order_id: str, step: OrderStep, words: str) -> ServiceOrder:
    """Make a step as the community or a volunteer; of two who claim an order, one gets it.

    Raises:
        HTTPException: 404, it is not there for them; 403, the step is another one's.
        MoveRefused: somebody else was first, or words are missing.
    """
    order = doors.store.public.service_order(order_id)
    if order is None or not reaches(who, order.area):
        raise HTTPException(404, NOT_THERE)
    row = STEPS.get(step)
    right = RIGHT_OF.get(row.part) if row else None
    if row is None or right is None or not who.may(right):
        raise HTTPException(403, "your account may not do this; ask an administrator for the right")
    return doors.menu.by_staff(order_id, step, row.part, who=who.id, by=who.label, words=words)
