"""A fix: where a receiver says it was."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite

from inference.geo import LatLon

USUAL_ACCURACY_METRES = 3.0
"""Of a fix whose receiver says nothing: one standard deviation of a plain receiver in a street with houses. Ours."""

METRES_PER_DOP = 2.5
"""One standard deviation of the range error that a dilution of precision multiplies. Ours, for plain receivers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """One line of a track.

    Attributes:
        at: aware UTC, of the receiver's clock.
        where: WGS84; Chinese map coordinates are converted before (`inference.datum`).
        speed: metres per second over ground, at least 0; None where the receiver does not say.
        heading: degrees clockwise from true north in which it moves, 0 <= heading < 360; None where it does not say.
        accuracy: metres, one standard deviation of the position (east and north together); None where it does not say.

    Raises:
        ValueError: a time that is not aware UTC, or a number outside its range.
    """

    at: datetime
    where: LatLon
    speed: float | None = None
    heading: float | None = None
    accuracy: float | None = None

    def __post_init__(self) -> None:
        if self.at.utcoffset() != timedelta(0):
            raise ValueError(f"the time of a fix must be aware UTC, not {self.at!r}")
        if self.speed is not None and not (isfinite(self.speed) and self.speed >= 0):
            raise ValueError(f"speed must be a number of at least 0 m/s, not {self.speed}")
        if self.heading is not None and not (isfinite(self.heading) and 0 <= self.heading < 360):
            raise ValueError(f"heading must lie between 0 and 360 degrees, not {self.heading}")
        if self.accuracy is not None and not (isfinite(self.accuracy) and self.accuracy > 0):
            raise ValueError(f"accuracy must be a positive number of metres, not {self.accuracy}")
