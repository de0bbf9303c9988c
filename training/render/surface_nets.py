"""Turn a sampled distance field into quads: naive surface nets (Gibson 1998), one vertex in each crossed cell."""

import numpy as np
from numpy.typing import NDArray

from training.render.geometry import Points

Field = NDArray[np.float64]  # (nx, ny, nz) signed distance, negative inside
_CORNERS = np.array([(i, j, k) for i in (0, 1) for j in (0, 1) for k in (0, 1)])
_EDGES = [(a, b) for a in range(8) for b in range(a + 1, 8) if np.abs(_CORNERS[a] - _CORNERS[b]).sum() == 1]


def surface_nets(field: Field, origin: NDArray[np.float64], step: float) -> tuple[Points, NDArray[np.int64]]:
    """Extract the zero surface.

    Args:
        field: samples on a regular grid; must be positive on its border.
        origin: metres, position of sample (0, 0, 0).
        step: metres between samples.

    Returns:
        Vertices (n, 3) in metres, and quads (m, 4) that look outward.
    """
    nx, ny, nz = (n - 1 for n in field.shape)
    corner = np.stack([field[i : i + nx, j : j + ny, k : k + nz] for i, j, k in _CORNERS], -1)
    inside = corner < 0
    crossed = inside.any(-1) & ~inside.all(-1)
    values, total, count = corner[crossed], np.zeros((int(crossed.sum()), 3)), np.zeros(int(crossed.sum()))
    for a, b in _EDGES:
        va, vb = values[:, a], values[:, b]
        hit = (va < 0) != (vb < 0)
        t = np.where(hit, va / np.where(hit, va - vb, 1.0), 0.0)
        point = _CORNERS[a] + t[:, None] * (_CORNERS[b] - _CORNERS[a])
        total += point * hit[:, None]
        count += hit
    cells = np.argwhere(crossed)
    vertices = origin + step * (cells + total / count[:, None])
    number = np.full(crossed.shape, -1, np.int64)
    number[crossed] = np.arange(len(cells))
    return vertices, np.concatenate([_quads(field < 0, number, axis) for axis in range(3)])


def _quads(inside: NDArray[np.bool_], number: NDArray[np.int64], axis: int) -> NDArray[np.int64]:
    """One quad around each grid edge along `axis` whose ends lie on different sides."""
    u, v = (axis + 1) % 3, (axis + 2) % 3
    start = np.take(inside, range(inside.shape[axis] - 1), axis)
    end = np.take(inside, range(1, inside.shape[axis]), axis)
    edges = np.argwhere(start != end)
    edges = edges[(edges[:, u] > 0) & (edges[:, v] > 0)]
    leaving = start[tuple(edges.T)]
    corners: list[NDArray[np.int64]] = []
    for du, dv in ((-1, -1), (0, -1), (0, 0), (-1, 0)):
        cell = edges.copy()
        cell[:, u] += du
        cell[:, v] += dv
        corners.append(number[tuple(cell.T)])
    quads = np.stack(corners, -1)
    return np.where(leaving[:, None], quads, quads[:, ::-1])
