"""Reports: what people and programs say about the city."""

import hashlib
from datetime import UTC, datetime
from typing import Annotated, Self

from fastapi import Header
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import Doors, TheDoors
from api.moves import PlainText
from api.problems import problems
from api.receiving import Asked, attachments_of, key_of, receive
from api.routes.records import Record
from cases.intake import Outcome
from cases.report import Contact, PlaceQuality, Report
from cases.source import Source
from inference.findings import ViolationKind
from inference.geo import LatLon

router = Router(prefix="/v1", tags=["reports"])

Finite = Annotated[float, Field(allow_inf_nan=False)]
Line = Annotated[PlainText, Field(max_length=200)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


def _in_our_time(instant: datetime) -> datetime:
    try:
        instant = instant.astimezone(UTC)
    except OverflowError:
        raise ValueError("must be a time of our years") from None
    if not 1970 < instant.year < 9999:
        raise ValueError("must be a time of our years")
    return instant


Instant = Annotated[AwareDatetime, AfterValidator(_in_our_time)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, frozen=True)


class PlaceRequest(_Part):
    """A point, degrees WGS84."""

    lat: Annotated[Finite, Field(ge=-90, le=90)]
    lon: Annotated[Finite, Field(ge=-180, le=180)]


class ContactRequest(_Part):
    """How to reach the reporter; shown with no case and sent to no department."""

    name: Annotated[PlainText, Field(max_length=60)] = ""
    phone: Annotated[str, Field(pattern=r"^(\+?[0-9][0-9 ()-]{2,28})?$")] = ""
    email: Annotated[str, Field(pattern=r"^([^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]{1,190})?$")] = ""


class ReportRequest(_Part):
    """What is the matter, and where. `code` is the city's own (小类); `seen_at` is now where nobody says."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "source": "resident",
                    "code": "0102",
                    "text": "bags beside the bin",
                    "place": {"lat": 31.2304, "lon": 121.4737},
                }
            ]
        }
    )

    source: Source = Source.RESIDENT
    kind: ViolationKind | None = None
    code: Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z.-]{0,31}$")] | None = None
    text: Annotated[PlainText, Field(max_length=4000)] = ""
    address: Line = ""
    place: PlaceRequest | None = None
    quality: Annotated[PlaceQuality, Field(description="what the place is worth")] = PlaceQuality.EXACT
    seen_at: Instant | None = None
    origin: Annotated[Line, Field(description="the system it comes from")] = ""
    external_id: Annotated[Line, Field(description="its name there; the same name is the same report")] | None = None
    contact: ContactRequest | None = None
    attachments: Annotated[
        tuple[Sha256, ...], Field(max_length=10, description="pictures sent to /v1/attachments")
    ] = ()

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.text or self.code or self.kind):
            raise ValueError("say what is the matter: a text, a code or a kind")
        if not (self.address or self.place):
            raise ValueError("say where: an address or a place")
        return self


class ReceiptRecord(Record):
    """What became of a report: its case, opened for it, joined, or known from the first time it was sent."""

    report: str
    outcome: Outcome
    case_id: str
    case_number: str


@router.post(
    "/reports",
    status_code=201,
    summary="Report a matter",
    responses=problems(400, 401, 403, 413, 422, 503),
)
def report(
    doors: TheDoors,
    who: Annotated[Caller, needs(Right.REPORT)],
    body: ReportRequest,
    idempotency_key: Annotated[
        str | None,
        Header(pattern=r"^[\x21-\x7e]{1,128}$", description="the same key gets the same answer for seven days"),
    ] = None,
) -> ReceiptRecord:
    """One report. It joins the case that it is about, or opens a new one."""
    asked = None
    if idempotency_key is not None:
        digest = hashlib.sha256(body.model_dump_json().encode()).hexdigest()
        # A key is its sender's own: nobody is given the answer that another one got.
        asked = Asked(door="reports", key=f"{who.id} {idempotency_key}", body_sha256=digest)
    contact = Contact(**body.contact.model_dump()) if body.contact else None
    said = _report(doors, body, asked)
    receipt = receive(doors.store, doors.intake, said, at=doors.clock(), contact=contact, asked=asked)
    return ReceiptRecord.model_validate(receipt)


def _report(doors: Doors, body: ReportRequest, asked: Asked | None) -> Report:
    if body.external_id is not None:
        key = key_of("external", body.origin, body.external_id)
    else:
        key = key_of(asked.door, asked.key) if asked else doors.new_id()
    now = doors.clock()
    return Report(
        key=key,
        source=body.source,
        kind=body.kind,
        code=body.code,
        text=body.text,
        address=body.address,
        place=LatLon(lat=body.place.lat, lon=body.place.lon) if body.place else None,
        quality=body.quality,
        seen_at=min(body.seen_at or now, now),
        origin=body.origin,
        external_id=body.external_id,
        attachments=attachments_of(doors.store, body.attachments),
    )
