"""A sighting: one detection of one frame, placed on the ground."""

from dataclasses import dataclass
from datetime import datetime
from math import hypot

from pydantic import Base64Bytes

from inference.detections import Box
from inference.evidence.kept import KeptPicture
from inference.geo import LatLon
from inference.patrol.spread import Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What one frame showed of one object.

    Attributes:
        at: aware UTC of the frame.
        object_class: of the detector.
        confidence: 0..1.
        box: fractions of the picture's width and height.
        where: WGS84 of the middle of the object's ground.
        own: error of the geometry of this frame alone (pixel, pitch, height): the next frame has another one.
        shared: metres, one standard deviation of the receiver's position (east and north together), much the same in
            all frames of a pass.
        seen_from: WGS84 of the camera.
        right: metres to the right of the vehicle's way.
        ahead: metres ahead along it.
        patch: its appearance (`inference.stays.appearance`); None where it is too small.
        attended: a person was at it.
        plate: the number plate that a plug-in read (`inference.patrol.plates`); None where nobody read one.
        picture: kept as evidence; None where nobody asked for evidence.
    """

    at: datetime
    object_class: str
    confidence: float
    box: Box
    where: LatLon
    own: Spread
    shared: float
    seen_from: LatLon
    right: float
    ahead: float
    patch: Base64Bytes | None = None
    attended: bool = False
    plate: str | None = None
    picture: KeptPicture | None = None

    @property
    def distance(self) -> float:
        """Metres from the camera."""
        return hypot(self.right, self.ahead)
