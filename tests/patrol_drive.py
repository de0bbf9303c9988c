"""A straight street through which a patrol vehicle drives, drawn from its objects in space, and a detector that knows
what was drawn. Boxes are projected from whole bodies, so that they owe nothing to the formulas that are tested."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import cos, radians, sin, tan

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.detections import Box, Detections
from inference.evidence.spool import MemorySpool
from inference.findings import Finding
from inference.frame import Frame, ImageBGR, SizeWH
from inference.geo import LatLon
from inference.patrol.camera import PatrolCamera
from inference.patrol.dossier import DossierWriter
from inference.patrol.fix import Fix
from inference.patrol.inspector import CitySites, PatrolInspector, PatrolSeeing
from inference.patrol.pictures import SitePictures
from inference.patrol.rules.rule import PatrolRule
from inference.patrol.rules.table import patrol_rules
from inference.patrol.site_book import SiteBook
from inference.patrol.street_map import StreetMap
from inference.patrol.track import Track
from inference.sources.pictures import ArrayPicture

SIZE: SizeWH = (640, 360)
START = datetime(2026, 5, 14, 4, 0, tzinfo=UTC)
ORIGIN = LatLon(lat=31.2304, lon=121.4737)
NAMES = ("car", "bus", "truck", "motorcycle", "person", "garbage", "bin_overflow", "stall", "umbrella")
BODIES = {
    "car": (4.6, 1.8, 1.5), "bus": (11.0, 2.5, 3.0), "truck": (6.5, 2.2, 2.6), "motorcycle": (1.8, 0.7, 1.3),
    "person": (0.4, 0.5, 1.7), "garbage": (0.9, 0.9, 0.5), "bin_overflow": (1.0, 1.0, 1.4), "stall": (2.0, 1.5, 2.0),
    "umbrella": (1.8, 1.8, 2.2),
}  # fmt: skip
BRAKES = 2.0
"""m/s²."""
SEEN_FROM = 0.6
"""Share of a box that nothing hides, from which the detector sees it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One object: metres along the street and to the right of its middle, when, how fast, and how it looks."""

    name: str
    along: float
    aside: float
    speed: float = 0.0
    since: float = -1e9
    until: float = 1e9
    seed: int = 0
    confidence: float = 0.85

    def at(self, second: float) -> tuple[float, float] | None:
        """Where it is, metres along and aside."""
        return (self.along + self.speed * second, self.aside) if self.since <= second < self.until else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """One pass: begins `starts` seconds after `START`, from and to metres along the street."""

    starts: float = 0.0
    begins: float = -30.0
    ends: float = 60.0
    speed: float = 8.0
    aside: float = 0.0
    every: float = 0.25
    gps_error: tuple[float, float] = (0.0, 0.0)
    jitter: float = 0.2
    seed: int = 1
    halt: float | None = None
    """Metres along at which it stops for a minute."""

    @property
    def seconds(self) -> float:
        """How long it takes."""
        return (self.ends - self.begins) / self.speed + (60.0 if self.halt is not None else 0.0)

    def along(self, second: float) -> float:
        """Metres along the street at a second of the pass; it brakes before it halts."""
        way = self.begins + self.speed * second
        if self.halt is None:
            return way
        braking = self.speed**2 / (2 * BRAKES)
        into = (way - (self.halt - braking)) / self.speed
        if into <= 0:
            return way
        slow = min(into, self.speed / BRAKES)
        return max(self.halt - braking + self.speed * slow - BRAKES * slow**2 / 2, way - 60.0 * self.speed)


@dataclass(kw_only=True)
class Town:
    """The street, its vehicle and everything that is remembered of it."""

    things: list[Thing] = field(default_factory=list[Thing])
    bearing: float = 70.0
    camera: PatrolCamera = field(default_factory=PatrolCamera)
    size: SizeWH = SIZE
    streets: StreetMap | None = None
    book: SiteBook = field(default_factory=SiteBook)
    rules: tuple[PatrolRule, ...] = field(default_factory=patrol_rules)
    shown: Detections | None = None

    def __post_init__(self) -> None:
        spool, store = MemorySpool(), MemorySpool()
        dossiers = DossierWriter(pictures=spool, store=store, detector=self, timezone=UTC)
        self.store = store
        self.sites = CitySites(book=self.book, pictures=SitePictures(spool), dossiers=dossiers)
        self.spool = MemorySpool()

    def add(self, name: str, along: float, aside: float, **more: float) -> "Town":
        """Put something there."""
        seed = int(more.pop("seed", len(self.things) + 7))
        self.things.append(Thing(name=name, along=along, aside=aside, seed=seed, **more))
        return self

    def where(self, along: float, aside: float) -> LatLon:
        """WGS84 of a point in the street."""
        b = radians(self.bearing)
        return ORIGIN.moved(along * sin(b) + aside * cos(b), along * cos(b) - aside * sin(b))

    def track(self, drive: Drive, hz: float = 2.0) -> Track:
        """What the receiver wrote: an error that all fixes share, and one of each."""
        rng = np.random.default_rng(drive.seed)
        count = int(drive.seconds * hz) + 1
        noise = rng.normal(0, drive.jitter, (count, 2))
        return Track(
            [
                Fix(
                    at=START + timedelta(seconds=drive.starts + k / hz),
                    where=self.where(drive.along(k / hz), drive.aside).moved(
                        drive.gps_error[0] + float(noise[k, 0]), drive.gps_error[1] + float(noise[k, 1])
                    ),
                    accuracy=2.5,
                )
                for k in range(count)
            ]
        )

    def inspector(self, drive: Drive, vehicle: str = "van", remembered: bytes | None = None) -> PatrolInspector:
        """Whoever looks at a pass."""
        seeing = PatrolSeeing(
            detector=self, opens_at=dict.fromkeys(NAMES, 0.5), keeps_at=0.2, rules=self.rules, streets=self.streets
        )
        started = START + timedelta(seconds=drive.starts)
        return PatrolInspector(
            vehicle, self.camera, seeing, self.sites, self.spool, started=started, remembered=remembered
        )

    def found(self, drive: Drive, vehicle: str = "van") -> list[Finding]:
        """The findings of one pass."""
        inspector, track = self.inspector(drive, vehicle), self.track(drive)
        findings: list[Finding] = []
        for frame in self.frames(drive, vehicle):
            findings += inspector.look(frame, track.at(frame.captured_at)).findings
        return [*findings, *inspector.finish()]

    def frames(self, drive: Drive, vehicle: str = "van") -> Iterator[Frame]:
        """The pictures of one pass; the detector sees what is in the last one."""
        for number in range(int(drive.seconds / drive.every)):
            second = number * drive.every
            pixels, self.shown = self._look(drive, second)
            at = START + timedelta(seconds=drive.starts + second)
            yield Frame(camera=vehicle, captured_at=at, pts=second, picture=ArrayPicture(pixels=pixels))

    @property
    def names(self) -> tuple[str, ...]:
        """As a detector has them."""
        return NAMES

    def input_wh_for(self, size_wh: SizeWH) -> SizeWH:
        """As a detector says."""
        return size_wh

    def detect(self, picture: ImageBGR, full_wh: SizeWH | None = None) -> Detections:
        """What the last picture shows."""
        assert self.shown is not None
        return self.shown

    def box(self, along: float, aside: float, body: tuple[float, float, float], drive: Drive, second: float) -> Box:
        """Pixels of a body whose middle stands there, unclipped; outside the picture where it is behind the camera."""
        length, width, height = body
        corners = [
            self.pixel(along + dx - drive.along(second), aside + dy - drive.aside, z)
            for dx in (-length / 2, length / 2)
            for dy in (-width / 2, width / 2)
            for z in (0.0, height)
        ]
        if any(corner is None for corner in corners):
            return -1.0, -1.0, -1.0, -1.0
        xs, ys = zip(*(corner for corner in corners if corner is not None), strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    def pixel(self, ahead: float, right: float, up: float) -> tuple[float, float] | None:
        """Where a point relative to the vehicle is seen."""
        camera, (width, height) = self.camera, self.size
        turn, pitch = radians(camera.heading_offset), radians(camera.pitch)
        forward, aside = ahead * cos(turn) + right * sin(turn), right * cos(turn) - ahead * sin(turn)
        down = camera.height - up
        depth = forward * cos(pitch) + down * sin(pitch)
        if depth < 0.5:
            return None
        focal = width / 2 / tan(radians(camera.field_of_view) / 2)
        return width / 2 + focal * aside / depth, height / 2 + focal * (
            down * cos(pitch) - forward * sin(pitch)
        ) / depth

    def _look(self, drive: Drive, second: float) -> tuple[ImageBGR, Detections]:
        pixels = _scenery(drive.along(second), self.size)
        owner: NDArray[np.int16] = np.full((self.size[1], self.size[0]), -1, np.int16)
        boxes: dict[int, Box] = {}
        now = drive.starts + second
        present = [(i, t, p) for i, t in enumerate(self.things) if (p := t.at(now)) is not None]
        for i, thing, (along, aside) in sorted(present, key=lambda item: -(item[2][0] - drive.along(second))):
            box = self.box(along, aside, BODIES[thing.name], drive, second)
            x1, y1 = max(0, round(box[0])), max(0, round(box[1]))
            x2, y2 = min(self.size[0], round(box[2])), min(self.size[1], round(box[3]))
            if x2 - x1 < 6 or y2 - y1 < 6:
                continue
            pixels[y1:y2, x1:x2] = _texture(thing.seed, (x2 - x1, y2 - y1))
            owner[y1:y2, x1:x2] = i
            boxes[i] = (float(x1), float(y1), float(x2), float(y2))
        return pixels, self._detections(boxes, owner)

    def _detections(self, boxes: dict[int, Box], owner: NDArray[np.int16]) -> Detections:
        rows: list[tuple[Box, float, int]] = []
        for i, box in boxes.items():
            x1, y1, x2, y2 = (int(v) for v in box)
            if float((owner[y1:y2, x1:x2] == i).mean()) >= SEEN_FROM:
                rows.append((box, self.things[i].confidence, NAMES.index(self.things[i].name)))
        return Detections(
            xyxy=np.array([r[0] for r in rows], np.float32).reshape(-1, 4),
            confidence=np.array([r[1] for r in rows], np.float32),
            class_id=np.array([r[2] for r in rows], np.int64),
            names=NAMES,
        )


def _scenery(along: float, size: SizeWH) -> ImageBGR:
    rng = np.random.default_rng(abs(round(along * 10)))
    coarse = rng.integers(60, 200, (36, 64, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(coarse, size, interpolation=cv2.INTER_NEAREST), np.uint8)


def _texture(seed: int, size: SizeWH) -> ImageBGR:
    coarse = np.random.default_rng(seed).integers(0, 255, (5, 5, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(coarse, size, interpolation=cv2.INTER_LINEAR), np.uint8)
