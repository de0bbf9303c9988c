"""What a camera is to the path from frame to finding."""

from dataclasses import dataclass

from inference.geo import LatLon
from inference.ground import GroundPlane
from inference.zones.zone import Zone


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraView:
    """One camera with the zones drawn on its reference picture.

    Attributes:
        id: identifier, in every frame and finding.
        zones: what holds where.
        position: WGS84 of what it looks at, where known; a frame's own position goes first.
        moving: it is carried by a vehicle or a person, so nothing stays in its picture.
        name: for people, in evidence captions.
        ground: where on the ground a point of its picture lies; goes before `position`.
    """

    id: str
    zones: tuple[Zone, ...]
    position: LatLon | None = None
    moving: bool = False
    name: str = ""
    ground: GroundPlane | None = None
