"""Who and what must not be recognisable on the copy meant for the public."""

from inference.detections import Box
from inference.detector import Detector
from inference.frame import ImageBGR
from inference.stays.families import LIGHT_VEHICLES, PEOPLE, VEHICLES

PRIVATE_CLASSES = PEOPLE.classes | VEHICLES.classes | LIGHT_VEHICLES.classes
"""Whoever has a face, whatever carries a plate."""
TILES = 2
TILE_OVERLAP = 0.2


def private_boxes(detector: Detector, picture: ImageBGR) -> tuple[Box, ...] | None:
    """Boxes of people and vehicles in pixels of `picture`, or None where the detector does not know people or cars.

    Looks at the whole picture and again at four overlapping quarters at twice the resolution: for a copy that
    strangers will see, somebody small is as private as somebody near, and a box too many does no harm.
    """
    if not (PEOPLE.classes & set(detector.names) and VEHICLES.classes & set(detector.names)):
        return None
    height, width = picture.shape[:2]
    found = [d.box for d in detector.detect(picture) if d.name in PRIVATE_CLASSES]
    side_x, side_y = round(width * (1 + TILE_OVERLAP) / TILES), round(height * (1 + TILE_OVERLAP) / TILES)
    for left in (0, width - side_x):
        for top in (0, height - side_y):
            tile = picture[top : top + side_y, left : left + side_x]
            found += [
                (x1 + left, y1 + top, x2 + left, y2 + top)
                for x1, y1, x2, y2 in (d.box for d in detector.detect(tile) if d.name in PRIVATE_CLASSES)
            ]
    return tuple(found)
