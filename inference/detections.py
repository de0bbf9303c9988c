"""What the detector saw in one frame: a struct of arrays, checked when it is made."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BoxesXYXY = NDArray[np.float32]  # (n, 4) pixels of the full picture: x1 y1 x2 y2
Box = tuple[float, float, float, float]  # one of them


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Detections:
    """`n` objects in one frame.

    Attributes:
        xyxy: (n, 4) float32, pixels of the full picture.
        confidence: (n,) float32 in 0..1.
        class_id: (n,) int64, index into `names`.
        names: the model's class names.
    """

    xyxy: BoxesXYXY
    confidence: NDArray[np.float32]
    class_id: NDArray[np.int64]
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        n = len(self.xyxy)
        if self.xyxy.shape != (n, 4):
            raise ValueError(f"xyxy must have shape (n, 4), not {self.xyxy.shape}")
        if self.confidence.shape != (n,) or self.class_id.shape != (n,):
            raise ValueError(
                f"confidence and class_id must have shape ({n},), not {self.confidence.shape} and {self.class_id.shape}"
            )
        if n and not (np.isfinite(self.xyxy).all() and np.isfinite(self.confidence).all()):
            raise ValueError("boxes and confidences must be finite numbers")

    def __len__(self) -> int:
        return len(self.xyxy)

    def __iter__(self) -> Iterator["Detection"]:
        for box, confidence, class_id in zip(self.xyxy, self.confidence, self.class_id, strict=True):
            x1, y1, x2, y2 = (float(v) for v in box)
            yield Detection(box=(x1, y1, x2, y2), confidence=float(confidence), name=self.names[int(class_id)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """One object: its box in pixels of the full picture, confidence 0..1 and class name."""

    box: Box
    confidence: float
    name: str
