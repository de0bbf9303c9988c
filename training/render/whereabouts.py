"""Where the street lies on the map: metres in the street become WGS84 and back."""

import math
from dataclasses import dataclass

from inference.geo import EARTH_RADIUS_METRES, LatLon

_METRES_PER_DEGREE = EARTH_RADIUS_METRES * math.pi / 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """The street's own frame on the map: a plane that touches the sphere of `LatLon.metres_to` at `origin`.

    Good to a millimetre over the few hundred metres of a street.

    Attributes:
        origin: where x = y = 0 is.
        bearing: degrees clockwise from north of the direction of +x.

    >>> street = Whereabouts(origin=LatLon(lat=31.0, lon=121.0), bearing=90)
    >>> round(street.at(100.0, 0.0).metres_to(street.origin), 3)
    100.0
    >>> round(street.compass(math.pi / 2), 6)  # y points to the left of x
    0.0
    """

    origin: LatLon
    bearing: float

    def at(self, x: float, y: float) -> LatLon:
        """The place of a point in the street, metres."""
        b = math.radians(self.bearing)
        east, north = x * math.sin(b) - y * math.cos(b), x * math.cos(b) + y * math.sin(b)
        lat = self.origin.lat + north / _METRES_PER_DEGREE
        narrow = math.cos(math.radians(self.origin.lat))
        return LatLon(lat=lat, lon=self.origin.lon + east / (_METRES_PER_DEGREE * narrow))

    def plan(self, place: LatLon) -> tuple[float, float]:
        """The point (x, y) in the street, metres, of a place near it."""
        b = math.radians(self.bearing)
        north = (place.lat - self.origin.lat) * _METRES_PER_DEGREE
        east = (place.lon - self.origin.lon) * _METRES_PER_DEGREE * math.cos(math.radians(self.origin.lat))
        return east * math.sin(b) + north * math.cos(b), north * math.sin(b) - east * math.cos(b)

    def compass(self, heading: float) -> float:
        """Degrees clockwise from north, 0..360, of a heading in radians from +x towards +y."""
        return (self.bearing - math.degrees(heading)) % 360
