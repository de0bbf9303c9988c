"""A pose: where a moving camera was and which way it went when a picture was taken."""

from dataclasses import dataclass
from datetime import datetime

from inference.geo import LatLon


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """One moment of a pass.

    Attributes:
        at: aware UTC.
        where: WGS84 of the receiver.
        speed: metres per second.
        heading: degrees clockwise from true north in which the vehicle points; None while it has never moved and its
            receiver does not say: then nothing can be placed.
        position_error: metres, one standard deviation (east and north together). Mostly the same error all along a
            street: looking twice does not lessen it.
        heading_error: degrees, one standard deviation.
        bridged: it lies between two fixes that are further apart than usual, e.g. under a bridge.
    """

    at: datetime
    where: LatLon
    speed: float
    heading: float | None
    position_error: float
    heading_error: float
    bridged: bool = False
