"""How long a graph takes on this machine, one thread, as a camera's worker runs it."""

import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from inference.detector import OnnxDetector
from inference.detector.manifest import Manifest, Numbers
from inference.detector.onnx_detector import OnnxGraph

RUNS = 21


def milliseconds(graph: OnnxGraph) -> float:
    """Shortest of 21 runs: others that use the processor only ever make a run longer."""
    width, height = graph.input_wh
    pixels = np.random.default_rng(1).integers(0, 256, (1, height, width, 3), dtype=np.uint8)
    best = float("inf")
    for _ in range(RUNS):
        start = time.perf_counter()
        graph.run(pixels)
        best = min(best, time.perf_counter() - start)
    return best * 1000


def measure_speeds(folder: Path, manifest: Manifest) -> dict[Numbers, list[float]]:
    """Milliseconds of every graph of a model folder, by its numbers, in the manifest's order of inputs."""
    found = dict.fromkeys(graph.numbers for graph in manifest.graphs)
    return {
        numbers: [milliseconds(graph) for graph in OnnxDetector(folder, numbers=numbers).graphs] for numbers in found
    }


def fastest(speeds: Mapping[Numbers, list[float]]) -> Numbers:
    """The numbers whose graphs take the least time together.

    >>> fastest({Numbers.FLOAT32: [20.0, 34.0], Numbers.INT8: [31.0, 50.0]})
    <Numbers.FLOAT32: 'float32'>
    """
    return min(speeds, key=lambda numbers: sum(speeds[numbers]))
