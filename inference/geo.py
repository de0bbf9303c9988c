"""Places on the ground, in WGS84."""

from dataclasses import dataclass
from math import asin, cos, isfinite, radians, sin, sqrt

EARTH_RADIUS_METRES = 6_371_008.8
"""Mean radius of the WGS84 ellipsoid."""


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
