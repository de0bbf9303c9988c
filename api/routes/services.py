"""The menu of services for programs: what can be ordered, orders taken for residents, and the steps of staff."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal, Self

from fastapi import Header, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.accounts.tokens import digest, new_token
from api.doors import TheDoors
from api.moves import PlainText, Reason
from api.once import DoneBefore, OnceStore
from api.problems import problems
from api.receiving import Asked
from api.routes.listing import Limit
from api.routes.records import Record
from api.services import is_told, make_order_step, steps_for
from cases.participation.menu import OrderState, OrderStep, ServiceOrder
from cases.participation.menu_desk import MenuDesk, Wanted

router = Router(prefix="/v1", tags=["services"])

SeesTo = Annotated[Caller, needs(Right.ARRANGE, Right.SERVE)]
OrderId = Annotated[str, Path(pattern=r"^[0-9A-Za-z_-]{1,64}$", description="the order's `id`", examples=["9f" * 16])]
StaffStep = Annotated[
    Literal[OrderStep.OFFER, OrderStep.DECLINE, OrderStep.CLAIM, OrderStep.RELEASE, OrderStep.FINISH],
    Path(description="what is done", examples=["claim"]),
]
SEEN_OFFERED = (None, OrderState.OFFERED)
"""What volunteers ask for who are shown offered orders."""
OF_RESIDENTS = ("words", "name", "phone", "address")


class ServiceRecord(Record):
    """One thing on the menu. `name` and `description` by language."""

    id: str
    name: Mapping[str, str]
    description: Mapping[str, str] | None


class ServiceOrderRequest(BaseModel):
    """What a resident orders: a `service` of the menu, or a wish in words. `area`: of the community where they live."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"service": "repairs", "area": "990101001001", "phone": "0512-5550100", "words": "a tap drips"}
            ]
        },
    )

    service: Annotated[PlainText, Field(max_length=64)] = ""
    area: Annotated[PlainText, Field(max_length=64)]
    words: Reason = ""
    name: Annotated[PlainText, Field(max_length=60)] = ""
    phone: Annotated[PlainText, Field(min_length=1, max_length=40)]
    address: Annotated[PlainText, Field(max_length=200)] = ""


class StepRequest(BaseModel):
    """What the community offers to its volunteers, or why it declines; why somebody gives back what they claimed."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"words": "a tap drips, tools are there"}]}
    )

    words: Reason = ""


class PlacedRecord(Record):
    """An order that was taken."""

    id: str
    number: str
    state: OrderState


class ServiceOrderRecord(Record):
    """An order. What is the resident's is empty for whoever has neither to arrange it nor claimed it.

    `offer`: what the community has written for its volunteers. `steps`: what you may do now.
    """

    id: str
    number: str
    service: str | None
    area: str
    state: OrderState
    offer: str
    words: str
    name: str
    phone: str
    address: str
    rating: int | None
    ordered_at: datetime | None
    steps: tuple[OrderStep, ...]

    @classmethod
    def of(cls, order: ServiceOrder, who: Caller) -> Self:
        """What somebody reads of it."""
        theirs = {name: getattr(order, name) if is_told(who, order) else "" for name in OF_RESIDENTS}
        return cls(
            id=order.id,
            number=order.number,
            service=order.service,
            area=order.area,
            state=order.state,
            offer=order.offer,
            rating=order.rating,
            ordered_at=order.history[0].at if order.history else None,
            steps=steps_for(who, order),
            **theirs,
        )


@router.get("/services", summary="Read the menu of services", responses=problems(401, 403, 503))
def menu(
    doors: TheDoors, _: Annotated[Caller, needs(Right.ARRANGE, Right.SERVE, Right.REPORT)]
) -> tuple[ServiceRecord, ...]:
    """What residents can order, as the city file names it."""
    return tuple(
        ServiceRecord(
            id=part.id,
            name=part.name.model_dump(),
            description=part.description.model_dump() if part.description else None,
        )
        for part in doors.city.file.residents.services
    )


@router.post(
    "/service-orders",
    status_code=201,
    summary="Order a service for a resident",
    responses=problems(400, 401, 403, 409, 413, 422, 503),
)
def place(
    doors: TheDoors,
    who: Annotated[Caller, needs(Right.REPORT)],
    body: ServiceOrderRequest,
    idempotency_key: Annotated[
        str, Header(pattern=r"^[\x21-\x7e]{1,128}$", description="the same key orders once, for seven days")
    ],
) -> PlacedRecord:
    """For those who answer telephones: the community where the resident lives finds it in its list.

    A repetition with the same `Idempotency-Key` orders nothing more, and answers how the first order stands now.
    """
    name = f"{who.id} {idempotency_key}"
    id = hashlib.sha256(f"service orders {name}".encode()).hexdigest()[:32]
    asked = Asked(
        door="service orders", key=name, body_sha256=hashlib.sha256(body.model_dump_json().encode()).hexdigest()
    )
    once = OnceStore(store=doors.store, asked=asked, answer={"order": id}, at=doors.clock())
    wanted = Wanted(
        service=body.service or None,
        area=body.area,
        words=body.words,
        name=body.name,
        phone=body.phone,
        address=body.address,
    )
    desk = MenuDesk(once, doors.order, clock=doors.clock, new_id=lambda: id)
    try:  # nobody is given the link of an order that was taken by telephone
        order = desk.order(wanted, secret_hash=digest(new_token()))
    except DoneBefore:
        found = doors.store.public.service_order(id)
        assert found is not None  # it was written down with the answer
        order = found
    return PlacedRecord.model_validate(order)


@router.get("/service-orders", summary="List orders of services", responses=problems(401, 403, 422, 503))
def orders(
    doors: TheDoors,
    who: SeesTo,
    state: Annotated[OrderState | None, Query(description="only those in this state")] = None,
    mine: Annotated[bool, Query(description="only those that you have claimed")] = False,
    limit: Limit = 100,
) -> tuple[ServiceOrderRecord, ...]:
    """Orders of your areas, the oldest first; volunteers see what is offered, and with `mine` what they claimed."""
    ask, claimed_by = doors.store.public.service_orders, who.id if mine else None
    if who.may(Right.ARRANGE) or mine:
        areas = None if mine else who.reach.areas
        found = ask(areas=areas, states=(state,) if state else (), claimed_by=claimed_by, limit=limit)
    else:
        found = ask(areas=who.reach.areas, states=(OrderState.OFFERED,), limit=limit) if state in SEEN_OFFERED else ()
    return tuple(ServiceOrderRecord.of(order, who) for order in found)


@router.post(
    "/service-orders/{order_id}/{step}",
    summary="Offer, decline, claim, give back or finish an order",
    responses=problems(400, 401, 403, 404, 409, 413, 422, 503),
)
def make(doors: TheDoors, who: SeesTo, order_id: OrderId, step: StaffStep, body: StepRequest) -> ServiceOrderRecord:
    """A step of the community or of a volunteer. Of any number who claim at once one gets it, the others get 409."""
    return ServiceOrderRecord.of(make_order_step(doors, who, order_id, step, body.words), who)
