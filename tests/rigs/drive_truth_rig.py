"""A patrol drive with exact truth, through the path of moving eyes: what was found, and how far off.

The detector is one that sees every box of the truth that is visible by half or more, its edges off by a few pixels; so
what is measured is geometry, following, sites and rules, not the model.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from shapely import Polygon

from inference.detections import Detections
from inference.evidence.spool import MemorySpool
from inference.findings import Finding
from inference.frame import Frame, ImageBGR, SizeWH
from inference.geo import LatLon
from inference.patrol.camera import PatrolCamera
from inference.patrol.dossier import DossierWriter
from inference.patrol.inspector import CitySites, PatrolInspector, PatrolSeeing
from inference.patrol.pictures import SitePictures
from inference.patrol.readers import read_track
from inference.patrol.rules.table import patrol_rules
from inference.patrol.site_book import SiteBook
from inference.patrol.street_map import Ground, StreetMap, StreetPart
from inference.sources.pictures import ArrayPicture

NAMES = (
    "car", "bus", "truck", "motorcycle", "bicycle", "person", "garbage", "bin", "bin_overflow", "stall", "tricycle"
)  # fmt: skip
EDGE_ERROR = 0.015
"""One standard deviation, of the height of a box."""
SAME_METRES = 8.0


class TruthDetector:
    """Sees what the truth says of the last picture."""

    def __init__(self) -> None:
        self.shown = _detections([])

    @property
    def names(self) -> tuple[str, ...]:
        """As a detector has them."""
        return NAMES

    def input_wh_for(self, size_wh: SizeWH) -> SizeWH:
        """As a detector says."""
        return size_wh

    def detect(self, picture: ImageBGR, full_wh: SizeWH | None = None) -> Detections:
        """What is in it."""
        return self.shown


@dataclass(slots=True, kw_only=True)
class Score:
    """What came of drives: due findings that were made, others, due ones that were not, and metres off."""

    hits: int = 0
    wrong: list[str] = field(default_factory=list[str])
    missed: list[str] = field(default_factory=list[str])
    metres: list[float] = field(default_factory=list[float])

    @property
    def recall(self) -> float:
        """Share of the due findings."""
        return self.hits / (self.hits + len(self.missed))

    @property
    def precision(self) -> float:
        """Share of the findings."""
        return self.hits / (self.hits + len(self.wrong))


def score_drive(folder: Path, score: Score) -> None:
    """Add to `score` what comes of a drive whose truth lies in `folder` (`drive.json`, `pass-1.json`, …)."""
    drive: dict[str, Any] = json.loads((folder / "drive.json").read_text(encoding="utf-8"))
    detector, pictures = TruthDetector(), MemorySpool()
    dossiers = DossierWriter(pictures=pictures, store=MemorySpool(), detector=detector, timezone=UTC)
    sites = CitySites(book=SiteBook(), pictures=SitePictures(pictures), dossiers=dossiers)
    seeing = PatrolSeeing(
        detector=detector, opens_at=dict.fromkeys(NAMES, 0.5), keeps_at=0.2, rules=patrol_rules(), streets=_map(drive)
    )
    found: list[Finding] = []
    for number, head in enumerate(drive["passes"], start=1):
        started = datetime.fromisoformat(head["start"]).astimezone(UTC)
        inspector = PatrolInspector("van", _camera(drive), seeing, sites, MemorySpool(), started=started)
        track = read_track(folder / head["track"]).track
        for frame in _frames(drive, folder / f"pass-{number}.json", started, detector, number):
            found += inspector.look(frame, track.at(frame.captured_at)).findings
        found += inspector.finish()
    _compare(found, drive, score)


def _compare(found: list[Finding], drive: dict[str, Any], score: Score) -> None:
    due: list[dict[str, Any]] = list(drive["findings"])
    for finding in found:
        assert finding.where is not None
        ranked = sorted(
            (finding.where.metres_to(_place(one["lat_lon"])), n)
            for n, one in enumerate(due)
            if one["kind"] == finding.kind
        )
        if ranked and ranked[0][0] <= SAME_METRES:
            score.hits += 1
            score.metres.append(ranked[0][0])
            del due[ranked[0][1]]
        else:
            score.wrong.append(f"{drive['drive']}: {finding.kind} {finding.object_class}, {finding.rule}")
    score.missed += [f"{drive['drive']}: {one['kind']} {one['object']}" for one in due]


def _frames(
    drive: dict[str, Any], path: Path, started: datetime, detector: TruthDetector, seed: int
) -> Iterator[Frame]:
    rng = np.random.default_rng(seed)
    looks = {
        name: np.random.default_rng(n).integers(0, 255, (5, 5, 3), np.uint8) for n, name in enumerate(drive["classes"])
    }
    width, height = drive["size"]
    for row in json.loads(path.read_text(encoding="utf-8"))["frames"]:
        pixels = _scenery(round(row["at"] * 70), (width, height))
        boxes: list[tuple[NDArray[np.float64], str]] = []
        for thing in sorted(row["objects"], key=lambda thing: -thing["metres"]):
            x1, y1, x2, y2 = (round(v) for v in thing["box"])
            if x2 - x1 > 3 and y2 - y1 > 3:
                size = (x2 - x1, y2 - y1)
                pixels[y1:y2, x1:x2] = cv2.resize(looks[thing["id"]], size, interpolation=cv2.INTER_LINEAR)
            name = drive["classes"][thing["id"]]
            if thing["visible"] >= 0.5 and x2 - x1 > 8 and name in NAMES:
                boxes.append((np.array(thing["box"]) + rng.normal(0, EDGE_ERROR * (y2 - y1), 4), name))
        detector.shown = _detections(boxes)
        at = started + timedelta(seconds=row["at"])
        yield Frame(camera="van", captured_at=at, pts=row["at"], picture=ArrayPicture(pixels=pixels))


def _detections(boxes: list[tuple[NDArray[np.float64], str]]) -> Detections:
    return Detections(
        xyxy=np.array([box for box, _ in boxes], np.float32).reshape(-1, 4),
        confidence=np.full(len(boxes), 0.8, np.float32),
        class_id=np.array([NAMES.index(name) for _, name in boxes], np.int64),
        names=NAMES,
    )


def _scenery(seed: int, size: SizeWH) -> ImageBGR:
    coarse = np.random.default_rng(seed).integers(60, 200, (36, 64, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(coarse, size, interpolation=cv2.INTER_NEAREST), np.uint8)


def _camera(drive: dict[str, Any]) -> PatrolCamera:
    told = drive["camera"]
    return PatrolCamera(
        height=told["height"], pitch=-told["pitch"], field_of_view=told["fov"], heading_offset=told["yaw"]
    )


def _map(drive: dict[str, Any]) -> StreetMap:
    return StreetMap(
        [
            StreetPart(id=z["id"], ground=Ground(z["kind"]), outline=Polygon([(lon, lat) for lat, lon in z["polygon"]]))
            for z in drive["zones"]
            if z["kind"] in set(Ground)
        ]
    )


def _place(lat_lon: list[float]) -> LatLon:
    return LatLon(lat=lat_lon[0], lon=lat_lon[1])
