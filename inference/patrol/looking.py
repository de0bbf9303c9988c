"""What one frame shows: every object that rules need, placed on the ground."""

from collections.abc import Sequence

import cv2
import numpy as np

from inference.detections import Detections
from inference.detector import Detector
from inference.frame import Frame, ImageBGR, ImageLuma
from inference.patrol.camera import PatrolCamera
from inference.patrol.following import Seen
from inference.patrol.footprint import footprint_of
from inference.patrol.ground import placed
from inference.patrol.plates import PlateReader
from inference.patrol.pose import Pose
from inference.patrol.quality import QUALITY_WH
from inference.patrol.rows import rows_of
from inference.patrol.rules.rule import NEAR_ENOUGH_METRES
from inference.patrol.sighting import Sighting
from inference.stays.appearance import patch_of
from inference.stays.boxes import anybody_at, in_pixels
from inference.stays.families import PEOPLE, VEHICLES
from inference.stays.matching import Candidate, candidates_of


def small_picture(frame: Frame, detector: Detector) -> ImageBGR:
    """The picture as small as the detector can bear: everything but the evidence is done on it."""
    return frame.picture.bgr(detector.input_wh_for(frame.picture.size_wh))


def grey_of(small: ImageBGR) -> ImageLuma:
    """The picture in grey, for its quality."""
    return np.asarray(
        cv2.cvtColor(cv2.resize(small, QUALITY_WH, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY), np.uint8
    )


def seen_in(
    frame: Frame, detections: Detections, small: ImageBGR, camera: PatrolCamera, pose: Pose, keeps_at: float
) -> list[Seen]:
    """Everything above `keeps_at` that can be placed.

    Args:
        frame: that was looked at.
        detections: in pixels of the full picture.
        small: the picture of any size, for what things look like.
        camera: calibration.
        pose: of the frame.
        keeps_at: least confidence, 0..1.
    """
    size_wh = frame.picture.size_wh
    candidates = [c for c in candidates_of(list(detections), size_wh) if c.confidence >= keeps_at]
    people = [c.box for c in candidates if c.family is PEOPLE]
    found: list[tuple[Candidate, Sighting]] = []
    for candidate in candidates:
        place = placed(candidate.box, size_wh, footprint_of(candidate.name), camera, pose)
        if place is None:
            continue
        sighting = Sighting(
            at=pose.at,
            object_class=candidate.name,
            confidence=min(1.0, candidate.confidence),
            box=candidate.box,
            where=place.where,
            own=place.own,
            shared=pose.position_error,
            seen_from=pose.where,
            right=place.right,
            ahead=place.ahead,
            patch=patch_of(small, in_pixels(candidate.box, (small.shape[1], small.shape[0]))),
            attended=candidate.family is not PEOPLE and anybody_at(candidate.box, people),
        )
        found.append((candidate, sighting))
    return _in_rows(found)


def with_plates(seen: Sequence[Seen], frame: Frame, reader: PlateReader) -> list[Seen]:
    """The same, with the plates of near vehicles read."""
    picture = frame.picture.bgr()
    height, width = picture.shape[:2]
    read: list[Seen] = []
    for one in seen:
        s = one.sighting
        if one.family == VEHICLES.name and s.distance <= NEAR_ENOUGH_METRES:
            x1, y1, x2, y2 = (max(0, round(value)) for value in in_pixels(s.box, (width, height)))
            plate = reader.read(picture[y1:y2, x1:x2]) if x2 > x1 and y2 > y1 else None
            one = one.with_plate(plate)  # the same sighting, knowing more
        read.append(one)
    return read


def _in_rows(found: Sequence[tuple[Candidate, Sighting]]) -> list[Seen]:
    vehicles = [i for i, (candidate, _) in enumerate(found) if candidate.family is VEHICLES]
    lengths = dict(zip(vehicles, rows_of([(found[i][1].right, found[i][1].ahead) for i in vehicles]), strict=True))
    return [
        Seen(sighting=sighting, family=candidate.family.name, in_row=lengths.get(i, 1))
        for i, (candidate, sighting) in enumerate(found)
    ]
