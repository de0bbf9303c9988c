"""Smooth random fields and balls: the raw material of bags, leaves and fruit."""

import numpy as np
from numpy.typing import NDArray

from training.render.geometry import Points


def ripples(points: Points, rng: np.random.Generator, frequency: float, octaves: int = 3) -> NDArray[np.float64]:
    """A smooth random value in about -1..1 for each point: sums of plane waves with random directions.

    Args:
        points: (n, 3).
        rng: source of directions and phases.
        frequency: waves per unit length of the lowest octave.
        octaves: each has 2.1 times the frequency and 0.55 times the strength of the one before.
    """
    value, strength, total = np.zeros(len(points)), 1.0, 0.0
    for _ in range(octaves):
        waves = rng.normal(size=(9, 3))
        waves *= 2 * np.pi * frequency / np.linalg.norm(waves, axis=1, keepdims=True)
        value += strength * np.sin(points @ waves.T + rng.uniform(0, 2 * np.pi, 9)).sum(1) / 3
        total += strength
        strength, frequency = strength * 0.55, frequency * 2.1
    return value / total


def ball(subdivisions: int) -> tuple[Points, NDArray[np.int64]]:
    """A unit sphere of triangles, from an octahedron cut 4 ** `subdivisions` times."""
    vertices = np.array([(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)], dtype=np.float64)
    faces = np.array([(0, 2, 4), (2, 1, 4), (1, 3, 4), (3, 0, 4), (2, 0, 5), (1, 2, 5), (3, 1, 5), (0, 3, 5)])
    for _ in range(subdivisions):
        edges = np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1)
        unique, where = np.unique(edges, axis=0, return_inverse=True)
        ab, bc, ca = (len(vertices) + where.reshape(3, -1))[:, :]
        vertices = np.concatenate([vertices, vertices[unique].mean(1)])
        a, b, c = faces.T
        faces = np.concatenate([np.stack(t, -1) for t in ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))])
    return vertices / np.linalg.norm(vertices, axis=1, keepdims=True), faces
