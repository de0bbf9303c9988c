"""Street trees and fallen leaves."""

import numpy as np

from training.render.geometry import Model, gather, surface, tube
from training.render.paint import Paint, cloth

_BARK = Paint(colour=(0.11, 0.085, 0.06), rough=0.95, bumps=(20, 0.6))
_LEAVES = tuple(
    Paint(colour=c, rough=0.6, specular=0.25)
    for c in ((0.045, 0.10, 0.02), (0.07, 0.14, 0.025), (0.03, 0.075, 0.018), (0.10, 0.16, 0.03))
)


def tree(height: float, crown: float, seed: int, leaves: int = 9000) -> Model:
    """A plane tree: trunk, boughs, and one small quad for each leaf. Metres."""
    rng = np.random.default_rng(seed)
    trunk = [(0, 0, 0), (0.05, 0.03, 1.2), (-0.04, 0.05, 2.4), (0.03, -0.02, 3.4), (0.05, 0, height * 0.75)]
    parts = [tube(trunk, (0.16, 0.13, 0.115, 0.10, 0.03), _BARK, sides=10)]
    angle, reach = rng.uniform(0, 2 * np.pi, 7), crown * 0.55 * np.sqrt(rng.random(7))
    centres = np.stack([reach * np.cos(angle), reach * np.sin(angle), height * (0.52 + 0.36 * rng.random(7))], -1)
    radii = crown * (0.42 + 0.25 * rng.random(7))
    for centre in centres:
        bough = [(0, 0, 2.3 + rng.random()), centre * 0.5 + (0, 0, height * 0.26), centre]
        parts.append(tube(bough, (0.06, 0.04, 0.012), _BARK, sides=6))
    which = rng.integers(0, 7, leaves)
    ray = _unit(rng.normal(size=(leaves, 3)))
    depth = radii[which] * (0.55 + 0.45 * np.sqrt(rng.random(leaves)))
    middle = centres[which] + ray * depth[:, None] * (1, 1, 0.8)
    size = rng.uniform(0.05, 0.10, (leaves, 1))
    u = _unit(rng.normal(size=(leaves, 3)) * (1, 1, 0.5))
    w = np.cross(u, _unit(rng.normal(size=(leaves, 3))))
    corners = np.stack(
        [middle - u * size * 1.3, middle - w * size * 0.6, middle + u * size * 1.3, middle + w * size * 0.6], 1
    )
    faces = np.arange(leaves * 4).reshape(leaves, 4)
    parts.append(surface(corners.reshape(-1, 3), faces, _LEAVES, rng.integers(0, len(_LEAVES), leaves)))
    return gather(parts)


def _unit(
    vectors: np.ndarray[tuple[int, int], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def fallen_leaves(x0: float, x1: float, kerb_y: float, seed: int, count: int = 350) -> Model:
    """Dry leaves along a kerb, most of them in the gutter."""
    rng = np.random.default_rng(seed)
    gutter = rng.random(count) < 0.5
    y = np.where(
        gutter, kerb_y - np.abs(rng.normal(0, 0.25, count)) - 0.05, kerb_y + np.abs(rng.normal(0, 1.2, count)) + 0.15
    )
    base = np.column_stack([rng.uniform(x0, x1, count), y, np.where(gutter, 0.012, 0.155)])
    angle = rng.uniform(0, 2 * np.pi, (count, 1)) + np.arange(4) * np.pi / 2
    size = rng.uniform(0.02, 0.05, (count, 1))
    corners = (
        np.stack([size * np.cos(angle), size * 0.6 * np.sin(angle), rng.uniform(0, 0.015, (count, 4))], -1)
        + base[:, None]
    )
    return surface(corners.reshape(-1, 3), np.arange(count * 4).reshape(count, 4), cloth((0.22, 0.13, 0.04)))
