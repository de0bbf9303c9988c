"""Meshes as plain arrays: primitives, transforms, and models made of painted parts. Metres, z up, no Blender."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from training.render.paint import Paint

Points = NDArray[np.float64]  # (n, 3) metres
Matrix = NDArray[np.float64]  # (4, 4) homogeneous
Faces = NDArray[np.int32]  # (m, k): faces with k corners each, indices into the vertices


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """One connected surface.

    Attributes:
        vertices: (n, 3) metres.
        faces: groups of faces with the same number of corners, counter-clockwise from outside.
        paints: the materials used.
        paint_of: (all faces in the order of `faces`,) index into `paints`.
        smooth: shade it round (creases above 35 degrees stay sharp).
    """

    vertices: Points
    faces: tuple[Faces, ...]
    paints: tuple[Paint, ...]
    paint_of: NDArray[np.int32]
    smooth: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Label:
    """Writing that Blender's font turns into a surface. It lies in the matrix's x-y plane, centred, facing +z."""

    text: str
    size: float
    depth: float
    paint: Paint
    matrix: Matrix


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Model:
    """Something that stands in the street: parts and writing in one frame (x forward, y left, z up)."""

    parts: tuple[Part, ...] = ()
    labels: tuple[Label, ...] = ()

    def __add__(self, other: "Model") -> "Model":
        return Model(parts=self.parts + other.parts, labels=self.labels + other.labels)

    def moved(self, matrix: Matrix) -> "Model":
        """The same model under a rigid motion or a scaling."""
        return Model(
            parts=tuple(replace(p, vertices=apply(matrix, p.vertices)) for p in self.parts),
            labels=tuple(replace(t, matrix=matrix @ t.matrix) for t in self.labels),
        )

    def points(self) -> Points:
        """All vertices, (n, 3)."""
        return np.concatenate([p.vertices for p in self.parts]) if self.parts else np.zeros((0, 3))


def gather(models: Sequence[Model]) -> Model:
    """One model out of many."""
    return Model(parts=tuple(p for m in models for p in m.parts), labels=tuple(t for m in models for t in m.labels))


def apply(matrix: Matrix, points: Points) -> Points:
    """Transform (n, 3) points by a (4, 4) matrix."""
    return points @ matrix[:3, :3].T + matrix[:3, 3]


def outline(points: Points, directions: int = 400) -> Points:
    """The points that lie farthest out in some direction: enough for a box around them, and far fewer.

    >>> grid = np.stack(np.meshgrid(*[np.linspace(-1, 1, 9)] * 3), -1).reshape(-1, 3)
    >>> len(outline(grid)) < 100
    True
    """
    k = np.arange(directions) + 0.5
    z, turn = 1 - 2 * k / directions, k * math.pi * (3 - math.sqrt(5))  # a Fibonacci lattice on the sphere
    ring = np.sqrt(1 - z**2)
    rays = np.stack([ring * np.cos(turn), ring * np.sin(turn), z]).astype(np.float32)
    coarse = points.astype(np.float32)
    far = [(coarse @ rays[:, n : n + 50]).argmax(0) for n in range(0, directions, 50)]
    return points[np.unique(np.concatenate(far))]


def place(at: ArrayLike, turn: Sequence[float] | float = 0.0, scale: float = 1.0) -> Matrix:
    """Matrix that scales, turns and then moves.

    Args:
        at: x, y, z in metres.
        turn: radians about z, or Euler angles (x, y, z) applied in this order.
        scale: factor.
    """
    rx, ry, rz = (0.0, 0.0, turn) if isinstance(turn, int | float) else turn
    cx, sx, cy, sy, cz, sz = math.cos(rx), math.sin(rx), math.cos(ry), math.sin(ry), math.cos(rz), math.sin(rz)
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    matrix = np.eye(4)
    matrix[:3, :3] = about_z @ about_y @ about_x * scale
    matrix[:3, 3] = np.asarray(at, dtype=np.float64)
    return matrix


def surface(
    vertices: ArrayLike,
    faces: ArrayLike | Sequence[ArrayLike],
    paint: Paint | Sequence[Paint],
    paint_of: ArrayLike | None = None,
    *,
    smooth: bool = False,
) -> Model:
    """A model of one part.

    Args:
        vertices: (n, 3) metres.
        faces: one (m, k) array, or a list of them with different k.
        paint: one material, or several when `paint_of` says which face has which.
        paint_of: index into the materials for each face.
        smooth: shade it round.
    """
    groups = faces if isinstance(faces, list) and np.ndim(faces[0]) == 2 else [faces]
    arrays = tuple(np.asarray(g, dtype=np.int32) for g in groups)
    count = sum(len(a) for a in arrays)
    index = np.zeros(count, np.int32) if paint_of is None else np.asarray(paint_of, dtype=np.int32)
    paints = (paint,) if isinstance(paint, Paint) else tuple(paint)
    part = Part(
        vertices=np.asarray(vertices, dtype=np.float64), faces=arrays, paints=paints, paint_of=index, smooth=smooth
    )
    return Model(parts=(part,))


def sheet(corners: ArrayLike, paint: Paint) -> Model:
    """A flat polygon through its corners, in order."""
    points = np.asarray(corners, dtype=np.float64)
    return surface(points, np.arange(len(points))[None], paint)


def floor(x0: float, x1: float, y0: float, y1: float, z: float, paint: Paint) -> Model:
    """A level rectangle that faces up."""
    return sheet([(x0, y0, z), (x1, y0, z), (x1, y1, z), (x0, y1, z)], paint)


_SIGNS = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], dtype=np.float64)
_CUBE = np.array([(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)])


def _chamfered(size: NDArray[np.float64], bevel: float) -> tuple[Points, list[NDArray[np.int64]]]:
    """Three vertices at each corner, each drawn back along the other two axes: 6 faces, 12 edges, 8 corners."""
    half = size / 2
    bevel = min(bevel, float(half.min()) * 0.9)
    vertices = np.repeat(_SIGNS * half, 3, axis=0)
    for corner in range(8):
        for axis in range(3):
            for other in {0, 1, 2} - {axis}:
                vertices[corner * 3 + axis, other] -= _SIGNS[corner, other] * bevel
    faces = [
        np.array([corner * 3 + axis for corner in quad]) for quad, axis in zip(_CUBE, (0, 0, 1, 1, 2, 2), strict=True)
    ]
    for a in range(8):
        for axis in range(3):
            b = a | (4 >> axis)
            if b != a:
                one, two = (k for k in range(3) if k != axis)
                faces.append(np.array([a * 3 + one, b * 3 + one, b * 3 + two, a * 3 + two]))
    quads = np.stack(faces)
    corners = np.arange(24).reshape(8, 3)
    return vertices, [_outward(vertices, quads), _outward(vertices, corners)]


def _outward(vertices: Points, faces: NDArray[np.int64]) -> NDArray[np.int64]:
    """Turn the faces of a convex body around the origin so that they look outward."""
    corners = vertices[faces]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    inside = (normal * corners.mean(1)).sum(1) < 0
    return np.where(inside[:, None], faces[:, ::-1], faces)


def box(
    centre: ArrayLike, size: ArrayLike, paint: Paint, *, bevel: float = 0.0, turn: Sequence[float] | float = 0.0
) -> Model:
    """A box, with chamfered edges where `bevel` metres are given."""
    extent = np.asarray(size, dtype=np.float64)
    if bevel:
        vertices, faces = _chamfered(extent, bevel)
        return surface(vertices, faces, paint).moved(place(centre, turn))
    return surface(_SIGNS * extent / 2, _CUBE, paint).moved(place(centre, turn))


def lathe(
    profile: Sequence[tuple[float, float]], paint: Paint, *, sides: int = 16, axis: str = "z", at: ArrayLike = (0, 0, 0)
) -> Model:
    """A body turned about an axis: `profile` lists (radius, height along the axis)."""
    return turned(profile, (paint,), np.zeros((len(profile) - 1, sides), np.int32), axis=axis, at=at)


def turned(
    profile: Sequence[tuple[float, float]],
    paints: Sequence[Paint],
    paint_of: NDArray[np.int32],
    *,
    axis: str = "z",
    at: ArrayLike = (0, 0, 0),
) -> Model:
    """As `lathe`, with a material for each face: `paint_of` is (rings - 1, sides)."""
    rings, sides = len(profile), paint_of.shape[1]
    angle = 2 * np.pi * np.arange(sides) / sides
    radius, height = (np.array(column) for column in zip(*profile, strict=True))
    c, s = np.outer(radius, np.cos(angle)), np.outer(radius, np.sin(angle))
    h = np.repeat(height[:, None], sides, axis=1)
    stacked = {"z": (c, s, h), "y": (c, h, s), "x": (h, c, s)}[axis]
    faces = grid_faces(rings, sides, wrap=True)
    if axis == "y":
        faces = faces[:, ::-1]
    vertices = np.stack(stacked, -1).reshape(-1, 3)
    return surface(vertices, faces, tuple(paints), paint_of.ravel(), smooth=True).moved(place(at))


def grid_faces(rows: int, columns: int, *, wrap: bool = False) -> NDArray[np.int64]:
    """Quads of a (rows, columns) grid of vertices; `wrap` joins the last column to the first."""
    index = np.arange(rows * columns).reshape(rows, columns)
    right = np.roll(index, -1, axis=1)
    quads = np.stack([index[:-1], right[:-1], right[1:], index[1:]], -1)
    return (quads if wrap else quads[:, :-1]).reshape(-1, 4)


def tube(path: ArrayLike, radius: float | Sequence[float], paint: Paint, *, sides: int = 8) -> Model:
    """A round bar along a path of points, closed at both ends."""
    points = np.asarray(path, dtype=np.float64)
    radii = np.broadcast_to(np.asarray(radius, dtype=np.float64), len(points))
    along = np.gradient(points, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True) + 1e-9
    up = np.where(np.abs(along[:, 2:]) < 0.9, [[0.0, 0.0, 1.0]], [[1.0, 0.0, 0.0]])
    u = np.cross(along, up)
    u /= np.linalg.norm(u, axis=1, keepdims=True)
    w = np.cross(along, u)
    angle = 2 * np.pi * np.arange(sides) / sides
    ring = u[:, None] * np.cos(angle)[:, None] + w[:, None] * np.sin(angle)[:, None]
    vertices = (points[:, None] + ring * radii[:, None, None]).reshape(-1, 3)
    last = (len(points) - 1) * sides + np.arange(sides)
    faces = [grid_faces(len(points), sides, wrap=True)[:, ::-1], np.stack([np.arange(sides), last[::-1]])]
    return surface(vertices, faces, paint, smooth=True)


def label(text: str, size: float, paint: Paint, at: ArrayLike, turn: Sequence[float], depth: float = 0.005) -> Model:
    """Writing of `size` metres, centred on `at`, its plane turned by Euler angles."""
    return Model(labels=(Label(text=text, size=size, depth=depth, paint=paint, matrix=place(at, turn)),))
