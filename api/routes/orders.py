"""Direct orders (指令): given about a case to a named unit, which acknowledges and replies."""

import hashlib
from typing import Annotated

from fastapi import Header, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import TheDoors
from api.moves import PlainText, Reason, Version
from api.once import DoneBefore, OnceStore
from api.orders import OrderStep, allow_answer, answer, answer_instruction, recipient_of
from api.problems import problems
from api.receiving import Asked
from api.routes.listing import CaseId, Limit, Name, Offset
from api.routes.records import DirectOrderRecord, PageRecord, Record
from cases.instructing import InstructionDesk

router = Router(prefix="/v1", tags=["orders"])

SeesCases = Annotated[Caller, needs(Right.SEE_CASES)]
OrderId = Annotated[str, Path(pattern=r"^[0-9A-Za-z_-]{1,64}$", description="the order's `id`", examples=["9f" * 16])]
Minutes = Annotated[
    int | None,
    Field(ge=1, le=10080, description="within how many the receipt is expected; what the city says where left out"),
]


Unit = Annotated[PlainText, Field(max_length=64, description="a department, or a unit below one")]
PersonName = Annotated[PlainText, Field(max_length=64, description="instead of a unit: who signs in by this name")]
WhatToDo = Annotated[PlainText, Field(max_length=2000, description="what is to be done")]


class OrderRequest(BaseModel):
    """To whom, and what is to be done."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"version": 3, "unit": "police", "text": "clear the lane", "minutes": 15}]},
    )

    version: Version
    unit: Unit = ""
    person: PersonName = ""
    text: WhatToDo
    minutes: Minutes = None


class InstructionRequest(BaseModel):
    """To whom, and what is to be done; it is about no case."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"person": "wang", "text": "be at the north gate at six"}]}
    )

    unit: Unit = ""
    person: PersonName = ""
    text: WhatToDo
    minutes: Minutes = None


class InstructionAnswerRequest(BaseModel):
    """Of a `reply`, what was done."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"text": "was there"}]})

    text: Reason = ""


class AnswerRequest(BaseModel):
    """The version of the case that you saw; of a `reply`, what was done."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"version": 4, "text": "lane is clear"}]})

    version: Version
    text: Reason = ""


class ListedOrderRecord(Record):
    """An order, and the case that it is about, if it is about one."""

    order: DirectOrderRecord
    case_id: str | None
    case_number: str | None
    case_version: int | None


class OrderedRecord(Record):
    """The order as it is now, and the version that its case has."""

    order: DirectOrderRecord
    case_version: int


@router.get("/orders", summary="List direct orders, newest first", responses=problems(401, 403, 422, 503))
def orders(
    doors: TheDoors,
    who: SeesCases,
    unit: Annotated[Name | None, Query(description="to this unit, or to one that this department answers for")] = None,
    unanswered: Annotated[bool, Query(description="only those that nobody has replied to")] = True,
    limit: Limit = 50,
    offset: Offset = 0,
) -> PageRecord[ListedOrderRecord]:
    """Orders about cases that you see; and of those about none, yours, your departments' and those that you gave."""
    found = doors.seen_by(who).orders(unit or None, person=who.id, unanswered=unanswered, limit=limit, offset=offset)
    items = tuple(ListedOrderRecord.model_validate(one) for one in found.items)
    return PageRecord[ListedOrderRecord](items=items, total=found.total, limit=limit, offset=offset)


@router.post(
    "/orders",
    status_code=201,
    summary="Give a direct order that is about no case",
    responses=problems(400, 401, 403, 409, 413, 422, 503),
)
def instruct(
    doors: TheDoors,
    who: Annotated[Caller, needs(Right.COMMAND)],
    body: InstructionRequest,
    idempotency_key: Annotated[
        str | None,
        Header(pattern=r"^[\x21-\x7e]{1,128}$", description="the same key gives the order once, for seven days"),
    ] = None,
) -> DirectOrderRecord:
    """The unit or person finds it in their inbox; if nobody reads it, people are told.

    A repetition with the same `Idempotency-Key` gives no second order, and answers how the first one stands now.
    """
    whom = recipient_of(doors, body.unit, body.person)
    desk, id = doors.instructions, ""
    if idempotency_key is not None:
        name = f"{who.id} {idempotency_key}"
        id = hashlib.sha256(f"orders {name}".encode()).hexdigest()[:32]
        asked = Asked(door="orders", key=name, body_sha256=hashlib.sha256(body.model_dump_json().encode()).hexdigest())
        once = OnceStore(store=doors.store, asked=asked, answer={"order": id}, at=doors.clock())
        desk = InstructionDesk(once, doors.order, clock=doors.clock, new_id=lambda: id)
    try:
        order = desk.give(whom, by=who.label, issuer=who.id, text=body.text, minutes=body.minutes)
    except DoneBefore:
        order = doors.seen_by(who).instruction(id, who.id)
    return DirectOrderRecord.model_validate(order)


@router.post(
    "/orders/{order_id}/{step}",
    summary="Acknowledge an order that is about no case, or reply to it",
    responses=problems(400, 401, 403, 404, 409, 413, 422, 503),
)
def instruction_step(
    doors: TheDoors,
    who: Annotated[Caller, needs(Right.HANDLE)],
    order_id: OrderId,
    step: OrderStep,
    body: InstructionAnswerRequest,
) -> DirectOrderRecord:
    """Who replies has read it. Whoever gave the order is told of the reply."""
    return DirectOrderRecord.model_validate(answer_instruction(doors, who, order_id, step, body.text))


@router.post(
    "/cases/{case_id}/orders",
    status_code=201,
    summary="Give a direct order",
    responses=problems(400, 401, 403, 404, 409, 413, 422, 503),
)
def give(
    doors: TheDoors,
    who: Annotated[Caller, needs(Right.COMMAND)],
    case_id: CaseId,
    body: OrderRequest,
    response: Response,
) -> OrderedRecord:
    """The department that answers for the unit sees the case from then on; if nobody reads it, people are told."""
    doors.seen_by(who).dossier(case_id)  # what is beyond their reach does not exist for them
    case = doors.command.order(
        case_id,
        recipient_of(doors, body.unit, body.person),
        version=body.version,
        by=who.label,
        issuer=who.id,
        text=body.text,
        minutes=body.minutes,
    )
    response.headers["ETag"] = f'"{case.version}"'
    return OrderedRecord(order=DirectOrderRecord.model_validate(case.orders[-1]), case_version=case.version)


@router.post(
    "/cases/{case_id}/orders/{order_id}/{step}",
    summary="Acknowledge an order, or reply to it",
    responses=problems(400, 401, 403, 404, 409, 413, 422, 503),
)
def step(
    doors: TheDoors,
    who: Annotated[Caller, needs(Right.HANDLE)],
    case_id: CaseId,
    order_id: OrderId,
    step: OrderStep,
    body: AnswerRequest,
    response: Response,
) -> OrderedRecord:
    """Who replies has read it. The receipt stops the clock; whoever gave the order is told of the reply."""
    allow_answer(who, doors.seen_by(who).dossier(case_id).case, order_id)
    case = answer(doors, step, case_id, order_id, version=body.version, by=who.label, text=body.text)
    response.headers["ETag"] = f'"{case.version}"'
    order = next(one for one in case.orders if one.id == order_id)
    return OrderedRecord(order=DirectOrderRecord.model_validate(order), case_version=case.version)
