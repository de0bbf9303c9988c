"""Places on the ground, in WGS84."""

from dataclasses import dataclass
from math import asin, cos, isfinite, radians, sin, sqrt

EARTH_RADIUS_METRES = 6_371_008.8
"""Mean radius of the WGS84 ellipsoid."""
EQUATOR_RADIUS_METRES = 6_378_137.0
"""Semi-major axis of the WGS84 ellipsoid."""
ECCENTRICITY_SQUARED = 6.694379990141e-3
"""First eccentricity of the WGS84 ellipsoid, squared."""
LEAST_COSINE = 1e-6
"""Of a latitude: at the poles there is no east to measure along."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LatLon:
    """A point on the ground, degrees WGS84.

    Raises:
        ValueError: a coordinate is not finite or outside [-90, 90] / [-180, 180].
    """

    lat: float
    lon: float

    def __post_init__(self) -> None:
        if not (isfinite(self.lat) and -90 <= self.lat <= 90):
            raise ValueError(f"latitude must lie between -90 and 90 degrees, not {self.lat}")
        if not (isfinite(self.lon) and -180 <= self.lon <= 180):
            raise ValueError(f"longitude must lie between -180 and 180 degrees, not {self.lon}")

    def metres_to(self, other: "LatLon") -> float:
        """Great-circle distance in metres (haversine).

        >>> round(LatLon(lat=31.0, lon=121.0).metres_to(LatLon(lat=31.001, lon=121.0)))
        111
        """
        lat1, lat2 = radians(self.lat), radians(other.lat)
        half_chord = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin(radians(other.lon - self.lon) / 2) ** 2
        return 2 * EARTH_RADIUS_METRES * asin(min(1.0, sqrt(half_chord)))

    def moved(self, east: float, north: float) -> "LatLon":
        """The point so many metres to the east and north, on the plane that touches the ellipsoid here.

        Good to a centimetre within a kilometre. Source: radii of curvature of the meridian and the prime vertical, e.g.
        P. Osborne, The Mercator Projections (2013), ch. 5.

        >>> place = LatLon(lat=31.0, lon=121.0)
        >>> [round(metres, 3) for metres in place.east_north_to(place.moved(30, -40))]
        [30.0, -40.0]
        """
        per_lat, per_lon = self._metres_per_degree()
        lat = min(90.0, max(-90.0, self.lat + north / per_lat))
        return LatLon(lat=lat, lon=_wrapped(self.lon + east / per_lon))

    def east_north_to(self, other: "LatLon") -> tuple[float, float]:
        """Metres to the east and north to `other`, on the plane of `moved`."""
        per_lat, per_lon = self._metres_per_degree()
        return _wrapped(other.lon - self.lon) * per_lon, (other.lat - self.lat) * per_lat

    def _metres_per_degree(self) -> tuple[float, float]:
        flat = 1 - ECCENTRICITY_SQUARED * sin(radians(self.lat)) ** 2
        meridian = EQUATOR_RADIUS_METRES * (1 - ECCENTRICITY_SQUARED) / flat**1.5
        vertical = EQUATOR_RADIUS_METRES / sqrt(flat)
        return radians(meridian), radians(vertical * max(LEAST_COSINE, cos(radians(self.lat))))


def _wrapped(degrees_east: float) -> float:
    """A longitude or a difference of two, in -180..180: the shorter way round."""
    return degrees_east if -180 <= degrees_east <= 180 else (degrees_east + 180) % 360 - 180
