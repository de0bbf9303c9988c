"""What the pipeline asks of a detector."""

from typing import Protocol

from inference.detections import Detections
from inference.frame import ImageBGR, Picture, SizeWH


class Detector(Protocol):
    """Sees objects in a picture. Safe to call from several threads."""

    @property
    def names(self) -> tuple[str, ...]:
        """Class names by class index."""
        ...

    def input_wh_for(self, size_wh: SizeWH) -> SizeWH:
        """The size that a picture of `size_wh` best fits into before `detect`: more pixels than that are wasted."""
        ...

    def detect(self, picture: ImageBGR, full_wh: SizeWH | None = None) -> Detections:
        """All objects above the model's floor.

        Args:
            picture: the pixels, shrunk or not.
            full_wh: size of the full picture, in whose pixels the boxes are wanted; None: those of `picture` itself.
        """
        ...


def detect_in(detector: Detector, picture: Picture) -> Detections:
    """Ask a frame's picture for just the pixels that the detector needs, and get boxes of the full picture."""
    return detector.detect(picture.bgr(detector.input_wh_for(picture.size_wh)), picture.size_wh)
