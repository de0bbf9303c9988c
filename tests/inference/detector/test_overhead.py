from pathlib import Path

import numpy as np

from inference.detector import OnnxDetector
from inference.detector.overhead import measure_overhead
from tests.detector_models import bright_spot_folder


def test_both_ways_are_timed_on_the_same_picture(tmp_path: Path) -> None:
    detector = OnnxDetector(bright_spot_folder(tmp_path))
    overhead = measure_overhead(detector, np.zeros((90, 160, 3), dtype=np.uint8), (1920, 1080), rounds=3)
    assert overhead.graph_seconds > 0
    assert overhead.ratio == overhead.detect_seconds / overhead.graph_seconds
