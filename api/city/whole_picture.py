"""The city of somebody who has none yet: everything is forbidden everywhere in the picture."""

from api.city.cameras import CameraPart
from api.city.city import City, build_city
from api.city.file import CityFile, CityPart
from api.city.part import Name
from api.city.zones import ZonePart
from inference.zones.zone import WHOLE_PICTURE, ZoneKind

PROHIBITING = (ZoneKind.NO_PARKING, ZoneKind.NO_STALLS, ZoneKind.KEEP_CLEAN)


def whole_picture_city(camera: str, dwell: float | None = None, *, moving: bool = False) -> City:
    """A city with one camera whose whole picture is one zone of every prohibiting kind.

    Args:
        camera: its name: small letters, digits, hyphens.
        dwell: seconds an object must stand; None takes each rule's own.
        moving: it is a patrol vehicle.
    """
    name = Name(zh=camera, en=camera)
    zones = tuple(ZonePart(id=kind.replace("_", "-"), kind=kind, polygon=WHOLE_PICTURE) for kind in PROHIBITING)
    part = CameraPart(id=camera, name=name, zones=zones, moving=moving)
    city = build_city(CityFile(city=CityPart(name=name), cameras=(part,)))
    return city if dwell is None else city.with_dwell(dwell)
