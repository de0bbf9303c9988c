"""Frames that a camera sends over one WebSocket, so that it need not ask anew for each.

Every binary message is one JPEG. A text message before it may say more of it: `{"captured_at": …, "digest": …,
"preset": …}`, as `X-Captured-At`, `Content-Digest` and `X-Preset` do at `POST /v1/cameras/{camera}/frames`. Each frame
is answered by one text message: what became of it, or a problem. A frame that is refused ends nothing.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import Annotated, TypeVar

from fastapi import Path, WebSocket
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import Message

from api.access import Router, admit_socket, identified
from api.accounts.roles import Right
from api.doors import Doors, doors_of
from api.problems import problem
from api.routes.frames import instant_of, look_of, mailbox_of, take_frame
from inference.errors import PictureRefused

router = Router(prefix="/v1")

QUIET_SECONDS = 120.0
"""Without a frame for so long a socket is closed."""
LOOKED_AT_SECONDS = 5.0
"""After so long the next frame makes us ask again whether the key is still good."""
GOING_AWAY, POLICY = 1001, 1008


class AboutNext(BaseModel):
    """What a text message says of the frame that comes next."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    captured_at: Annotated[str | None, Field(max_length=40)] = None
    digest: Annotated[str | None, Field(max_length=200)] = None
    preset: Annotated[str | None, Field(max_length=64)] = None


@router.websocket("/cameras/{camera}/stream")
async def stream(socket: WebSocket, camera: Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]) -> None:
    """Frames of one camera, as long as it goes on sending."""
    doors = doors_of(socket)
    caller = await admit_socket(socket, Right.PUSH_FRAMES)
    if caller is None:
        return
    if caller.camera != camera:
        return await deny(socket, 403, "this key is of another camera; `jiexun key add --camera` makes one for each")
    try:
        for entry in doors.city.presets_of(camera).values() or (camera,):
            mailbox_of(doors, entry)
    except HTTPException as refused:
        return await deny(socket, refused.status_code, refused.detail)
    await answer_frames(socket, AboutNext, partial(_answer, doors, camera))


About = TypeVar("About", bound=BaseModel)


async def answer_frames(
    socket: WebSocket,
    kind: type[About],
    answer: Callable[[bytes, About], str],
    *,
    good_for: float = LOOKED_AT_SECONDS,
) -> None:
    """Take frames, each perhaps announced by a text message of a `kind`, until the other side has gone.

    Args:
        socket: whose key was good when it was opened.
        kind: of the announcements.
        answer: takes a frame in and says what became of it.
        good_for: seconds for which a key that was good counts as good.
    """
    await socket.accept()
    about, asked_at = kind(), monotonic()
    while (message := await _next(socket)) is not None:
        if (data := message.get("bytes")) is not None:
            if monotonic() - asked_at >= good_for:
                if await run_in_threadpool(identified, socket) is None:
                    return await socket.close(POLICY, "this key is no longer good")
                asked_at = monotonic()
            await socket.send_text(await run_in_threadpool(answer, data, about))
            about = kind()
        else:
            try:
                about = kind.model_validate_json(message.get("text") or "")
            except ValidationError:
                said = ", ".join(f'"{name}": ...' for name in kind.model_fields)
                return await socket.close(POLICY, f"say {{{said}}} of a frame, or nothing"[:120])


async def _next(socket: WebSocket) -> Message | None:
    """What comes next; None once the socket is closed."""
    try:
        message = await asyncio.wait_for(socket.receive(), QUIET_SECONDS)
    except TimeoutError:
        await socket.close(GOING_AWAY, "nothing came for two minutes; connect again with the next frame")
        return None
    return None if message["type"] == "websocket.disconnect" else message


async def deny(socket: WebSocket, status: int, sentence: str) -> None:
    """Refuse a socket with the same problem as everywhere."""
    await socket.send_denial_response(problem(status, sentence))


def _answer(doors: Doors, camera: str, data: bytes, about: AboutNext) -> str:
    try:
        entry = look_of(doors.city, camera, about.preset)
        taken = take_frame(doors, entry, data, instant_of(about.captured_at), about.digest)
    except HTTPException as refused:
        return told(refused.status_code, refused.detail)
    except PictureRefused as refused:
        return told(422, str(refused))
    return taken.model_dump_json()


def told(status: int, sentence: str) -> str:
    """A problem as a text message."""
    return bytes(problem(status, sentence).body).decode()
