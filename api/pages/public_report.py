"""Residents report: first where, then what. Works without JavaScript and without an account."""

import threading
from dataclasses import astuple, dataclass
from typing import Annotated

from fastapi import Depends, Form, Query, Request, Response, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse

from api.city_map import View, area_view, outlines, scale_of, view_of, whole_city
from api.doors import Doors, TheDoors
from api.pages.public_cases import near
from api.pages.public_doors import (
    Anybody,
    Lat,
    Line,
    Lon,
    PersonName,
    Phone,
    Secret,
    Sender,
    Words,
    new_form,
    photo_slots,
    public_router,
)
from api.pages.rendering import drawing, page
from api.photos import keep_photo
from api.quotas import take_one
from api.receiving import key_of, receive
from cases.grid import AreaLevel
from cases.participation.categories import Category, categories
from cases.participation.following import hash_of, secret_of
from cases.report import Attachment, Contact, PlaceQuality, Report
from cases.source import Source
from inference.errors import PictureRefused
from inference.geo import LatLon
from inference.sources.jpeg_header import MAX_JPEG_BYTES

router = public_router()

SPOT_METRES = 150.0
"""Half of what is shown around a place that was chosen."""

SURE_METRES = 50.0
"""A device that knows its position no better than this says only roughly where the matter is."""

Metres = Annotated[float | None, Query(gt=0, le=1e6, allow_inf_nan=False)]
Pixel = Annotated[float | None, Query(ge=0, le=10_000, allow_inf_nan=False)]
Address = Annotated[str, Query(max_length=200, pattern=r"^[^\x00-\x1f]*$")]


@router.get("/report", response_class=HTMLResponse)
def where(
    request: Request,
    doors: TheDoors,
    _: Anybody,
    lat: Lat = None,
    lon: Lon = None,
    metres: Metres = None,
    mark: bool = False,
    x: Annotated[Pixel, Query(alias="at.x")] = None,
    y: Annotated[Pixel, Query(alias="at.y")] = None,
    area: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """Choose the place: on the map, by the device, or in words."""
    view = _view(doors, lat, lon, metres, area)
    if view is not None and x is not None and y is not None:
        spot, closer = view.place(x, y), max(SPOT_METRES, view.metres / 5)
        return RedirectResponse(f"/public/report?lat={spot.lat}&lon={spot.lon}&metres={closer:.0f}&mark=1", 303)
    grid = doors.order.grid
    return page(
        request,
        "public_where.html",
        view=view,
        mark=mark and lat is not None and lon is not None,
        places=[one for one in grid.areas.values() if one.shape is not None and one.level is not AreaLevel.CELL],
        shown_area=area,
        closest=SPOT_METRES,
    )


@router.get("/map.svg")
def map_picture(
    request: Request,
    doors: TheDoors,
    _: Anybody,
    lat: Lat = None,
    lon: Lon = None,
    metres: Metres = None,
    mark: bool = False,
) -> Response:
    """The map as a picture, to be clicked on."""
    view = _view(doors, lat, lon, metres, "")
    shown = outlines(doors.order.grid, view) if view else ()
    return drawing(
        request,
        "map.svg",
        areas=shown,
        scale=scale_of(view) if view else None,
        mark=view.xy(lat, lon) if view and mark and lat is not None and lon is not None else None,
    )


@router.get("/report/what", response_class=HTMLResponse)
def what(
    request: Request,
    doors: TheDoors,
    _: Anybody,
    lat: Lat = None,
    lon: Lon = None,
    address: Address = "",
    accuracy: Metres = None,
) -> Response:
    """Say what is the matter; what is near and known already is shown first."""
    if (lat is None or lon is None) and not address.strip():
        return RedirectResponse("/public/report", 303)
    form = ReportForm(lat=lat, lon=lon, address=address, accuracy=accuracy, form=new_form(doors))
    return _asked(request, doors, form)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportForm:
    """What somebody has filled in."""

    form: str
    lat: float | None = None
    lon: float | None = None
    accuracy: float | None = None
    address: str = ""
    category: str = ""
    words: str = ""
    name: str = ""
    phone: str = ""

    @property
    def place(self) -> LatLon | None:
        """Where, if that is known."""
        return None if self.lat is None or self.lon is None else LatLon(lat=self.lat, lon=self.lon)

    @property
    def quality(self) -> PlaceQuality:
        """What the place is worth."""
        unsure = self.accuracy is not None and self.accuracy > SURE_METRES
        return PlaceQuality.APPROXIMATE if unsure or self.place is None else PlaceQuality.EXACT


@router.post("/report", response_class=HTMLResponse)
def send(
    request: Request,
    doors: TheDoors,
    _: Sender,
    slots: Annotated[threading.BoundedSemaphore, Depends(photo_slots)],
    form: Secret,
    lat: Annotated[float | None, Form(ge=-90, le=90, allow_inf_nan=False)] = None,
    lon: Annotated[float | None, Form(ge=-180, le=180, allow_inf_nan=False)] = None,
    accuracy: Annotated[float | None, Form(ge=0, le=1e7, allow_inf_nan=False)] = None,
    address: Line = "",
    category: Annotated[str, Form(max_length=40)] = "",
    words: Words = "",
    name: PersonName = "",
    phone: Phone = "",
    photo: UploadFile | None = None,
) -> Response:
    """Take the report in, then lead to the link with which it is followed."""
    filled = ReportForm(
        form=form,
        lat=lat,
        lon=lon,
        accuracy=accuracy,
        address=address,
        category=category,
        words=words,
        name=name,
        phone=phone,
    )
    chosen = next((one for one in categories(doors.order, doors.clock()) if one.value == category), None)
    if chosen is None or (filled.place is None and not address):
        return _asked(request, doors, filled, status=422, trouble="category" if chosen is None else "place")
    hourly = doors.order.residents.reports_per_hour
    take_one(request, "public reports", burst=hourly, every=3600 / hourly)
    try:
        photos = _photos(doors, photo, slots)
    except PictureRefused as refused:
        return _asked(request, doors, filled, status=422, trouble="photo", detail=str(refused))
    secret = secret_of(form, *map(str, astuple(filled)), *(photo.sha256 for photo in photos))
    _take_in(doors, filled, chosen, photos, secret)
    return RedirectResponse(f"/public/follow/{secret}?new=1", 303)


def _take_in(doors: Doors, filled: ReportForm, chosen: Category, photos: tuple[Attachment, ...], secret: str) -> None:
    now = doors.clock()
    report = Report(
        key=key_of("resident", secret),
        source=Source.RESIDENT,
        kind=chosen.kind if chosen.code is None else None,
        code=chosen.code,
        text=filled.words,
        address=filled.address,
        place=filled.place,
        quality=filled.quality,
        seen_at=now,
        attachments=photos,
    )
    contact = Contact(name=filled.name, phone=filled.phone)
    receive(doors.store, doors.intake, report, at=now, contact=contact, follow=hash_of(secret))


def _photos(doors: Doors, photo: UploadFile | None, slots: threading.BoundedSemaphore) -> tuple[Attachment, ...]:
    data = photo.file.read(MAX_JPEG_BYTES + 1) if photo is not None else b""
    if len(data) > MAX_JPEG_BYTES:
        raise PictureRefused(f"the picture is too large; send at most {MAX_JPEG_BYTES // 2**20} MB")
    return (keep_photo(doors, data, slots),) if data else ()


def _asked(
    request: Request, doors: Doors, form: ReportForm, *, status: int = 200, trouble: str = "", detail: str = ""
) -> HTMLResponse:
    return page(
        request,
        "public_what.html",
        status=status,
        form=form,
        categories=categories(doors.order, doors.clock()),
        near=near(doors, form.place) if form.place else (),
        trouble=trouble,
        detail=detail,
    )


def _view(doors: Doors, lat: float | None, lon: float | None, metres: float | None, area: str) -> View | None:
    whole = whole_city(doors.city)
    if lat is not None and lon is not None:
        return view_of(LatLon(lat=lat, lon=lon), metres or SPOT_METRES)
    return area_view(doors.order.grid, area) or whole if area else whole
