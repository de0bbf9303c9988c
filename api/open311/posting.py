"""A posted request: its fields read one by one, as GeoReport v2 names them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from api.moves import PlainText
from cases.participation.categories import Category
from cases.report import Contact, PlaceQuality
from inference.geo import LatLon

LONGEST_DESCRIPTION = 4_000  # characters, as GeoReport v2 says


class NotTaken(Exception):
    """The request cannot be taken as it is; the sentence says why."""


class Posted(BaseModel):
    """The fields that are read; what else the standard knows is taken and not used."""

    model_config = ConfigDict(extra="ignore", frozen=True, allow_inf_nan=False)

    service_code: Annotated[str, Field(min_length=1, max_length=64)]
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    long: Annotated[float, Field(ge=-180, le=180)] | None = None
    address_string: Annotated[PlainText, Field(max_length=200)] = ""
    address_id: Annotated[PlainText, Field(max_length=64)] = ""
    description: Annotated[PlainText, Field(max_length=LONGEST_DESCRIPTION)] = ""
    media_url: Annotated[str, Field(max_length=1000, pattern=r"^(https?://[\x21-\x7e]+)?$")] = ""
    first_name: Annotated[PlainText, Field(max_length=30)] = ""
    last_name: Annotated[PlainText, Field(max_length=30)] = ""
    phone: Annotated[str, Field(pattern=r"^(\+?[0-9][0-9 ()-]{2,28})?$")] = ""
    email: Annotated[str, Field(pattern=r"^([^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]{1,190})?$")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as it is taken."""

    category: Category
    place: LatLon | None
    quality: PlaceQuality
    address: str
    text: str
    contact: Contact
    seen_at: datetime | None


def read(form: Mapping[str, str], categories: Sequence[Category]) -> Request:
    """Read what was posted.

    Raises:
        NotTaken: a field is wrong, or one that is needed is missing.
    """
    attributes = {name[10:-1]: value for name, value in form.items() if name[:10] == "attribute[" and name[-1] == "]"}
    try:
        posted = Posted.model_validate({name: value for name, value in form.items() if value != ""})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        what = "is required" if first["type"] == "missing" else first["msg"].replace("Input should", "must", 1)
        raise NotTaken(f"{first['loc'][0]}: {what}") from None
    category = next((one for one in categories if one.value == posted.service_code), None)
    if category is None:
        raise NotTaken("service_code: there is no such service; the list of services has those that there are")
    if (posted.lat is None) != (posted.long is None):
        raise NotTaken("lat, long: send both or neither")
    place = LatLon(lat=posted.lat, lon=posted.long) if posted.lat is not None and posted.long is not None else None
    address = ", ".join(filter(None, (posted.address_string, posted.address_id)))
    if place is None and not address:
        raise NotTaken("lat, long, address_string or address_id: say where")
    name = " ".join(filter(None, (posted.last_name, posted.first_name)))
    return Request(
        category=category,
        place=place,
        quality=_quality(attributes.get("quality", "")),
        address=address,
        text="\n".join(filter(None, (posted.description, posted.media_url))),
        contact=Contact(name=name, phone=posted.phone, email=posted.email),
        seen_at=instant_of(attributes["seen_at"], "attribute[seen_at]") if attributes.get("seen_at") else None,
    )


def _quality(written: str) -> PlaceQuality:
    try:
        return PlaceQuality(written or "exact")
    except ValueError:
        raise NotTaken("attribute[quality]: must be exact, approximate or unit") from None


def instant_of(written: str, name: str) -> datetime:
    """An instant that somebody has written with its zone; aware UTC.

    Raises:
        NotTaken: it is none.
    """
    try:
        at = TypeAdapter(AwareDatetime).validate_python(written.replace(" ", "+")).astimezone(UTC)
    except (ValidationError, OverflowError):
        raise NotTaken(f"{name}: must be a time with its zone, such as 2026-03-02T08:30:00+08:00") from None
    if not 1970 < at.year < 9999:
        raise NotTaken(f"{name}: must be a time of our years")
    return at
