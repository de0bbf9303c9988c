"""The model that a process looks with: it takes up another one that has become current, between two looks."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from api.city.city import City
from api.work.seeing import seeing
from inference.detections import Detections
from inference.detector import OnnxDetector, current_model
from inference.detector.manifest import CURRENT_FILE
from inference.errors import ModelError
from inference.frame import ImageBGR, SizeWH
from inference.pipeline import Seeing

GREY = 114
"""Of the picture that a model is tried on."""

logger = logging.getLogger(__name__)


class _InUse(NamedTuple):
    detector: OnnxDetector
    seeing: Seeing


class ModelInUse:
    """A detector that becomes another one when another model becomes current.

    Whoever asks between two looks gets either the old model or the new one, each with its own thresholds. A model that
    cannot be loaded, or breaks when it is tried, is refused: the one before goes on, and `trouble` says why.

    Args:
        models: folder of the models.
        open_model: loads a model folder.
        city: whose rules are asked.

    Raises:
        ModelError: nothing is current, or it cannot be used.
    """

    def __init__(self, models: Path, open_model: Callable[[Path], OnnxDetector], city: City) -> None:
        self._models = models
        self._open = open_model
        self._city = city
        self.trouble = ""
        self._looked_at = self._mark()
        self._now = self._tried(current_model(models))

    @property
    def name(self) -> str:
        """NAME/VERSION of the model that looks."""
        manifest = self.detector.manifest
        return f"{manifest.name}/{manifest.version}"

    @property
    def detector(self) -> OnnxDetector:
        """The model that looks."""
        return self._now.detector

    @property
    def seeing(self) -> Seeing:
        """The same with its thresholds and the city's rules; the same object as long as the model is the same."""
        return self._now.seeing

    @property
    def names(self) -> tuple[str, ...]:
        """See `Detector.names`."""
        return self.detector.names

    def input_wh_for(self, size_wh: SizeWH) -> SizeWH:
        """See `Detector.input_wh_for`."""
        return self.detector.input_wh_for(size_wh)

    def detect(self, picture: ImageBGR, full_wh: SizeWH | None = None) -> Detections:
        """See `Detector.detect`."""
        return self.detector.detect(picture, full_wh)

    def take_up(self) -> bool:
        """Take the current model up if that is another one by now; say whether it was.

        What was refused is tried again when a model is switched the next time, or at the next start.
        """
        mark = self._mark()
        if mark == self._looked_at:
            return False
        self._looked_at = mark
        try:
            folder = current_model(self._models)
            if f"{folder.parent.name}/{folder.name}" == self.name:
                self.trouble = ""
                return False
            self._now = self._tried(folder)
        except ModelError as error:
            self._refuse(str(error))
            return False
        except Exception as error:  # what the runtime raises for a graph that breaks has no public base class
            self._refuse(f"it breaks when it is tried ({type(error).__name__}): export the model again")
            return False
        self.trouble = ""
        logger.info("model %s is looked with from now on", self.name)
        return True

    def _tried(self, folder: Path) -> _InUse:
        """A model that has looked at one picture of each of its sizes."""
        detector = self._open(folder)
        for graph in detector.graphs:
            width, height = graph.input_wh
            detector.detect(np.full((height, width, 3), GREY, dtype=np.uint8))
        return _InUse(detector, seeing(self._city, detector))

    def _refuse(self, why: str) -> None:
        self.trouble = why
        logger.error("the current model is not taken up, %s goes on: %s", self.name, why)

    def _mark(self) -> tuple[int, int] | None:
        """Changes with every switch: the file that says what is current is replaced each time."""
        try:
            state = (self._models / CURRENT_FILE).stat()
        except OSError:
            return None
        return state.st_ino, state.st_mtime_ns
