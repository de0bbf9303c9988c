"""Live: every change of a case that you see, as server-sent events (the `text/event-stream` of the HTML standard)."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Annotated

from fastapi import Header, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from api.access import Router, identified, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import Doors, TheDoors
from api.live import Feed, News
from api.live_vehicles import VehicleFeed
from api.problems import problems
from api.routes.layers import vehicle_feature
from api.routes.patrol_map import visible_vehicles
from api.routes.records import PlaceRecord, Record
from cases.states import CaseState
from inference.findings import ViolationKind

router = Router(prefix="/v1", tags=["cases"])

EVENT_STREAM = "text/event-stream"
EVENT = {"type": "object", "properties": {name: {"type": "string"} for name in ("id", "event", "data")}}
"""What OpenAPI says of each event."""
BEAT_SECONDS = 5.0
"""How often a stream without news says that it lives, and looks whether its reader is still signed in."""
AGAIN_MILLISECONDS = 2000
"""After how long a browser comes back."""
LONGEST_SECONDS = 3600

LastEventId = Annotated[
    int | None,
    Header(alias="Last-Event-ID", ge=0, le=2**62, description="go on after this event; without it from now on"),
]


class GlanceRecord(Record):
    """What lists and maps show of a case."""

    id: str
    number: str
    version: int
    kind: ViolationKind | None
    code: str | None
    state: CaseState
    camera: str | None
    area: str | None
    department: str | None
    place: PlaceRecord | None
    opened_at: datetime
    deadline_at: datetime | None
    overdue_at: datetime | None


class _Watched(StreamingResponse):
    """A stream that gives its place back, however it ends."""

    def __init__(self, feed: Feed, account: str, told: AsyncIterator[bytes]) -> None:
        super().__init__(told, media_type=EVENT_STREAM, headers={"X-Accel-Buffering": "no"})
        self._feed, self._account = feed, account

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._feed.leave(self._account)


@router.get(
    "/stream",
    summary="Watch cases change",
    response_class=Response,
    responses={
        200: {"description": "Events, until you leave", "content": {EVENT_STREAM: {"schema": EVENT}}},
        **problems(401, 403, 422, 503),
    },
)
async def stream(
    request: Request,
    doors: TheDoors,
    who: Annotated[Caller, needs(Right.SEE_CASES)],
    last_event_id: LastEventId = None,
    for_seconds: Annotated[float, Query(ge=0, le=LONGEST_SECONDS, description="after how long it ends")] = 1800,
) -> Response:
    """`case`: one was opened or changed, with what lists show of it. `gone`: it is no longer yours to see.

    `vehicle`: a patrol vehicle in your areas has moved, where you may see cameras; these have no id and are not told
    again. `reset`: you have missed more than is remembered, so read everything again. `over`: you are no longer
    signed in.
    """
    feed: Feed = request.app.state.feed
    feed.enter(who.id)
    return _Watched(feed, who.id, _told(request, doors, feed, last_event_id, for_seconds))


async def _told(
    request: Request, doors: Doors, feed: Feed, after: int | None, for_seconds: float
) -> AsyncIterator[bytes]:
    yield f"retry: {AGAIN_MILLISECONDS}\n\n".encode()
    ends_at = time.monotonic() + for_seconds
    beat_at = float("-inf")
    vehicles: Sequence[str] = ()
    places: dict[str, datetime] = {}
    while True:
        news = await feed.news(after, afresh=beat_at < 0)  # at first, so that nobody who has just come hears old news
        now = time.monotonic()
        if news.changes or news.missed or now >= beat_at:
            who = await run_in_threadpool(identified, request)
            if who is None or not who.may(Right.SEE_CASES):
                yield b"event: over\ndata: {}\n\n"
                return
            for event in await run_in_threadpool(_events, doors, who, news):
                yield event
            yield f"id: {news.up_to}\n\n".encode()  # moves the reader on; no event, as it has no data
            beat_at = now + BEAT_SECONDS
            vehicles = visible_vehicles(doors, who) if who.may(Right.SEE_CAMERAS) else ()
        for event in await _moves(request, doors, vehicles, places) if vehicles else ():
            yield event
        after = news.up_to
        if feed.closed or now >= ends_at:
            return
        await asyncio.sleep(feed.every_seconds)


async def _moves(
    request: Request, doors: Doors, vehicles: Sequence[str], places: dict[str, datetime]
) -> Sequence[bytes]:
    """What is said of vehicles that have moved; `places` is when each of them was where the reader knows it."""
    feed: VehicleFeed = request.app.state.vehicles
    said: list[bytes] = []
    for one in await feed.going():
        if one.vehicle in vehicles and places.get(one.vehicle) != one.last_at:
            places[one.vehicle] = one.last_at
            if (feature := vehicle_feature(doors, one)) is not None:
                said.append(f"event: vehicle\ndata: {feature.model_dump_json()}\n\n".encode())
    return said


def _events(doors: Doors, who: Caller, news: News) -> Sequence[bytes]:
    """What is said to one reader, each case once, in the order of the last changes."""
    if news.missed:
        return (f"id: {news.up_to}\nevent: reset\ndata: {{}}\n\n".encode(),)
    last = {case_id: sequence for sequence, case_id in news.changes}
    if not last:
        return ()
    seen = doors.seen_by(who)
    said = {case.id: ("case", GlanceRecord.model_validate(case).model_dump_json()) for case in seen.these(last)}
    if who.departments and (hidden := last.keys() - said.keys()):
        gone = seen.once_seen(hidden, who.departments)
        said |= {case_id: ("gone", f'{{"id":"{case_id}"}}') for case_id in gone}
    ordered = sorted((last[case_id], *event) for case_id, event in said.items())
    return [f"id: {sequence}\nevent: {name}\ndata: {data}\n\n".encode() for sequence, name, data in ordered]
