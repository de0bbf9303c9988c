"""The interleaved run: for every key picture of a clip, each thing that is compared is done once, one after the other.

Whatever else the machine does meanwhile slows both sides of a ratio alike. Times are processor time, so work that
OpenCV spreads over cores is counted in full and waiting for a core is not.
"""

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from api.bench.stages import Clock, CountingGate, LappedDetector, LappedPicture, Laps, Stage
from api.city.whole_picture import whole_picture_city
from api.work.seeing import seeing
from inference.detector import OnnxDetector
from inference.detector.letterbox import Canvas
from inference.errors import SourceNotReadable
from inference.evidence.spool import MemorySpool
from inference.frame import Frame
from inference.pipeline import Inspector, Keeping
from inference.sources.video_file import VideoFile

T = TypeVar("T")
CAMERA = "bench"
NOON = datetime(2026, 5, 14, 4, 0, tzinfo=UTC)
LEAST_SAMPLES = 2
PAIRS = 4
"""Comparisons of `detect` with the bare session for each picture; even, so that each goes first as often."""
EVERY_PICTURE = 0.001
"""Seconds; shorter than any camera's step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One key picture; all times in seconds of one core.

    Attributes:
        path: by stage, as the inspector went.
        pairs: bare run of the graph, and `detect`, on this picture.
        read_all: reading and decoding every picture since the last key picture.
        pictures: how many those are.
        interval: seconds of the stream since the last key picture.
    """

    path: dict[Stage, float]
    pairs: tuple[tuple[float, float], ...]
    read_all: float
    pictures: int
    interval: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """What was measured on one clip.

    Attributes:
        samples: one for each key picture, as often as it was walked by.
        gated_share: share of key pictures that the gate holds back, 0..1.
        objects: detections in a picture, on average.
    """

    samples: tuple[Sample, ...]
    gated_share: float
    objects: float


def measure(
    clip: Path,
    detector: OnnxDetector,
    *,
    seconds: float,
    told: Callable[[float], None],
    clock: Clock = time.process_time,
) -> Samples:
    """Walk through the clip again and again for about `seconds`.

    Args:
        clip: a video of a fixed camera.
        detector: the one that is measured.
        seconds: on the monotonic clock.
        told: is told the share of `seconds` that has gone, 0..1.
        clock: what is measured.

    Raises:
        SourceNotReadable: not a video, or too few key pictures of one view to compare.
    """
    began = time.monotonic()
    gone = 0.0
    samples: list[Sample] = []
    walks: list[_Walk] = []
    while gone < 1.0:
        walk = _Walk(clip, detector, clock)
        walks.append(walk)
        with closing(walk.samples()) as measured:
            for sample in measured:
                samples.append(sample)
                gone = min(1.0, (time.monotonic() - began) / seconds)
                told(gone)
                if gone >= 1.0 and len(samples) >= LEAST_SAMPLES:
                    break
        if len(samples) < LEAST_SAMPLES:
            raise SourceNotReadable(
                f"{clip} has fewer than {LEAST_SAMPLES + 1} key pictures of one view; "
                "give a longer clip of a fixed camera, with a key picture every 2 s."
            )
    asked = sum(walk.gate.asked for walk in walks)
    return Samples(
        samples=tuple(samples),
        gated_share=sum(walk.gate.gated for walk in walks) / asked,
        objects=sum(walk.objects for walk in walks) / asked,
    )


class _Walk:
    """Once through a clip, with an inspector that knows nothing yet."""

    def __init__(self, clip: Path, detector: OnnxDetector, clock: Clock) -> None:
        self.laps = Laps(clock)
        self.gate = CountingGate(self.laps)
        self.objects = 0
        self._clip = clip
        self._clock = clock
        self._detector = detector
        city = whole_picture_city(CAMERA)
        sees = replace(seeing(city, detector), detector=LappedDetector(detector, self.laps))
        keeping = Keeping(spool=MemorySpool(), store=MemorySpool(), timezone=city.calendar.zone)
        self._inspector = Inspector(city.view(CAMERA), sees, keeping, gate=self.gate)

    def samples(self) -> Generator[Sample]:
        """One for each key picture but the first, with which files are opened and the view is anchored."""
        with closing(self._frames()) as keys, closing(self._frames(EVERY_PICTURE)) as everything:
            last: Frame | None = None
            while True:
                read, frame = self._timed(lambda: next(keys, None))
                if frame is None:
                    return
                read_all, pictures = self._timed(lambda upto=frame.pts: _taken(everything, upto))
                looked = self._looked(frame)
                if last is not None and looked is not None:
                    yield Sample(
                        path={Stage.READ: read, **looked},
                        pairs=self._pairs(frame),
                        read_all=read_all,
                        pictures=pictures,
                        interval=frame.pts - last.pts,
                    )
                last = frame

    def _frames(self, every: float | None = None) -> Generator[Frame]:
        return VideoFile(self._clip, camera=CAMERA, started_at=NOON, every=every).frames()

    def _looked(self, frame: Frame) -> dict[Stage, float] | None:
        lapped = replace(frame, picture=LappedPicture(frame.picture, self.laps))
        self.laps.start()
        look = self._inspector.look(lapped)
        self.laps.end(Stage.STAYS_AND_RULES)
        if look.detections is None:
            return None
        self.objects += len(look.detections)
        return self.laps.spent

    def _pairs(self, frame: Frame) -> tuple[tuple[float, float], ...]:
        graph = self._detector.graph_for(frame.picture.size_wh)
        small = frame.picture.bgr(graph.input_wh)
        canvas = Canvas(graph.input_wh)
        canvas.place(small)
        pairs: list[tuple[float, float]] = []
        for number in range(PAIRS):
            if number % 2:
                detect, _ = self._timed(lambda: self._detector.detect(small, frame.picture.size_wh))
                bare, _ = self._timed(lambda: graph.run(canvas.pixels))
            else:
                bare, _ = self._timed(lambda: graph.run(canvas.pixels))
                detect, _ = self._timed(lambda: self._detector.detect(small, frame.picture.size_wh))
            pairs.append((bare, detect))
        return tuple(pairs)

    def _timed(self, work: Callable[[], T]) -> tuple[float, T]:
        began = self._clock()
        done = work()
        return self._clock() - began, done


def _taken(frames: Iterator[Frame], upto: float) -> int:
    """Read until the stream's second `upto`; how many pictures those were."""
    pictures = 0
    for frame in frames:
        pictures += 1
        if frame.pts >= upto - 1e-6:
            break
    return pictures
