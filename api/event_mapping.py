"""Events of other networks as reports of this city, by the network's own file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import isfinite
from typing import Any

from starlette.exceptions import HTTPException

from api.city.cameras import CameraPart
from api.city.networks import EventPart, Lookup, Network
from api.cloud_event import CloudEvent
from api.receiving import key_of
from cases.report import Attachment, Contact, Report
from inference.geo import LatLon

LONGEST_TEXT, LONGEST_LINE = 4000, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """An event in our words.

    Attributes:
        report: without its attachments.
        contact: of the reporter.
        attachments: names of the pictures, which must have been sent before.
    """

    report: Report
    contact: Contact
    attachments: tuple[str, ...]

    def with_pictures(self, pictures: Sequence[Attachment]) -> Report:
        """The report with its pictures."""
        return replace(self.report, attachments=tuple(pictures))


def map_event(event: CloudEvent, networks: Iterable[Network], cameras: Iterable[CameraPart], now: datetime) -> Mapped:
    """What an event says about the city.

    Args:
        event: as it came.
        networks: of the city file.
        cameras: ours, whose places stand in for those that an alarm leaves out.
        now: aware UTC, the time of what says none, and the latest that counts.

    Raises:
        HTTPException: 422, the sender or type is unknown, or a field is not what its mapping says.
    """
    network = next((network for network in networks if network.sends(event.source)), None)
    if network is None:
        raise HTTPException(422, "no network of the city file has this CloudEvents source; add it to `networks`")
    part = next((part for part in network.file.events if part.type == event.type), None)
    if part is None:
        raise HTTPException(422, f"network {network.file.id} maps no events of this type; add it to its file")
    fields = network.file.fields
    place = _place(event, fields.lat, fields.lon) or _camera_place(event, fields.camera, cameras)
    address = _text(event, fields.address, LONGEST_LINE)
    if place is None and not address:
        raise HTTPException(422, "the event says neither a place nor an address nor a camera of ours with a position")
    report = Report(
        key=key_of("event", event.source, event.id),
        source=network.file.source,
        kind=None,
        code=_code(event, part),
        text=_text(event, part.text or fields.text, LONGEST_TEXT),
        address=address,
        place=place,
        quality=network.file.quality,
        seen_at=min(_instant(event, fields.seen_at) or now, now),
        origin=event.source,
        external_id=event.id,
    )
    contact = Contact(name=_text(event, fields.contact_name, 60), phone=_text(event, fields.contact_phone, 30))
    return Mapped(report=report, contact=contact, attachments=_names(event, fields.attachments))


def _code(event: CloudEvent, part: EventPart) -> str:
    if not isinstance(part.code, Lookup):
        return part.code
    said = event.at(part.code.at)
    code = part.code.codes.get(str(said)) if isinstance(said, str | int) else None
    if code is None:
        raise HTTPException(422, f"the value at {part.code.at} means no event code; add it to the network's file")
    return code


def _text(event: CloudEvent, value: str | None, longest: int) -> str:
    """Text, on one line where it is short; what cannot be printed is refused."""
    if value is None:
        return ""
    said = event.at(value) if value.startswith("/") else value
    if said is None:
        return ""
    if isinstance(said, bool) or not isinstance(said, str | int | float):
        raise _wrong(value, "a text")
    text = str(said).strip()
    if len(text) > longest or any(ord(char) < 32 and char not in "\n\r\t" for char in text):
        raise _wrong(value, f"a text of at most {longest} characters without control characters")
    return text


def _place(event: CloudEvent, lat: str | None, lon: str | None) -> LatLon | None:
    if lat is None or lon is None:
        return None
    said = [event.at(lat), event.at(lon)]
    if said == [None, None]:
        return None
    try:
        return LatLon(lat=_number(said[0]), lon=_number(said[1]))
    except (TypeError, ValueError):
        raise _wrong(lat, "a latitude, and a longitude beside it, degrees WGS84") from None


def _number(said: Any) -> float:
    if isinstance(said, bool) or not isinstance(said, str | int | float):
        raise TypeError
    number = float(said)
    if not isfinite(number):
        raise ValueError
    return number


def _camera_place(event: CloudEvent, pointer: str | None, cameras: Iterable[CameraPart]) -> LatLon | None:
    said = event.at(pointer) if pointer else None
    if said is None:
        return None
    known = next((camera for camera in cameras if str(said) in (camera.id, camera.gb28181_id)), None)
    return known.position.build() if known and known.position else None


def _instant(event: CloudEvent, pointer: str) -> datetime | None:
    said = event.at(pointer)
    if said is None:
        return None
    try:
        instant = datetime.fromisoformat(said).astimezone(UTC) if isinstance(said, str) else None
    except (ValueError, OverflowError):
        instant = None
    if instant is None or datetime.fromisoformat(str(said)).tzinfo is None or not 1970 < instant.year < 9999:
        raise _wrong(pointer, "a time with its zone, such as 2026-03-01T08:00:00+08:00")
    return instant


def _names(event: CloudEvent, pointer: str | None) -> tuple[str, ...]:
    said = event.at(pointer) if pointer else None
    if said is None:
        return ()
    if not isinstance(said, list) or len(said) > 10 or not all(isinstance(name, str) for name in said):  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
        raise _wrong(pointer or "", "a list of at most ten names of pictures that were sent to /v1/attachments")
    return tuple(said)  # pyright: ignore[reportUnknownArgumentType]


def _wrong(pointer: str, wanted: str) -> HTTPException:
    return HTTPException(422, f"the value at {pointer} must be {wanted}")
