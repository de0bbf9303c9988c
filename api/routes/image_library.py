"""Pictures pushed by GA/T 1400: Register, Keepalive, UnRegister, Time and Images.

A sender proves itself once, by HTTP Digest; from then on the standard has it say no more than its number, so what is
taken is bound to the address that it registered from, and to the cameras that the city file gives it.
"""

from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from api.access import Router, open_to_all
from api.doors import Doors, TheDoors, doors_of
from api.image_library.library import ImageLibrary, ImageSender
from api.image_library.messages import (
    MEDIA_TYPE,
    OK,
    Images,
    Keepalive,
    Register,
    ResponseStatus,
    ResponseStatuses,
    ResponseStatusList,
    Said,
    Status,
    SystemTime,
    Time,
    UnRegister,
    stamp_of,
)
from api.image_library.receiving import receive_images
from api.problems import problems
from api.quotas import Limited

REGISTER = "/VIID/System/Register"
UNREGISTER = "/VIID/System/UnRegister"
REGISTER_FIRST = "register first: POST /VIID/System/Register"


class VIIDAnswer(JSONResponse):
    """JSON under the standard's media type."""

    media_type = MEDIA_TYPE


router = Router(tags=["image library"], default_response_class=VIIDAnswer)
Said20 = Annotated[str, Header(alias="User-Identify", max_length=40, description="the sender's DeviceID")]


def the_library(doors: TheDoors) -> ImageLibrary:
    """The city's image library, or 404."""
    if doors.image_library is None:
        raise HTTPException(404, "this city takes no pictures by GA/T 1400; add `image_library` to its file")
    return doors.image_library


TheLibrary = Annotated[ImageLibrary, Depends(the_library)]


def must_be_registered(request: Request) -> None:
    """Raises 401 unless a registered sender asks; asked before a byte of the body is read."""
    library = the_library(doors_of(request))
    if not library.registrations.hear(request.headers.get("user-identify", ""), _address(request)):
        raise HTTPException(401, REGISTER_FIRST, {"WWW-Authenticate": library.gate.challenge()})


def _registered(library: TheLibrary, user_identify: Said20 = "") -> ImageSender:
    """The sender that a request comes from."""
    return library.senders[user_identify]


Registered = Annotated[ImageSender, Depends(_registered)]
REGISTERING = Limited(burst=20, every=3)
"""From one address."""


@router.post(
    REGISTER,
    summary="Register as a sender",
    dependencies=[open_to_all(REGISTERING)],
    responses=problems(401, 404, 413, 422, 429, 503),
)
def register(doors: TheDoors, library: TheLibrary, request: Request, body: Register) -> ResponseStatus:
    """Answered with a Digest challenge first, then with the registration. It lasts while the sender is heard."""
    sender = body.RegisterObject.DeviceID
    _must_prove(library, request, sender)
    library.registrations.register(sender, _address(request))
    return ResponseStatus(ResponseStatusObject=_said(doors, request)(sender, OK, "OK"))


@router.post(
    UNREGISTER,
    summary="End a registration",
    dependencies=[open_to_all(REGISTERING)],
    responses=problems(401, 404, 413, 422, 429, 503),
)
def unregister(doors: TheDoors, library: TheLibrary, request: Request, body: UnRegister) -> ResponseStatus:
    """Proved by Digest, as Register is."""
    sender = body.UnRegisterObject.DeviceID
    _must_prove(library, request, sender)
    library.registrations.leave(sender)
    return ResponseStatus(ResponseStatusObject=_said(doors, request)(sender, OK, "OK"))


@router.post(
    "/VIID/System/Keepalive",
    summary="Stay registered",
    dependencies=[open_to_all(must_be_registered)],
    responses=problems(401, 404, 413, 422, 503),
)
def keepalive(doors: TheDoors, _: Registered, request: Request, body: Keepalive) -> ResponseStatus:
    """Every message keeps a registration alive; this one does nothing else."""
    return ResponseStatus(ResponseStatusObject=_said(doors, request)(body.KeepaliveObject.DeviceID, OK, "OK"))


@router.get("/VIID/System/Time", summary="What time it is", dependencies=[open_to_all()], responses=problems(404, 503))
def time(doors: TheDoors, library: TheLibrary) -> Time:
    """Our clock, in the city's time zone, for devices that set theirs by it."""
    zone = doors.order.calendar.days.zone
    local = stamp_of(doors.clock(), zone)
    return Time(SystemTimeObject=SystemTime(VIIDServerID=library.id, LocalTime=local, TimeZone=str(zone)))


@router.post(
    "/VIID/Images",
    summary="Push pictures of cameras",
    dependencies=[open_to_all(must_be_registered)],
    responses=problems(401, 404, 413, 422, 503),
)
async def images(doors: TheDoors, sender: Registered, request: Request, body: Images) -> ResponseStatusList:
    """Each picture is a frame of the camera whose `gb28181_id` is its DeviceID, and is answered by itself."""
    statuses = await run_in_threadpool(_received, doors, sender, request, body)
    return ResponseStatusList(ResponseStatusListObject=ResponseStatuses(ResponseStatusObject=statuses))


def _received(doors: Doors, sender: ImageSender, request: Request, body: Images) -> tuple[Status, ...]:
    zone = doors.order.calendar.days.zone
    said = _said(doors, request)
    return tuple(receive_images(body, sender.cameras, doors.mailboxes, received_at=doors.clock(), zone=zone, said=said))


def _must_prove(library: ImageLibrary, request: Request, sender: str) -> None:
    """Raises 401, with a challenge, unless the request proves that the sender is who it says."""
    known = library.senders.get(sender)
    header = request.headers.get("authorization", "")
    path = request.url.path
    if known is None or not library.gate.proves(
        header, method=request.method, path=path, credentials=known.credentials
    ):
        sentence = "answer the challenge with the user and password of this DeviceID, as the city file names them"
        raise HTTPException(401, sentence, {"WWW-Authenticate": library.gate.challenge()})


def _said(doors: Doors, request: Request) -> Said:
    local = stamp_of(doors.clock(), doors.order.calendar.days.zone)

    def said(id: str, code: int, sentence: str) -> Status:
        return Status(RequestURL=request.url.path, StatusCode=code, StatusString=sentence, Id=id, LocalTime=local)

    return said


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
