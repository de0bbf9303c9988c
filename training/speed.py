"""How long a graph takes on this machine, one thread, as a camera's worker runs it."""

import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from inference.detector import OnnxDetector
from inference.detector.manifest import Manifest, Numbers
from inference.detector.onnx_detector import OnnxGraph

RUNS = 21
WORTH_IT = 0.9
"""Share of float32's time below which int8 is worth what it may lose."""


def milliseconds(graph: OnnxGraph) -> float:
    """Shortest of 21 runs, in time of the processor: neither waiting for it nor a neighbour's turn counts."""
    width, height = graph.input_wh
    pixels = np.random.default_rng(1).integers(0, 256, (1, height, width, 3), dtype=np.uint8)
    best = float("inf")
    for _ in range(RUNS):
        start = time.process_time()
        graph.run(pixels)
        best = min(best, time.process_time() - start)
    return best * 1000


def measure_speeds(folder: Path, manifest: Manifest) -> dict[Numbers, list[float]]:
    """Milliseconds of every graph of a model folder, by its numbers, in the manifest's order of inputs."""
    found = dict.fromkeys(graph.numbers for graph in manifest.graphs)
    return {
        numbers: [milliseconds(graph) for graph in OnnxDetector(folder, numbers=numbers).graphs] for numbers in found
    }


def worth_running(speeds: Mapping[Numbers, list[float]]) -> Numbers:
    """The numbers that a model should run in: float32, unless int8 takes clearly less time.

    >>> worth_running({Numbers.FLOAT32: [20.0, 34.0], Numbers.INT8: [19.0, 33.0]})
    <Numbers.FLOAT32: 'float32'>
    """
    quick = sum(speeds.get(Numbers.INT8, [float("inf")]))
    return Numbers.INT8 if quick < WORTH_IT * sum(speeds[Numbers.FLOAT32]) else Numbers.FLOAT32
