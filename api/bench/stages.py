"""Stop-watch for one look: the path itself says which stage it has reached, through what it was given to work with."""

import time
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from inference.detections import Detections
from inference.detector import Detector
from inference.frame import ImageBGR, ImageLuma, Original, Picture, SizeWH
from inference.gate import GATE_WH, Gate

Clock = Callable[[], float]
"""Seconds of processor time, all threads of the process together."""


class Stage(StrEnum):
    """The stages of the path, in their order."""

    READ = "read"
    GATE_LUMA = "gate_luma"
    GATE = "gate"
    REGISTRATION = "registration"
    SHRINK = "shrink"
    DETECT = "detect"
    STAYS_AND_RULES = "stays_and_rules"


class Laps:
    """Books the time since the last mark under the stage that has just ended."""

    def __init__(self, clock: Clock = time.process_time) -> None:
        """Wait for `start`."""
        self.spent: dict[Stage, float] = {}
        self._clock = clock
        self._last = 0.0

    def start(self) -> None:
        """Begin a new look."""
        self.spent = {}
        self._last = self._clock()

    def end(self, stage: Stage) -> None:
        """A stage has ended; where it ends again in the same look, that time belongs to the stage that follows."""
        if stage not in self.spent:
            now = self._clock()
            self.spent[stage] = now - self._last
            self._last = now


class LappedPicture:
    """A picture that says when the gate's grey picture and the detector's small one are made."""

    def __init__(self, picture: Picture, laps: Laps) -> None:
        """Measure `picture`."""
        self._picture = picture
        self._laps = laps

    @property
    def size_wh(self) -> SizeWH:
        """Width and height in pixels of the full picture."""
        return self._picture.size_wh

    def luma(self, size_wh: SizeWH) -> ImageLuma:
        """The whole picture in grey, stretched to `size_wh`."""
        luma = self._picture.luma(size_wh)
        if size_wh == GATE_WH:
            self._laps.end(Stage.GATE_LUMA)
        return luma

    def bgr(self, fit_wh: SizeWH | None = None) -> ImageBGR:
        """Colour, full size or shrunk into `fit_wh`."""
        pixels = self._picture.bgr(fit_wh)
        self._laps.end(Stage.SHRINK)
        return pixels

    def original(self) -> Original | None:
        """The source's own bytes."""
        return self._picture.original()


class LappedDetector:
    """A detector that says when it is asked and when it has answered."""

    def __init__(self, detector: Detector, laps: Laps) -> None:
        """Measure `detector`."""
        self._detector = detector
        self._laps = laps

    @property
    def names(self) -> tuple[str, ...]:
        """Class names by class index."""
        return self._detector.names

    def input_wh_for(self, size_wh: SizeWH) -> SizeWH:
        """Input size for a picture of this size; the pipeline asks for it right behind registration."""
        self._laps.end(Stage.REGISTRATION)
        return self._detector.input_wh_for(size_wh)

    def detect(self, picture: ImageBGR, full_wh: SizeWH | None = None) -> Detections:
        """All objects above the model's floor."""
        detections = self._detector.detect(picture, full_wh)
        self._laps.end(Stage.DETECT)
        return detections


class CountingGate(Gate):
    """A gate that counts what it would hold back, and lets all of it through, so that every look can be measured."""

    def __init__(self, laps: Laps) -> None:
        """Count from 0."""
        super().__init__()
        self.asked = 0
        self.gated = 0
        self._laps = laps

    def wants(self, luma: ImageLuma, at: datetime, due: datetime | None = None) -> bool:
        """Always True."""
        wanted = super().wants(luma, at, due)
        self.asked += 1
        self.gated += not wanted
        self._laps.end(Stage.GATE)
        return True
