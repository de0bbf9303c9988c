"""Open311 GeoReport v2 (https://wiki.open311.org/GeoReport_v2): discovery, services, requests and tokens."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends, Header, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from api.access import Router, open_to_all
from api.accounts.person import Caller, Key
from api.accounts.roles import Right
from api.doors import Doors, TheDoors
from api.open311.posting import NotTaken, instant_of, read
from api.open311.requests import ORIGIN, Found, Writer
from api.open311.writing import Listed, answer, refusal
from api.pages.names import Names
from api.pages.public_doors import must_be_open
from api.pages.rendering import words_for
from api.problems import WrongField
from api.quotas import Limited
from api.receiving import Asked as AskedBefore
from api.receiving import Receipt, key_of, receive
from api.store.requests import Asked
from cases.channels.open311.answers import Format
from cases.participation.categories import Category, categories
from cases.report import PlaceQuality, Report
from cases.source import Source

PREFIX = "/open311/v2"
LONGEST_SPAN = timedelta(days=90)
MOST = 1000
"""Requests in one answer, as GeoReport v2 says."""

LOOKING = Limited(burst=120, every=0.5)
"""From one address."""

router = Router(prefix=PREFIX, include_in_schema=False, dependencies=[Depends(must_be_open)])

Anybody = Annotated[Caller | None, open_to_all(LOOKING)]
Form = Annotated[Format, Path()]
List = Annotated[str, Query(max_length=4000)]
When = Annotated[str, Query(max_length=64)]


@router.get("/discovery.{form}")
def discovery(request: Request, _: Anybody, form: Form) -> Response:
    """Where everything is."""
    url = f"{_base(request)}{PREFIX}"
    endpoint = {
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": url,
        "changeset": "2026-03-01T00:00:00+00:00",
        "type": "production",
        "formats": Listed("format", ["text/xml", "application/json"]),
    }
    whole = {
        "changeset": "2026-03-01T00:00:00+00:00",
        "contact": "the office that runs this service gives keys",
        "key_service": "jiexun key add NAME --right report",
        "endpoints": Listed("endpoint", [endpoint]),
    }
    return answer(form, "discovery", whole)


@router.get("/services.{form}")
def services(request: Request, doors: TheDoors, _: Anybody, form: Form) -> Response:
    """What can be requested."""
    return answer(form, "services", _writer(request, doors).services())


@router.get("/services/{code}.{form}")
def service(request: Request, doors: TheDoors, _: Anybody, code: str, form: Form) -> Response:
    """What may be sent with requests for one service."""
    writer = _writer(request, doors)
    one = next((one for one in writer.categories if one.value == code), None)
    if one is None:
        raise HTTPException(404, "service_code: there is no such service")
    return answer(form, "service_definition", writer.definition(one))


@router.post("/requests.{form}")
async def post(
    request: Request,
    doors: TheDoors,
    _: Anybody,
    form: Form,
    idempotency_key: Annotated[str | None, Header(pattern=r"^[\x21-\x7e]{1,128}$")] = None,
) -> Response:
    """Take a request in. It joins the case that it is about, or opens a new one; the answer names the case."""
    async with request.form(max_files=0, max_fields=60) as given:
        fields = {name: value for name, value in given.multi_items() if not isinstance(value, UploadFile)}
    receipt = await run_in_threadpool(_taken, doors, fields, idempotency_key)
    entry = {"service_request_id": receipt.case_number, "service_notice": "", "account_id": ""}
    return answer(form, "service_requests", Listed("request", [entry]), status=201)


@router.get("/tokens/{token}.{form}")
def token(doors: TheDoors, _: Anybody, token: str, form: Form) -> Response:
    """The number of the case that a report belongs to now: its key is a token for it."""
    number = doors.store.requests.number_of(ORIGIN, token)
    if number is None:
        raise HTTPException(404, "token: there is no such token")
    entry = {"service_request_id": number, "token": token}
    return answer(form, "service_requests", Listed("request", [entry]))


@router.get("/requests.{form}")
def requests(
    request: Request,
    doors: TheDoors,
    _: Anybody,
    form: Form,
    service_request_id: List = "",
    service_code: List = "",
    start_date: When = "",
    end_date: When = "",
    status: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Public requests of at most 90 days, at most 1,000, newest first; and what other systems have sent."""
    numbers, codes, wanted = _list(service_request_id), _list(service_code), set(_list(status))
    if not wanted <= {"open", "closed"}:
        raise HTTPException(400, "status: must be open, closed, or both with a comma between")
    since, until = (None, None) if numbers else _span(start_date, end_date, doors.clock())
    asked = Asked(
        numbers=numbers[:MOST],
        codes=codes,
        is_over=None if len(wanted) != 1 else wanted == {"closed"},
        since=since,
        until=until,
        limit=MOST,
    )
    return _shown(request, doors, asked, form)


@router.get("/requests/{number}.{form}")
def one(request: Request, doors: TheDoors, _: Anybody, number: str, form: Form) -> Response:
    """One request."""
    return _shown(request, doors, Asked(numbers=(number,)), form, needed=True)


def refused(
    request: Request, status: int, detail: str, errors: Sequence[WrongField], headers: Mapping[str, str] | None
) -> Response:
    """What a request that is not taken is told, in the form that it asked for; XML where it asked for none."""
    form = Format.JSON if request.url.path.endswith(".json") else Format.XML
    what = "; ".join(f"{one.where}: {one.what}" for one in errors) or detail
    told = refusal(form, 400 if errors and status == 422 else status, what)
    told.headers.update(headers or {})
    return told


def _shown(request: Request, doors: Doors, asked: Asked, form: Format, *, needed: bool = False) -> Response:
    public = doors.order.residents.public
    found = doors.store.requests.sent_to(ORIGIN, public, asked)
    if needed and not found:
        raise HTTPException(404, "service_request_id: there is no such request")
    pictures = doors.store.within(public).crops([one.case.id for one in found])
    whole = [
        Found(
            case=one.case,
            said=one.said,
            updated_at=one.updated_at,
            picture=pictures[one.case.id].sha256 if one.case.id in pictures else None,
        )
        for one in found
    ]
    return answer(form, "service_requests", _writer(request, doors).requests(whole))


def _taken(doors: Doors, fields: Mapping[str, str], idempotency_key: str | None) -> Receipt:
    key = _key(doors, fields.get("api_key", ""))
    try:
        asked = read(fields, _public_categories(doors))
    except NotTaken as refused:
        raise HTTPException(400, str(refused)) from None
    before = None
    if idempotency_key is not None:
        said = sorted((name, value) for name, value in fields.items() if name != "api_key")
        body = hashlib.sha256(json.dumps(said).encode()).hexdigest()
        before = AskedBefore(door="open311", key=f"{key.id} {idempotency_key}", body_sha256=body)
    now = doors.clock()
    report = Report(
        key=key_of(before.door, before.key) if before else doors.new_id(),
        source=Source.NETWORK,
        kind=asked.category.kind if asked.category.code is None else None,
        code=asked.category.code,
        text=asked.text,
        address=asked.address,
        place=asked.place,
        quality=asked.quality if asked.place else PlaceQuality.APPROXIMATE,
        seen_at=min(asked.seen_at or now, now),
        origin=f"{ORIGIN}{key.id}",
    )
    return receive(doors.store, doors.intake, report, at=now, contact=asked.contact, asked=before)


def _key(doors: Doors, written: str) -> Key:
    key = doors.accounts.key(written) if written else None
    if key is None or Right.REPORT not in key.rights:
        raise HTTPException(403, "api_key: is missing or not good for reports; ask the city's office for one")
    return key


def _span(start: str, end: str, now: datetime) -> tuple[datetime, datetime]:
    try:
        since = instant_of(start, "start_date") if start else None
        until = instant_of(end, "end_date") if end else None
    except NotTaken as refused:
        raise HTTPException(400, str(refused)) from None
    if since is None:
        since = (until or now) - LONGEST_SPAN
    until = until or min(max(now, since), since + LONGEST_SPAN)
    if until - since > LONGEST_SPAN:
        raise HTTPException(400, "start_date, end_date: may lie at most 90 days apart; ask more than once")
    return since, until


def _list(written: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in written.split(","))))


def _public_categories(doors: Doors) -> tuple[Category, ...]:
    return categories(doors.order, doors.clock())


def _writer(request: Request, doors: Doors) -> Writer:
    t = words_for(request)
    return Writer(
        t=t,
        names=Names(city=doors.city, order=doors.order, language=t.language),
        policy=doors.order.residents,
        categories=_public_categories(doors),
        base_url=_base(request),
    )


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")
