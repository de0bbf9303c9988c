"""Residents order from the menu of services (点单), make wishes (心愿), and read the announcements of their area."""

from dataclasses import astuple
from typing import Annotated

from fastapi import Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.exceptions import HTTPException

from api.doors import Doors, TheDoors
from api.pages.public_doors import (
    Anybody,
    Line,
    PersonName,
    Phone,
    Secret,
    Sender,
    Words,
    kept_hash,
    new_form,
    public_router,
)
from api.pages.rendering import page
from cases.errors import CaseNotFound, MoveRefused
from cases.grid import Area, AreaLevel
from cases.participation.following import hash_of, secret_of
from cases.participation.menu import OrderStep, Part, steps_from
from cases.participation.menu_desk import NO_SUCH_ORDER, Wanted

router = public_router()

ServiceName = Annotated[str, Query(max_length=64)]
AreaCode = Annotated[str, Query(max_length=64)]


@router.get("/services", response_class=HTMLResponse)
def menu(request: Request, doors: TheDoors, _: Anybody) -> HTMLResponse:
    """What can be ordered."""
    return page(request, "public_services.html", services=tuple(doors.order.residents.services))


@router.get("/services/order", response_class=HTMLResponse)
def order_form(request: Request, doors: TheDoors, _: Anybody, service: ServiceName = "") -> HTMLResponse:
    """Order one of them; without a name, make a wish."""
    if service and service not in doors.order.residents.services:
        raise HTTPException(404, "this service is not on the menu; choose another one")
    empty = Wanted(service=service or None, area="", words="", name="", phone="", address="")
    return _asked(request, doors, empty, new_form(doors))


@router.post("/services", response_class=HTMLResponse)
def order(
    request: Request,
    doors: TheDoors,
    _: Sender,
    form: Secret,
    phone: Phone,
    service: Annotated[str, Form(max_length=64)] = "",
    area: Annotated[str, Form(max_length=64)] = "",
    words: Words = "",
    name: PersonName = "",
    address: Line = "",
) -> Response:
    """Take the order, then lead to the link with which it is followed."""
    wanted = Wanted(service=service or None, area=area, words=words, name=name, phone=phone, address=address)
    if not phone:
        return _asked(request, doors, wanted, form, trouble="phone")
    ordered = secret_of(form, *map(str, astuple(wanted)))
    try:
        doors.menu.order(wanted, secret_hash=hash_of(ordered))
    except MoveRefused:
        return _asked(request, doors, wanted, form, trouble="words" if not (service or words) else "area")
    return RedirectResponse(f"/public/services/{ordered}?new=1", 303)


@router.get("/services/{secret}", response_class=HTMLResponse)
def followed(request: Request, doors: TheDoors, _: Anybody, secret: str, new: bool = False) -> HTMLResponse:
    """One's own order and what became of it."""
    return _followed(request, doors, secret, new=new)


@router.post("/services/{secret}", response_class=HTMLResponse)
def step(
    request: Request,
    doors: TheDoors,
    _: Sender,
    secret: str,
    step: Annotated[OrderStep, Form()],
    rating: Annotated[int | None, Form(ge=1, le=5)] = None,
    words: Words = "",
) -> Response:
    """Withdraw the order, or say how well it was done."""
    try:
        doors.menu.by_resident(kept_hash(secret), step, words=words, rating=rating)
    except CaseNotFound:
        raise HTTPException(404, NO_SUCH_ORDER) from None
    except MoveRefused:
        return _followed(request, doors, secret, status=409, trouble="step")
    return RedirectResponse(f"/public/services/{secret}", 303)


@router.get("/announcements", response_class=HTMLResponse)
def announcements(request: Request, doors: TheDoors, _: Anybody, area: AreaCode = "") -> HTMLResponse:
    """What the residents of an area should know: what was announced there, and in the larger areas around it."""
    areas = doors.order.grid.path(area) if area in doors.order.grid.areas else doors.top_areas
    told = doors.store.public.announcements(areas, at=doors.clock())
    return page(request, "public_announcements.html", told=told, places=places(doors), area_chosen=area)


def places(doors: Doors) -> tuple[Area, ...]:
    """Areas that residents know by name: all but grid cells."""
    return tuple(area for area in doors.order.grid.areas.values() if area.level is not AreaLevel.CELL)


def _homes(doors: Doors) -> tuple[Area, ...]:
    """Areas of which one is chosen as where somebody lives: communities, or the smallest that the city names."""
    named = places(doors)
    communities = tuple(area for area in named if area.level is AreaLevel.COMMUNITY)
    return communities or tuple(area for area in named if all(other.parent != area.code for other in named))


def _asked(request: Request, doors: Doors, wanted: Wanted, form: str, *, trouble: str = "") -> HTMLResponse:
    return page(
        request,
        "public_order.html",
        status=422 if trouble else 200,
        wanted=wanted,
        form=form,
        places=_homes(doors),
        trouble=trouble,
    )


def _followed(
    request: Request, doors: Doors, secret: str, *, new: bool = False, status: int = 200, trouble: str = ""
) -> HTMLResponse:
    order = doors.store.public.service_order(secret_hash=kept_hash(secret))
    if order is None:
        raise HTTPException(404, NO_SUCH_ORDER)
    return page(
        request,
        "public_ordered.html",
        status=status,
        order=order,
        secret=secret,
        steps=steps_from(order, Part.RESIDENT),
        new=new,
        trouble=trouble,
    )
