"""The menu of services (居民点单、党组织下单、党员接单): its one table of steps, and the orders that go through it.

A wish (心愿) is an order for something that is not on the menu, in the resident's own words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from cases.errors import MoveRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One thing on the menu."""

    id: str
    name: str
    description: str = ""


class OrderState(StrEnum):
    """Where an order stands."""

    ORDERED = "ordered"
    """点单: a resident wants it; the community has to look at it."""
    OFFERED = "offered"
    """下单: the community has put it to its volunteers."""
    CLAIMED = "claimed"
    """接单: somebody sees to it."""
    DONE = "done"
    RATED = "rated"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


OVER = frozenset({OrderState.DONE, OrderState.RATED, OrderState.DECLINED, OrderState.WITHDRAWN})
"""States in which nobody has anything more to do; a rating may still come."""


class OrderStep(StrEnum):
    """What somebody does to an order."""

    ORDER = "order"
    OFFER = "offer"
    DECLINE = "decline"
    CLAIM = "claim"
    RELEASE = "release"
    FINISH = "finish"
    RATE = "rate"
    WITHDRAW = "withdraw"


class Part(StrEnum):
    """Who makes a step."""

    RESIDENT = "resident"
    COMMUNITY = "community"
    VOLUNTEER = "volunteer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the table.

    Attributes:
        before: states that the step may start from.
        after: the state it leads to.
        part: who makes it.
        needs_words: they must say something.
        by_claimer: only whoever has claimed it.
    """

    before: frozenset[OrderState]
    after: OrderState
    part: Part
    needs_words: bool = False
    by_claimer: bool = False


_S = OrderState

STEPS: Mapping[OrderStep, Row] = MappingProxyType(
    {
        # What the community writes is all that volunteers read before they claim: hence it must say what is wanted.
        OrderStep.OFFER: Row(before=frozenset({_S.ORDERED}), after=_S.OFFERED, part=Part.COMMUNITY, needs_words=True),
        OrderStep.DECLINE: Row(
            before=frozenset({_S.ORDERED, _S.OFFERED}), after=_S.DECLINED, part=Part.COMMUNITY, needs_words=True
        ),
        OrderStep.CLAIM: Row(before=frozenset({_S.OFFERED}), after=_S.CLAIMED, part=Part.VOLUNTEER),
        OrderStep.RELEASE: Row(
            before=frozenset({_S.CLAIMED}), after=_S.OFFERED, part=Part.VOLUNTEER, needs_words=True, by_claimer=True
        ),
        OrderStep.FINISH: Row(before=frozenset({_S.CLAIMED}), after=_S.DONE, part=Part.VOLUNTEER, by_claimer=True),
        OrderStep.RATE: Row(before=frozenset({_S.DONE}), after=_S.RATED, part=Part.RESIDENT),
        OrderStep.WITHDRAW: Row(before=frozenset({_S.ORDERED, _S.OFFERED}), after=_S.WITHDRAWN, part=Part.RESIDENT),
    }
)
"""Every allowed step. What is not in here cannot happen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One line of an order's history.

    Attributes:
        at: aware UTC.
        step: what was done.
        actor: who did it; `Part.RESIDENT` for the resident, who is named nowhere here.
        words: in their own.
    """

    at: datetime
    step: OrderStep
    actor: str
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOrder:
    """One order.

    Attributes:
        id: random.
        number: for people, e.g. `S2026-000012`.
        service: what is ordered from the menu; None for a wish.
        area: code of the area whose community sees to it.
        words: the resident's own.
        name: whom to ask for; like address and phone for the community and whoever has claimed it alone.
        phone: how to reach them.
        address: where.
        secret_hash: hex SHA-256 of the secret in the resident's link.
        state: where it stands.
        version: grows by one with every step.
        claimed_by: identifier of whoever sees to it; None while nobody does.
        rating: 1 to 5, once it is rated.
        history: every step, oldest first.
    """

    id: str
    number: str
    service: str | None
    area: str
    words: str
    name: str
    phone: str
    address: str
    secret_hash: str
    state: OrderState = OrderState.ORDERED
    version: int = 1
    claimed_by: str | None = None
    rating: int | None = None
    history: tuple[Made, ...] = ()

    @property
    def is_personal(self) -> bool:
        """Whether it still says something about the person, or in somebody's words."""
        return any((self.words, self.name, self.phone, self.address, *(made.words for made in self.history)))

    @property
    def offer(self) -> str:
        """What the community has written for its volunteers."""
        return next((made.words for made in reversed(self.history) if made.step is OrderStep.OFFER), "")


def steps_from(order: ServiceOrder, part: Part, *, who: str = "") -> tuple[OrderStep, ...]:
    """What somebody may do to an order now.

    >>> [step.value for step, row in STEPS.items() if OrderState.ORDERED in row.before]
    ['offer', 'decline', 'withdraw']
    """
    return tuple(
        step
        for step, row in STEPS.items()
        if row.part is part and order.state in row.before and (not row.by_claimer or order.claimed_by == who)
    )


def make_step(
    order: ServiceOrder,
    step: OrderStep,
    part: Part,
    *,
    at: datetime,
    actor: str,
    who: str = "",
    words: str = "",
    rating: int | None = None,
) -> ServiceOrder:
    """The order after a step.

    Args:
        order: as it is.
        step: what is done.
        part: by whom.
        at: aware UTC.
        actor: how histories name them.
        who: their identifier; needed of volunteers.
        words: in their own.
        rating: 1 to 5; only for `RATE`.

    Raises:
        MoveRefused: the table does not allow it, it is somebody else's, or words or rating are missing.
    """
    row = STEPS.get(step)
    if row is None or row.part is not part or order.state not in row.before:
        raise MoveRefused(f"order {order.number} is {order.state} and does not allow to {step} it; look at it again")
    if row.by_claimer and order.claimed_by != who:
        raise MoveRefused(f"order {order.number} was claimed by somebody else; look at it again")
    if row.needs_words and not words.strip():
        raise MoveRefused(f"to {step} order {order.number}, add a few words")
    if (step is OrderStep.RATE) != (rating in range(1, 6)):
        raise MoveRefused("rate the service from 1 to 5")
    claimed = {OrderStep.CLAIM: who, OrderStep.RELEASE: None}
    made = Made(at=at, step=step, actor=actor, words=words.strip())
    return replace(
        order,
        state=row.after,
        claimed_by=claimed.get(step, order.claimed_by),
        rating=rating if step is OrderStep.RATE else order.rating,
        history=(*order.history, made),
    )
