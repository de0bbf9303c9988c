"""Events of other networks' systems (CloudEvents)."""

from typing import Any

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from api.access import Router, needs
from api.accounts.roles import Right
from api.cloud_event import BINARY, STRUCTURED, CloudEvent, read_event
from api.doors import Doors, TheDoors
from api.event_mapping import map_event
from api.problems import problems
from api.receiving import attachments_of, receive
from api.routes.reports import ReceiptRecord

router = Router(prefix="/v1", tags=["reports"])

_EXAMPLE = {
    "specversion": "1.0",
    "id": "2026-77",
    "source": "urn:hotline:12345",
    "type": "cn.hotline.complaint",
    "data": {"content": "bags beside the bin", "address": "12 People's Road"},
}


def _event_request() -> dict[str, Any]:
    structured = {"schema": {"type": "object"}, "example": _EXAMPLE}
    return {
        "requestBody": {
            "required": True,
            "content": {STRUCTURED: structured, BINARY: {"schema": {"type": "object"}}},
        }
    }


@router.post(
    "/events",
    status_code=201,
    summary="Send an event of another network",
    dependencies=[needs(Right.REPORT)],
    responses=problems(400, 401, 403, 413, 415, 422, 503),
    openapi_extra=_event_request(),
)
async def event(doors: TheDoors, request: Request) -> ReceiptRecord:
    """One CloudEvent 1.0, structured or binary. The same `source` and `id` again is the same report."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    told = read_event(headers, await request.body())
    return await run_in_threadpool(_received, doors, told)


def _received(doors: Doors, told: CloudEvent) -> ReceiptRecord:
    now = doors.clock()
    mapped = map_event(told, doors.city.networks, doors.city.file.cameras, now)
    said = mapped.with_pictures(attachments_of(doors.store, mapped.attachments))
    return ReceiptRecord.model_validate(receive(doors.store, doors.intake, said, at=now, contact=mapped.contact))
