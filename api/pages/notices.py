"""Notices: what whoever is signed in has to know, the newest first."""

from typing import Annotated, Literal

from fastapi import Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.access import Router
from api.addressing import addressee_of
from api.doors import TheDoors
from api.pages.choices import PageNumber
from api.pages.rendering import page
from api.routes.notices import NoticeNumber, Number, SeesNotices

router = Router(include_in_schema=False)

A_PAGE = 25

Shown = Annotated[Literal["unread", "all"], Query()]


@router.get("/notices", response_class=HTMLResponse)
def notices(
    request: Request, doors: TheDoors, who: SeesNotices, show: Shown = "unread", number: PageNumber = 1
) -> HTMLResponse:
    """Those that are not read yet, or all."""
    found = doors.store.notices.given_to(
        addressee_of(doors, who), unread=show == "unread", limit=A_PAGE, offset=(number - 1) * A_PAGE
    )
    return page(request, "notices.html", found=found, show=show, number=number, pages=-(-found.total // A_PAGE))


@router.post("/notices/read")
def read_all(doors: TheDoors, who: SeesNotices, up_to: Annotated[NoticeNumber, Form()]) -> RedirectResponse:
    """Everything up to the newest one that was shown has been read."""
    doors.store.notices.read_all(addressee_of(doors, who), up_to=up_to, by=who.label, at=doors.clock())
    return RedirectResponse("/notices", 303)


@router.post("/notices/{number}/read")
def read(doors: TheDoors, who: SeesNotices, number: Number) -> RedirectResponse:
    """One has been read."""
    doors.store.notices.read(number, addressee_of(doors, who), by=who.label, at=doors.clock())
    return RedirectResponse("/notices", 303)
