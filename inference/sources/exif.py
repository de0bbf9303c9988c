"""When, where and which way up a picture was taken, from its EXIF block (TIFF 6.0 structure, EXIF 2.32 tags)."""

import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from inference.geo import LatLon

_ORIENTATION, _EXIF_IFD, _GPS_IFD = 0x0112, 0x8769, 0x8825
_TAKEN_AT, _OFFSET, _SUBSECONDS = 0x9003, 0x9011, 0x9291
_LAT_REF, _LAT, _LON_REF, _LON = 1, 2, 3, 4
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8}  # byte, ascii, short, long, rational
_MAX_ENTRIES = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Exif:
    """What was found; None stands for "not there or not readable".

    Attributes:
        taken_at: aware UTC.
        position: where the camera was.
        orientation: 1..8 as EXIF numbers them, 1 being upright.
    """

    taken_at: datetime | None = None
    position: LatLon | None = None
    orientation: int = 1


def read_exif(tiff: bytes | None, zone: tzinfo = UTC) -> Exif:
    """Read a TIFF structure; damaged entries are left out.

    Args:
        tiff: the block after `Exif` and two zero bytes, or None.
        zone: time zone of the camera's clock where the picture does not state one.
    """
    if not tiff or tiff[:2] not in (b"II", b"MM"):
        return Exif()
    order = "<" if tiff[:2] == b"II" else ">"
    main = _directory(tiff, order, _integer(tiff[4:8], order))
    details = _directory(tiff, order, _integer(main.get(_EXIF_IFD, b""), order))
    gps = _directory(tiff, order, _integer(main.get(_GPS_IFD, b""), order))
    orientation = _integer(main.get(_ORIENTATION, b""), order)
    return Exif(
        taken_at=_taken_at(details, zone),
        position=_position(gps, order),
        orientation=orientation if 1 <= orientation <= 8 else 1,
    )


def _directory(tiff: bytes, order: str, at: int) -> dict[int, bytes]:
    """Tag → raw value of one image file directory; empty where there is none."""
    if at < 8 or at + 2 > len(tiff):
        return {}
    count = min(_integer(tiff[at : at + 2], order), _MAX_ENTRIES)
    entries: dict[int, bytes] = {}
    for start in range(at + 2, min(at + 2 + 12 * count, len(tiff) - 11), 12):
        tag, kind, number = struct.unpack_from(order + "HHI", tiff, start)
        length = _SIZES.get(kind, 0) * number
        place = start + 8 if length <= 4 else _integer(tiff[start + 8 : start + 12], order)
        if 0 < length <= len(tiff) - place:
            entries[tag] = tiff[place : place + length]
    return entries


def _integer(raw: bytes, order: str) -> int:
    return int.from_bytes(raw, "little" if order == "<" else "big")


def _text(raw: bytes) -> str:
    return raw.split(b"\x00")[0].decode("ascii", "replace").strip()


def _taken_at(details: dict[int, bytes], zone: tzinfo) -> datetime | None:
    try:
        taken = datetime.strptime(_text(details.get(_TAKEN_AT, b"")), "%Y:%m:%d %H:%M:%S").replace(tzinfo=zone)
        fraction = _text(details.get(_SUBSECONDS, b""))
        taken += timedelta(seconds=float(f"0.{fraction}") if fraction.isascii() and fraction.isdigit() else 0.0)
        offset = _text(details.get(_OFFSET, b""))
        stated = datetime.strptime(offset, "%z").tzinfo if offset else zone
        return taken.replace(tzinfo=stated).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _position(gps: dict[int, bytes], order: str) -> LatLon | None:
    try:
        lat = _degrees(gps[_LAT], order) * (-1 if _text(gps[_LAT_REF]) == "S" else 1)
        lon = _degrees(gps[_LON], order) * (-1 if _text(gps[_LON_REF]) == "W" else 1)
        return LatLon(lat=lat, lon=lon)
    except (KeyError, ValueError, ZeroDivisionError, struct.error):
        return None


def _degrees(raw: bytes, order: str) -> float:
    """Degrees, minutes and seconds as three rationals."""
    values = struct.unpack(order + "6I", raw)
    return sum(values[2 * i] / values[2 * i + 1] / 60**i for i in range(3))
