"""Frames that a patrol vehicle sends over one WebSocket.

Every binary message is one JPEG; the text message before it says when and where it was taken, as the address does at
`POST /v1/patrols/{vehicle}/frames`, and perhaps its `digest`. Each frame is on the disk before it is answered.
"""

from functools import partial
from typing import Annotated

from fastapi import Path, WebSocket
from pydantic import Field
from starlette.exceptions import HTTPException

from api.access import Router, admit_socket
from api.accounts.roles import Right
from api.digest import check_digest
from api.doors import Doors, doors_of
from api.errors import PatrolError, UploadRefused
from api.patrols.inlet import PatrolInlet
from api.patrols.stated_fix import StatedFix
from api.routes.camera_stream import answer_frames, deny, told
from api.routes.patrols import frame_record, inlet_for, take_a_turn, taken_in
from inference.errors import PictureRefused

router = Router(prefix="/v1")


class AboutNextPlace(StatedFix):
    """What a text message says of the frame that comes next."""

    digest: Annotated[str | None, Field(max_length=200)] = None


@router.websocket("/patrols/{vehicle}/stream")
async def stream(socket: WebSocket, vehicle: Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]) -> None:
    """Frames of one vehicle, as long as it goes on sending."""
    doors = doors_of(socket)
    caller = await admit_socket(socket, Right.PUSH_FRAMES)
    if caller is None:
        return
    try:
        inlet = inlet_for(doors, caller, vehicle)
    except HTTPException as refused:
        return await deny(socket, refused.status_code, refused.detail)
    await answer_frames(socket, AboutNextPlace, partial(_answer, socket, doors, inlet, vehicle))


def _answer(
    socket: WebSocket, doors: Doors, inlet: PatrolInlet, vehicle: str, data: bytes, about: AboutNextPlace
) -> str:
    try:
        take_a_turn(socket, vehicle)
        check_digest(data, about.digest)
        fix, taken = taken_in(doors, inlet, vehicle, data, about, None)
    except HTTPException as refused:
        return told(refused.status_code, refused.detail)
    except PictureRefused as refused:
        return told(422, str(refused))
    except UploadRefused as refused:
        return told(409, str(refused))
    except PatrolError as refused:
        return told(503, str(refused))
    return frame_record(vehicle, fix, taken).model_dump_json()
