"""One picture in, what the detector sees in it out."""

import threading
from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from api.access import Router, needs
from api.accounts.roles import Right
from api.doors import Doors, TheDoors
from api.problems import problems
from api.routes.pictures import jpeg_body, jpeg_request
from api.routes.records import Finite, Record
from inference.detector.protocol import detect_in
from inference.sources.still_picture import still_picture

router = Router(prefix="/v1", tags=["detection"])

AT_ONCE = 8
"""Pictures that may be worked on at the same time; more are told to come back, so that memory stays bounded."""


class DetectionRecord(Record):
    """One object. `box` in pixels of the picture: x1, y1, x2, y2."""

    name: str
    confidence: Finite
    box: tuple[Finite, Finite, Finite, Finite]


class DetectionsRecord(Record):
    """Everything above the model's floor, most certain first. Width and height in pixels."""

    width: int
    height: int
    detections: tuple[DetectionRecord, ...]


def slots_of(request: Request) -> threading.BoundedSemaphore:
    """How many pictures may still be worked on now."""
    return request.app.state.detecting


@router.post(
    "/detect",
    summary="See what is in a picture",
    dependencies=[needs(Right.DETECT)],
    responses=problems(401, 403, 413, 415, 422, 503),
    openapi_extra=jpeg_request(),
)
async def detect(
    doors: TheDoors, request: Request, slots: Annotated[threading.BoundedSemaphore, Depends(slots_of)]
) -> DetectionsRecord:
    """The objects in one JPEG of at most 8 MB and 40 megapixels."""
    data = await jpeg_body(request)
    if not slots.acquire(blocking=False):
        raise HTTPException(503, "too many pictures at once; send this one again in a second", {"Retry-After": "1"})
    try:
        return await run_in_threadpool(_seen, doors, data)
    finally:
        slots.release()


def _seen(doors: Doors, data: bytes) -> DetectionsRecord:
    if doors.detector is None:
        raise HTTPException(503, "this process has no model; put one into models/ and start it again")
    picture = still_picture(data)
    found = sorted(detect_in(doors.detector, picture), key=lambda one: -one.confidence)
    width, height = picture.size_wh
    return DetectionsRecord(
        width=width, height=height, detections=tuple(DetectionRecord.model_validate(one) for one in found)
    )
