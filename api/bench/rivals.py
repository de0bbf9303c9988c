"""Ways of watching a camera that are held against each other: each goes through the same clip, a piece at a time."""

import json
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from api.bench.measuring import EVERY_PICTURE, NOON
from api.bench.street_events import Event, StandingTracks, Tracked
from api.errors import BenchError
from api.work.camera_run import TakesLooks
from inference.camera import CameraView
from inference.detections import Detections
from inference.detector import OnnxDetector
from inference.frame import ImageLuma
from inference.pipeline import Inspector, Keeping, Seeing
from inference.sources.video_file import VideoFile

NVR_STEP = 0.2
"""Seconds: five pictures a second are looked at."""
NVR_WH = (320, 180)
NVR_MOTION = 25
"""Grey levels by which a pixel differs from the background that fades into the picture."""
NVR_LEAST_SHARE = 0.002
NVR_FADE = 0.02
NVR_STILL_SECONDS = 10.0
"""What stands is looked at again after so long, or it would be lost."""
NVR_SAME = 0.5
"""Overlap (IoU) from which a detection is the object that was there before."""


class Rival(Protocol):
    """One way of watching.

    Attributes:
        name: what it is called.
        looks: pictures that the detector was given.
        spent: processor seconds so far.
    """

    name: str
    looks: int
    spent: float

    def go(self, until: float) -> None:
        """Watch up to that second of the clip."""
        ...

    @property
    def events(self) -> Sequence[Event]:
        """What it has found so far."""
        ...

    def close(self) -> None:
        """Let go of the clip."""
        ...


class DecodeOnly:
    """Reads everything, decodes key pictures, looks at nothing: what no way of watching can beat."""

    name = "decode only"

    def __init__(self, clip: Path) -> None:
        self.looks, self.spent = 0, 0.0
        self.events: Sequence[Event] = ()
        self._frames = VideoFile(clip, camera="bench", started_at=NOON).frames()

    def go(self, until: float) -> None:
        """See `Rival.go`."""
        began = time.process_time()
        for frame in self._frames:
            if frame.pts >= until:
                break
        self.spent += time.process_time() - began

    def close(self) -> None:
        """See `Rival.close`."""
        self._frames.close()


class Ours:
    """The path of `jiexun work`: key pictures, gate, detector, stays, rules, evidence, every look written down."""

    name = "jiexun"

    def __init__(self, clip: Path, view: CameraView, seeing: Seeing, keeping: Keeping, intake: TakesLooks) -> None:
        self.looks, self.spent, self.pictures = 0, 0.0, 0
        self.events: list[Event] = []
        self._intake = intake
        self._inspector = Inspector(view, seeing, keeping)
        self._frames = VideoFile(clip, camera=view.id, started_at=NOON).frames()

    def go(self, until: float) -> None:
        """See `Rival.go`."""
        began = time.process_time()
        for frame in self._frames:
            look = self._inspector.look(frame)
            self.pictures += 1
            if not look.gated:
                self.looks += 1
                self._intake.record_look(
                    camera=frame.camera,
                    memory=self._inspector.memory(),
                    position=frame.pts,
                    captured_at=frame.captured_at,
                    findings=look.findings,
                )
            self.events += [Event(found.kind.value, found.zone) for found in look.findings]
            if frame.pts >= until:
                break
        self.spent += time.process_time() - began

    def close(self) -> None:
        """See `Rival.close`."""
        self._frames.close()


class MotionRegions:
    """The usual recorder's way: decode everything, five pictures a second, the detector where something moves."""

    name = "5 fps, motion regions"

    def __init__(self, clip: Path, view: CameraView, detector: OnnxDetector) -> None:
        self.looks, self.spent = 0, 0.0
        self._detector = detector
        self._tracks = StandingTracks(view.zones)
        self._frames = VideoFile(clip, camera=view.id, started_at=NOON, every=EVERY_PICTURE).frames()
        self._next = 0.0
        self._background: NDArray[np.float32] | None = None
        self._looked_at = -NVR_STILL_SECONDS
        self._known: list[Tracked] = []
        self._ids = 0

    @property
    def events(self) -> Sequence[Event]:
        """See `Rival.events`."""
        return [event for _, event in self._tracks.events]

    def go(self, until: float) -> None:
        """See `Rival.go`."""
        began = time.process_time()
        for frame in self._frames:
            if frame.pts >= self._next - 1e-6:
                self._next = frame.pts + NVR_STEP
                if self._wants(frame.picture.luma(NVR_WH), frame.pts):
                    self._looked_at = frame.pts
                    self.looks += 1
                    size_wh = frame.picture.size_wh
                    small = frame.picture.bgr(self._detector.input_wh_for(size_wh))
                    self._known = self._followed(self._detector.detect(small, size_wh), size_wh)
                self._tracks.see(frame.pts, self._known)
            if frame.pts >= until:
                break
        self.spent += time.process_time() - began

    def close(self) -> None:
        """See `Rival.close`."""
        self._frames.close()

    def _wants(self, luma: ImageLuma, at: float) -> bool:
        grey = cv2.GaussianBlur(luma, (5, 5), 0).astype(np.float32)
        if self._background is None:
            self._background = grey
        moving = np.abs(grey - self._background) > NVR_MOTION
        self._background += NVR_FADE * (grey - self._background)
        return bool(moving.mean() > NVR_LEAST_SHARE) or at - self._looked_at >= NVR_STILL_SECONDS

    def _followed(self, seen: Detections, size_wh: tuple[int, int]) -> list[Tracked]:
        """The detections, each under the number of the object that it overlaps most with, or a new one."""
        whole = np.array([*size_wh, *size_wh], np.float32)
        free, found = list(self._known), list[Tracked]()
        for box, class_id in zip(seen.xyxy / whole, seen.class_id, strict=True):
            shape = (float(box[0]), float(box[1]), float(box[2]), float(box[3]))
            best = max(free, key=lambda known: _overlap(known.box, shape), default=None)
            if best is not None and _overlap(best.box, shape) >= NVR_SAME:
                free.remove(best)
                number = best.id
            else:
                self._ids = number = self._ids + 1
            found.append(Tracked(id=number, name=seen.names[int(class_id)], box=shape))
        return found


class EveryFrameTracked:
    """`ultralytics YOLO.track` on every picture, with the same weights, in the training environment's own process.

    The process measures itself. What its tracks mean is worked out here, outside of its time.
    """

    name = "YOLO.track, every picture"

    def __init__(self, clip: Path, view: CameraView, python: Path, model: Path) -> None:
        self.looks, self.spent = 0, 0.0
        self._tracks = StandingTracks(view.zones)
        self._child = subprocess.Popen(
            [python, "-m", "training.track_every_frame", clip, model],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._said({"until": 0.0})
        self.looks, self.spent = 0, 0.0  # the first picture, with which everything is set up, is free

    @property
    def events(self) -> Sequence[Event]:
        """See `Rival.events`."""
        return [event for _, event in self._tracks.events]

    def go(self, until: float) -> None:
        """See `Rival.go`."""
        self._said({"until": until})

    def close(self) -> None:
        """See `Rival.close`."""
        self._child.kill()
        self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                pipe.close()

    def _said(self, order: dict[str, float]) -> None:
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        try:
            self._child.stdin.write(json.dumps(order) + "\n")
            self._child.stdin.flush()
            answer = json.loads(self._child.stdout.readline())
        except (OSError, ValueError):
            raise BenchError("YOLO.track ended early, see above; is the training environment whole?") from None
        self.spent += answer["cpu"]
        for picture in answer["pictures"]:
            self.looks += 1
            objects = [Tracked(id=one["id"], name=one["name"], box=tuple(one["box"])) for one in picture["objects"]]
            self._tracks.see(picture["at"], objects)


def race(rivals: Sequence[Rival], *, seconds: float, step: float, told: Callable[[float], None]) -> None:
    """Let all of them go through the clip, each a piece of `step` seconds in turn, and a new one first each time."""
    pieces = max(1, round(seconds / step))
    for piece in range(pieces):
        first = piece % len(rivals)
        for rival in (*rivals[first:], *rivals[:first]):
            rival.go(min(seconds, (piece + 1) * step))
        told((piece + 1) / pieces)


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    if wide <= 0 or high <= 0:
        return 0.0
    both = wide * high
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return both / (areas[0] + areas[1] - both)
