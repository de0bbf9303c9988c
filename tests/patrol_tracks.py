"""Short whole tracks of every form, as text or bytes, to be read, broken and damaged."""

import struct
from datetime import UTC, datetime, timedelta
from functools import reduce

from inference.geo import LatLon

HERE = LatLon(lat=31.2304, lon=121.4737)
BEGAN = datetime(2026, 5, 14, 4, 0, tzinfo=UTC)
FIXES = 12


def gpx(*points: str, head: str = "") -> str:
    """A GPX file of track points."""
    body = "".join(points)
    return (
        f'<?xml version="1.0"?>{head}<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1">'
        f"<trk><name>x</name><trkseg>{body}</trkseg></trk></gpx>"
    )


def point(second: int, *, lat: float | str = HERE.lat, inner: str = "") -> str:
    """A track point so many seconds after `BEGAN`."""
    at = (BEGAN + timedelta(seconds=second)).isoformat().replace("+00:00", "Z")
    return f'<trkpt lat="{lat}" lon="{HERE.lon}"><ele>4</ele><time>{at}</time>{inner}</trkpt>'


def nmea(*payloads: str) -> str:
    """Sentences with their checksums."""

    def checksum(payload: str) -> int:
        return reduce(lambda a, b: a ^ b, payload.encode(), 0)

    return "".join(f"${payload}*{checksum(payload):02X}\r\n" for payload in payloads)


def klv(key: str, kind: str, size: int, data: bytes) -> bytes:
    """A block of GPMF."""
    head = key.encode() + bytes([ord(kind) if kind else 0, size]) + struct.pack(">H", len(data) // max(1, size))
    return head + data + b"\0" * (-len(data) % 4)


def gpx_text() -> str:
    """A drive as GPX."""
    return gpx(*(point(n, lat=HERE.lat + n * 7e-5, inner="<speed>8.0</speed><hdop>1.1</hdop>") for n in range(FIXES)))


def nmea_text() -> str:
    """A drive as NMEA."""
    lines: list[str] = []
    for n in range(FIXES):
        lat = f"3113.{8240 + 40 * n:04d}"
        lines.append(f"GNGGA,0400{n:02d}.00,{lat},N,12128.4220,E,1,12,0.8,4.0,M,,M,,")
        lines.append(f"GNRMC,0400{n:02d}.00,A,{lat},N,12128.4220,E,15.5,0.0,140526,,,A")
    return nmea(*lines)


def csv_text() -> str:
    """A drive as CSV."""
    rows = [
        f"{n}.0,{HERE.lat + n * 7e-5:.7f},{HERE.lon},8.0,0.0,{(BEGAN + timedelta(seconds=n)).isoformat()},3,120"
        for n in range(FIXES)
    ]
    return "t_s,lat,lon,speed2d_mps,heading,gps_utc,fix,dop_x100\n" + "\n".join(rows) + "\n"
