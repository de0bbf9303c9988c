"""What reading a picture in and boxes out costs on top of the bare graph."""

import time
from dataclasses import dataclass
from statistics import median

import numpy as np

from inference.detector.onnx_detector import OnnxDetector
from inference.frame import ImageBGR, SizeWH


@dataclass(frozen=True, slots=True, kw_only=True)
class Overhead:
    """Medians in seconds of one picture, measured in turn so that both suffer alike from a busy machine."""

    detect_seconds: float
    graph_seconds: float

    @property
    def ratio(self) -> float:
        """`detect` as a multiple of the bare graph; 1.06 is the budget."""
        return self.detect_seconds / self.graph_seconds


def measure_overhead(detector: OnnxDetector, picture: ImageBGR, full_wh: SizeWH, *, rounds: int = 50) -> Overhead:
    """Time `detect` and the bare graph on one picture.

    Args:
        detector: to be measured.
        picture: shrunk as the sources shrink it.
        full_wh: size of the full picture.
        rounds: of both; two more warm up and are not counted.
    """
    graph = detector.graph_for(full_wh)
    canvas = np.zeros((1, *graph.declared.input_hw, 3), dtype=np.uint8)
    width, height = min(picture.shape[1], canvas.shape[2]), min(picture.shape[0], canvas.shape[1])
    canvas[0, :height, :width] = picture[:height, :width]
    detecting: list[float] = []
    running: list[float] = []
    for _ in range(rounds + 2):
        start = time.perf_counter()
        graph.run(canvas)
        between = time.perf_counter()
        detector.detect(picture, full_wh)
        running.append(between - start)
        detecting.append(time.perf_counter() - between)
    return Overhead(detect_seconds=median(detecting[2:]), graph_seconds=median(running[2:]))
