"""From the coordinates of Chinese maps to WGS84, at the edge: inside the house there is only WGS84.

GCJ-02 is WGS84 moved by up to 700 m by a polynomial with sines; BD-09 moves that once more. Both hold in mainland China
only. The constants are those of the public implementations (e.g. github.com/googollee/eviltransform, MIT), which agree
with the map services to a few decimetres; the inverse is found by iteration.
"""

from enum import StrEnum
from math import atan2, cos, hypot, pi, sin, sqrt

from inference.geo import LatLon

_AXIS, _ECCENTRICITY_SQUARED = 6_378_245.0, 0.00669342162296594323  # Krasovsky 1940
_BD_TURN = pi * 3000.0 / 180.0
_ITERATIONS = 12
_ENOUGH_DEGREES = 1e-10


class Datum(StrEnum):
    """In which coordinates somebody gives a place."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def to_wgs84(lat: float, lon: float, datum: Datum) -> LatLon:
    """The place, in WGS84. Outside China the three are the same.

    Args:
        lat: degrees of `datum`.
        lon: degrees of `datum`.
        datum: in which they are given.

    Raises:
        ValueError: no latitude or longitude.

    >>> place = to_wgs84(39.908722, 116.397499, Datum.GCJ02)
    >>> round(place.lat, 4), round(place.lon, 4)
    (39.9073, 116.3913)
    """
    given = LatLon(lat=lat, lon=lon)
    if datum is Datum.WGS84 or not in_china(given):
        return given
    shifted = bd09_of if datum is Datum.BD09 else gcj02_of
    guess = given
    for _ in range(_ITERATIONS):
        shown = shifted(guess)
        off_lat, off_lon = given.lat - shown.lat, given.lon - shown.lon
        guess = LatLon(lat=guess.lat + off_lat, lon=guess.lon + off_lon)
        if max(abs(off_lat), abs(off_lon)) < _ENOUGH_DEGREES:
            break
    return guess


def in_china(place: LatLon) -> bool:
    """Whether map services shift `place`: the rectangle that they use themselves."""
    return 0.8293 <= place.lat <= 55.8271 and 72.004 <= place.lon <= 137.8347


def gcj02_of(place: LatLon) -> LatLon:
    """A WGS84 place in GCJ-02."""
    if not in_china(place):
        return place
    x, y = place.lon - 105.0, place.lat - 35.0
    waves = 20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    north += 2 / 3 * (waves + 20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi))
    north += 2 / 3 * (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    east += 2 / 3 * (waves + 20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi))
    east += 2 / 3 * (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi))
    phi = place.lat / 180.0 * pi
    flat = 1 - _ECCENTRICITY_SQUARED * sin(phi) ** 2
    north = north * 180.0 / (_AXIS * (1 - _ECCENTRICITY_SQUARED) / (flat * sqrt(flat)) * pi)
    east = east * 180.0 / (_AXIS / sqrt(flat) * cos(phi) * pi)
    return LatLon(lat=place.lat + north, lon=place.lon + east)


def bd09_of(place: LatLon) -> LatLon:
    """A WGS84 place in BD-09."""
    if not in_china(place):
        return place
    shown = gcj02_of(place)
    radius = hypot(shown.lon, shown.lat) + 2e-5 * sin(shown.lat * _BD_TURN)
    angle = atan2(shown.lat, shown.lon) + 3e-6 * cos(shown.lon * _BD_TURN)
    return LatLon(lat=radius * sin(angle) + 0.006, lon=radius * cos(angle) + 0.0065)
