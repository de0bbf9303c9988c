"""The community's side: orders of residents are put to volunteers (下单) and claimed (接单), announcements written."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

from fastapi import Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.exceptions import HTTPException

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import Doors, TheDoors
from api.moves import PlainText
from api.pages.rendering import page
from api.services import is_told, make_order_step, reaches, steps_for
from cases.audit.entry import Deed
from cases.errors import MoveRefused
from cases.grid import Area
from cases.participation.announcement import Announcement
from cases.participation.menu import OrderState, OrderStep

router = Router(include_in_schema=False)

Community = Annotated[Caller, needs(Right.ARRANGE, Right.SERVE, Right.ANNOUNCE)]
Serves = Annotated[Caller, needs(Right.ARRANGE, Right.SERVE)]
Announces = Annotated[Caller, needs(Right.ANNOUNCE)]
Said = Annotated[PlainText, Form(max_length=2000)]
Title = Annotated[PlainText, Form(max_length=200)]


@router.get("/services", response_class=HTMLResponse)
def services(request: Request, doors: TheDoors, who: Community) -> HTMLResponse:
    """Orders that wait for whoever looks, what they see to, and what they have done."""
    return _page(request, doors, who)


@router.post("/services/{order_id}/{step}", response_class=HTMLResponse)
def make(request: Request, doors: TheDoors, who: Serves, order_id: str, step: OrderStep, words: Said = "") -> Response:
    """Make a step. Who comes second is told so."""
    try:
        make_order_step(doors, who, order_id, step, words)
    except MoveRefused as refused:
        return _page(request, doors, who, status=409, detail=str(refused))
    return RedirectResponse("/services", 303)


@router.get("/announcements", response_class=HTMLResponse)
def announcements(request: Request, doors: TheDoors, who: Announces) -> HTMLResponse:
    """Those of one's own areas, and a form for another one."""
    return _announcements(request, doors, who)


@router.post("/announcements", response_class=HTMLResponse)
def announce(
    request: Request,
    doors: TheDoors,
    who: Announces,
    area: Annotated[str, Form(max_length=64)],
    title: Title,
    text: Annotated[PlainText, Form(max_length=4000)],
    first: Annotated[date, Form()],
    last: Annotated[date, Form()],
) -> Response:
    """Announce something to an area, from the first day to the end of the last."""
    if area not in {one.code for one in _own_areas(doors, who)}:
        raise HTTPException(404, "there is no such area for you; choose one from the list")
    now = doors.clock()
    try:
        new = Announcement(
            id=doors.new_id(),
            area=area,
            title=title,
            text=text,
            shown_from=_midnight(doors, first),
            shown_until=_midnight(doors, last + timedelta(days=1)),
            written_by=who.label,
            written_at=now,
        )
    except (MoveRefused, OverflowError) as refused:
        return _announcements(request, doors, who, status=422, detail=str(refused))
    with doors.store.transaction() as book:
        book.announce(new)
        book.record(Deed(actor=who.label, what="announcement.written", object=new.id))
    return RedirectResponse("/announcements", 303)


@router.post("/announcements/{announcement_id}/withdraw", response_class=HTMLResponse)
def withdraw(doors: TheDoors, who: Announces, announcement_id: str) -> Response:
    """Take an announcement back; residents no longer see it."""
    with doors.store.transaction() as book:
        known = book.announcement(announcement_id)
        if known is None or not reaches(who, known.area):
            raise HTTPException(404, "there is no such announcement for you; look it up in the list")
        if known.withdrawn_at is None:
            book.announce(known.taken_back(by=who.label, at=doors.clock()))
            book.record(Deed(actor=who.label, what="announcement.withdrawn", object=known.id))
    return RedirectResponse("/announcements", 303)


def _page(request: Request, doors: Doors, who: Caller, *, status: int = 200, detail: str = "") -> HTMLResponse:
    own = who.reach.areas
    ask = doors.store.public.service_orders
    waiting = ask(areas=own, states=(OrderState.ORDERED,)) if who.may(Right.ARRANGE) else ()
    offered = ask(areas=own, states=(OrderState.OFFERED,))
    mine = ask(states=(OrderState.CLAIMED,), claimed_by=who.id)
    running = ask(areas=own, states=(OrderState.CLAIMED, OrderState.DONE)) if who.may(Right.ARRANGE) else ()
    done = ask(states=(OrderState.DONE, OrderState.RATED), claimed_by=who.id, limit=1000)
    running = tuple(one for one in running if one not in mine)
    lists = {"ordered": waiting, "mine": mine, "offered": offered, "running": running}
    return page(
        request,
        "services.html",
        status=status,
        lists={name: [(one, steps_for(who, one), is_told(who, one)) for one in some] for name, some in lists.items()},
        done=done,
        ratings=[one.rating for one in done if one.rating],
        detail=detail,
    )


def _announcements(request: Request, doors: Doors, who: Caller, *, status: int = 200, detail: str = "") -> HTMLResponse:
    return page(
        request,
        "announcements.html",
        status=status,
        found=doors.store.public.announcements(who.reach.areas),
        places=_own_areas(doors, who),
        today=doors.clock().astimezone(doors.city.calendar.zone).date(),
        detail=detail,
    )


def _own_areas(doors: Doors, who: Caller) -> tuple[Area, ...]:
    return tuple(area for area in doors.order.grid.areas.values() if reaches(who, area.code))


def _midnight(doors: Doors, day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=doors.city.calendar.zone).astimezone(UTC)
