"""What all pages for everybody have in common."""

import threading
from typing import Annotated

from fastapi import Depends, Form, Query, Request
from starlette.exceptions import HTTPException

from api.access import Router, open_to_all
from api.accounts.person import Caller
from api.doors import Doors, TheDoors
from api.moves import PlainText
from api.quotas import Limited
from cases.participation.following import hash_of

LOOKING = Limited(burst=120, every=1.0)
"""From one address; a page asks for a dozen pictures at once."""

KNOCKING = Limited(burst=20, every=20.0)
"""Forms from one address, good ones or not: asked before a byte of a photo is read."""

Anybody = Annotated[Caller | None, open_to_all(LOOKING)]
Sender = Annotated[Caller | None, open_to_all(KNOCKING)]
Lat = Annotated[float | None, Query(ge=-90, le=90, allow_inf_nan=False)]
Lon = Annotated[float | None, Query(ge=-180, le=180, allow_inf_nan=False)]
Secret = Annotated[str, Form(pattern=r"^[0-9a-f]{32}$")]
"""Random name of a form that was made for one browser: sent twice it does its work once."""

Words = Annotated[PlainText, Form(max_length=2000)]
Line = Annotated[PlainText, Form(max_length=200)]
PersonName = Annotated[PlainText, Form(max_length=60)]
Phone = Annotated[str, Form(pattern=r"^(\+?[0-9][0-9 ()-]{2,28})?$")]


def must_be_open(doors: TheDoors) -> None:
    """Raises 404 where the city has no pages for everybody."""
    if not doors.order.residents.open:
        raise HTTPException(404, "this city has no pages for residents; ask its office")


def photo_slots(request: Request) -> threading.BoundedSemaphore:
    """Who else is at work on photos."""
    return request.app.state.photos


def public_router() -> Router:
    """A router for pages that everybody may open, where the city has any."""
    return Router(prefix="/public", include_in_schema=False, dependencies=[Depends(must_be_open)])


def kept_hash(secret: str) -> str:
    """What is kept of the secret in a link.

    Raises:
        HTTPException: 404, no link can hold it.
    """
    if not (secret.isascii() and secret.isalnum() and len(secret) <= 64):
        raise HTTPException(404, "there is nothing behind this link; look whether all of it was copied")
    return hash_of(secret)


def new_form(doors: Doors) -> str:
    """The random name of a form."""
    return doors.new_id()
