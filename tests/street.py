"""A drawn street with a detector that knows what was drawn: builders for everything behind the camera."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import cv2
import numpy as np

from inference.camera import CameraView
from inference.detections import Box, Detections
from inference.evidence.spool import MemorySpool
from inference.evidence.store import EvidenceStore
from inference.findings import Finding
from inference.frame import Frame, ImageBGR, SizeWH
from inference.gate import Gate
from inference.geo import LatLon
from inference.pipeline import Inspector, Keeping, Look, Seeing
from inference.rules.rule import Dwell
from inference.rules.table import all_rules
from inference.sources.pictures import ArrayPicture
from inference.zones.zone import WHOLE_PICTURE, Zone, ZoneKind

SIZE: SizeWH = (640, 360)
START = datetime(2026, 5, 14, 4, 0, tzinfo=UTC)  # noon in Shanghai


def noon_and(*, minutes: int) -> time:
    """The city's clock so many minutes after the street begins."""
    return time(12, minutes)


NAMES = (
    "car",
    "bus",
    "truck",
    "motorcycle",
    "tricycle",
    "person",
    "garbage",
    "bin",
    "bin_overflow",
    "stall",
    "umbrella",
    "bench",
)

Place = Callable[[float], Box | None]


def standing(box: Box) -> Place:
    """Always in the same place."""
    return lambda _: box


View = tuple[float, float, float]
"""Zoom, and the shift right and down in pixels that follows it."""


def _always_day(_: float) -> float:
    return 1.0


def _always_colour(_: float) -> bool:
    return False


def _fixed_view(_: float) -> View:
    return 1.0, 0.0, 0.0


@dataclass(slots=True, kw_only=True)
class Thing:
    """Something in the street: where it is at second `t`, what it looks like, and what the detector makes of it."""

    name: str
    place: Place
    seed: int
    confidence: Callable[[float], float]
    called: Callable[[float], str]


@dataclass(slots=True, kw_only=True)
class Street:
    """A street seen by one camera. Things are drawn in the order in which they were added, later ones in front."""

    size: SizeWH = SIZE
    things: list[Thing] = field(default_factory=list[Thing])
    light: Callable[[float], float] = _always_day
    view: Callable[[float], View] = _fixed_view
    scenery: int = 1
    infrared: Callable[[float], bool] = _always_colour
    now: float = 0.0

    def add(
        self,
        name: str,
        box: Box,
        *,
        since: float = 0.0,
        until: float = 1e9,
        confidence: float | Callable[[float], float] = 0.8,
        called: Callable[[float], str] | None = None,
        place: Place | None = None,
        seed: int | None = None,
    ) -> "Street":
        """Put something into the street that stands in `box` (pixels) from `since` to `until`, or moves as `place`."""

        def where(t: float) -> Box | None:
            return (place or standing(box))(t) if since <= t < until else None

        def sure(t: float) -> float:
            return confidence(t) if callable(confidence) else confidence

        self.things.append(
            Thing(
                name=name,
                place=where,
                seed=len(self.things) + 10 if seed is None else seed,
                confidence=sure,
                called=called or (lambda _: name),
            )
        )
        return self

    def drive(
        self, name: str, *, since: float, speed: float, y: float, size: SizeWH, seed: int | None = None
    ) -> "Street":
        """Let something drive through from left to right with `speed` pixels a second, its lower edge at `y`."""
        width, height = size

        def place(t: float) -> Box | None:
            x = -width + speed * (t - since)
            return (x, y - height, x + width, y) if x < self.size[0] else None

        return self.add(name, (0, 0, 1, 1), since=since, place=place, seed=seed)

    def frames(self, *, until: float, every: float = 2.0, since: float = 0.0, camera: str = "cam") -> Iterator[Frame]:
        """The frames from `since` to `until`; each sets `now`, so take them one after the other."""
        for step in range(round((until - since) / every) + 1):
            self.now = since + step * every
            yield Frame(
                camera=camera,
                captured_at=START + timedelta(seconds=self.now),
                pts=self.now,
                picture=ArrayPicture(pixels=self._picture(self.now)),
            )

    def detector(self) -> "StreetDetector":
        """A detector that sees what stands in the street now."""
        return StreetDetector(street=self)

    def boxes(self, t: float) -> list[tuple[Box, float, str]]:
        """What the camera shows at `t`: boxes in pixels of the picture, confidence, name."""
        zoom, right, down = self.view(t)
        shown: list[tuple[Box, float, str]] = []
        for thing in self.things:
            box = thing.place(t)
            if box is None:
                continue
            x1, y1, x2, y2 = box
            seen = (x1 * zoom + right, y1 * zoom + down, x2 * zoom + right, y2 * zoom + down)
            cut = (
                max(0.0, seen[0]),
                max(0.0, seen[1]),
                min(float(self.size[0]), seen[2]),
                min(float(self.size[1]), seen[3]),
            )
            if cut[2] - cut[0] > 4 and cut[3] - cut[1] > 4:
                shown.append((cut, thing.confidence(t), thing.called(t)))
        return shown

    def _picture(self, t: float) -> ImageBGR:
        picture = _texture(self.scenery, self.size, 40, 200).copy()
        for thing in self.things:
            box = thing.place(t)
            if box is not None:
                _paint(picture, box, thing.seed)
        zoom, right, down = self.view(t)
        if (zoom, right, down) != (1.0, 0.0, 0.0):
            matrix = np.array([[zoom, 0, right], [0, zoom, down]], np.float64)
            picture = cv2.warpAffine(picture, matrix, self.size, borderMode=cv2.BORDER_REFLECT)
        lit = cv2.convertScaleAbs(picture, alpha=self.light(t))
        if self.infrared(t):
            lit = _by_lamp(np.asarray(lit, np.uint8))
        noise = np.roll(_noise(self.size), int(t * 7919) % 997, axis=1)
        if self.infrared(t):
            noise = np.repeat(noise[:, :, :1], 3, axis=2)
        return np.asarray(cv2.add(lit, noise), np.uint8)


@dataclass(slots=True, kw_only=True)
class StreetDetector:
    """Knows what was drawn. `hidden_share`: things covered by more than this are not seen."""

    street: Street
    hidden_share: float = 0.6
    names: tuple[str, ...] = NAMES

    def input_wh_for(self, size_wh: SizeWH) -> SizeWH:
        """The size it is drawn in."""
        return size_wh

    def detect(self, picture: ImageBGR, full_wh: SizeWH | None = None) -> Detections:
        """What is in the street at `street.now`, less what something in front hides."""
        shown = self.street.boxes(self.street.now)
        seen = [one for i, one in enumerate(shown) if not self._hidden(one[0], [b for b, _, _ in shown[i + 1 :]])]
        seen = [one for one in seen if one[1] > 0.05]
        scale = 1.0 if full_wh is None else full_wh[0] / self.street.size[0]
        return Detections(
            xyxy=np.array([box for box, _, _ in seen], np.float32).reshape(-1, 4) * np.float32(scale),
            confidence=np.array([confidence for _, confidence, _ in seen], np.float32),
            class_id=np.array([self.names.index(name) for _, _, name in seen], np.int64),
            names=self.names,
        )

    def _hidden(self, box: Box, in_front: list[Box]) -> bool:
        mask = np.zeros((60, 60), bool)
        for other in in_front:
            x1, x2 = ((v - box[0]) / (box[2] - box[0]) * 60 for v in (other[0], other[2]))
            y1, y2 = ((v - box[1]) / (box[3] - box[1]) * 60 for v in (other[1], other[3]))
            mask[max(0, round(y1)) : max(0, round(y2)), max(0, round(x1)) : max(0, round(x2))] = True
        return bool(mask.mean() > self.hidden_share)


def zone(kind: ZoneKind, **more: object) -> Zone:
    """A zone over the whole picture, unless `points` says otherwise."""
    return Zone(**({"id": kind.value, "kind": kind, "points": WHOLE_PICTURE} | more))  # pyright: ignore[reportArgumentType]


EVERYTHING = (zone(ZoneKind.NO_PARKING), zone(ZoneKind.NO_STALLS), zone(ZoneKind.KEEP_CLEAN))


def inspector(
    street: Street,
    *,
    zones: tuple[Zone, ...] = EVERYTHING,
    dwell: float | None = 12.0,
    moving: bool = False,
    gate: Gate | None = None,
    remembered: bytes | None = None,
    spool: MemorySpool | None = None,
    store: EvidenceStore | None = None,
    position: LatLon | None = None,
) -> Inspector:
    """An inspector of `street` that looks at every frame and keeps evidence in memory."""
    return Inspector(
        CameraView(id="cam", zones=zones, moving=moving, position=position),
        Seeing(
            detector=street.detector(),
            opens_at=dict.fromkeys(NAMES, 0.35),
            keeps_at=0.15,
            rules=all_rules(Dwell(override=dwell)),
        ),
        Keeping(spool=spool or MemorySpool(), store=store or MemorySpool(), timezone=ZoneInfo("Asia/Shanghai")),
        gate=gate or Gate(timedelta(0)),
        remembered=remembered,
    )


def looks(street: Street, watcher: Inspector, **span: float) -> list[Look]:
    """Every look of `watcher` at the frames of a span of time."""
    return [watcher.look(frame) for frame in street.frames(**span)]  # pyright: ignore[reportArgumentType]


def found(street: Street, watcher: Inspector | None = None, **span: float) -> list[Finding]:
    """All findings in a span of time."""
    return [f for look in looks(street, watcher or inspector(street), **span) for f in look.findings]


def _by_lamp(picture: ImageBGR) -> ImageBGR:
    """What the camera shows of a street by night: no colour, other brightness, a lamp that lights the middle."""
    height, width = picture.shape[:2]
    y, x = np.mgrid[0:height, 0:width]
    lamp = 0.15 + 1.1 * np.exp(-3 * ((x / width - 0.5) ** 2 + (y / height - 0.55) ** 2) / 0.25)
    grey = picture @ np.array([0.1, 0.2, 0.7]) * lamp
    return np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)


@cache
def _noise(size: SizeWH) -> ImageBGR:
    return np.random.default_rng(0).integers(0, 6, (size[1], size[0], 3)).astype(np.uint8)


@cache
def _texture(seed: int, size: SizeWH, low: int, high: int) -> ImageBGR:
    rng = np.random.default_rng(seed)
    width, height = size
    coarse = rng.integers(low, high, (max(2, height // 24), max(2, width // 24), 3)).astype(np.uint8)
    smooth = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    fine = rng.normal(0, 10, (max(2, height // 3), max(2, width // 3)))
    grain = cv2.resize(fine, (width, height), interpolation=cv2.INTER_LINEAR).reshape(height, width, 1)
    return np.clip(smooth + grain, 0, 255).astype(np.uint8)


def _paint(picture: ImageBGR, box: Box, seed: int) -> None:
    height, width = picture.shape[:2]
    x1, y1, x2, y2 = (round(v) for v in box)
    patch = _texture(seed, (max(2, x2 - x1), max(2, y2 - y1)), 0, 256)
    left, top, right, bottom = max(0, x1), max(0, y1), min(width, x2), min(height, y2)
    if left < right and top < bottom:
        picture[top:bottom, left:right] = patch[top - y1 : bottom - y1, left - x1 : right - x1]
