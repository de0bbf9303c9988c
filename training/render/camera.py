"""The pinhole camera and what follows from it: exact boxes, zones in the picture, the rectangle a change can touch."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from shapely.geometry import Polygon
from shapely.geometry import box as rectangle

from training.render.geometry import Points

Pixels = NDArray[np.float64]  # (n, 2) x right, y down
Rect = tuple[int, int, int, int]  # x0 y0 x1 y1 pixels, x1 and y1 outside
_NEAR = 0.3  # metres


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """A camera that stands still.

    Attributes:
        at: position in metres.
        look: the point in the middle of the picture.
        fov: horizontal angle of view in degrees.
        width, height: pixels.
    """

    at: tuple[float, float, float]
    look: tuple[float, float, float]
    fov: float
    width: int
    height: int

    def axes(self) -> NDArray[np.float64]:
        """Rows: right, up and backward as unit vectors in the street's frame."""
        back = np.subtract(self.at, self.look, dtype=np.float64)
        back /= np.linalg.norm(back)
        right = np.cross((0.0, 0.0, 1.0), back)
        right /= np.linalg.norm(right)
        return np.stack([right, np.cross(back, right), back])

    def project(self, points: ArrayLike) -> tuple[Pixels, NDArray[np.bool_]]:
        """Pixels of (n, 3) points, and which of them lie before the camera.

        >>> camera = Camera(at=(0, 0, 2), look=(10, 0, 2), fov=90, width=100, height=60)
        >>> camera.project([(10, 0, 2), (10, -10, 2)])[0].tolist()
        [[50.0, 30.0], [100.0, 30.0]]
        """
        seen = (np.asarray(points, dtype=np.float64) - self.at) @ self.axes().T
        ahead = seen[:, 2] < -_NEAR
        depth = np.where(ahead, -seen[:, 2], 1.0)[:, None]
        focal = self.width / 2 / math.tan(math.radians(self.fov) / 2)
        pixels = seen[:, :2] / depth * (focal, -focal) + (self.width / 2, self.height / 2)
        return pixels, ahead

    def box(self, points: Points) -> tuple[float, float, float, float] | None:
        """Tight box around all points, hidden or not; may reach outside the picture. None behind the camera."""
        pixels, ahead = self.project(points)
        if not ahead.any():
            return None
        (x0, y0), (x1, y1) = pixels[ahead].min(0), pixels[ahead].max(0)
        return float(x0), float(y0), float(x1), float(y1)

    def clipped(self, box: tuple[float, float, float, float]) -> tuple[float, float, float, float] | None:
        """The box inside the picture, or None."""
        x0, y0, x1, y1 = (
            max(box[0], 0.0),
            max(box[1], 0.0),
            min(box[2], float(self.width)),
            min(box[3], float(self.height)),
        )
        return (x0, y0, x1, y1) if x1 - x0 > 1 and y1 - y0 > 1 else None

    def polygon(self, ground: ArrayLike, height: float = 0.0) -> list[tuple[float, float]]:
        """A ground polygon (n, 2) in fractions of the picture, cut off at its edges; [] where it is out of sight."""
        plan = np.asarray(ground, dtype=np.float64)
        edge = np.concatenate(
            [np.linspace(a, b, 40, endpoint=False) for a, b in zip(plan, np.roll(plan, -1, 0), strict=True)]
        )
        pixels, ahead = self.project(np.column_stack([edge, np.full(len(edge), height)]))
        shape = Polygon(pixels[ahead]).buffer(0).intersection(rectangle(0, 0, self.width, self.height)).simplify(0.5)
        if shape.is_empty or not isinstance(shape, Polygon):
            return []
        return [(round(x / self.width, 4), round(y / self.height, 4)) for x, y in list(shape.exterior.coords)[:-1]]


def touched(camera: Camera, points: Points, sun: NDArray[np.float64], *, margin: int = 6) -> Rect | None:
    """The rectangle that something and its shadow on the ground can change, or None out of sight.

    Args:
        camera: the view.
        points: (n, 3) vertices of the thing.
        sun: unit vector towards the sun.
        margin: pixels around it, for soft edges and the feathered seam.
    """
    low, high = points.min(0), points.max(0)
    corners = np.array([(x, y, z) for x in (low[0], high[0]) for y in (low[1], high[1]) for z in (low[2], high[2])])
    shadow = corners - sun * (corners[:, 2:] / sun[2])
    pixels, ahead = camera.project(np.concatenate([corners, shadow]))
    if not ahead.any():
        return None
    (x0, y0), (x1, y1) = pixels[ahead].min(0) - margin, pixels[ahead].max(0) + margin
    rect = max(0, int(x0)), max(0, int(y0)), min(camera.width, math.ceil(x1)), min(camera.height, math.ceil(y1))
    return rect if rect[2] - rect[0] > 4 and rect[3] - rect[1] > 4 else None


def merged(rects: list[Rect], waste: int = 6000) -> list[Rect]:
    """Fewer rectangles that cover the same: two become one where that renders at most `waste` pixels more."""
    todo, done = list(rects), list[Rect]()
    while todo:
        a = todo.pop()
        for k, b in enumerate(todo):
            union = (min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))
            if _area(union) < _area(a) + _area(b) + waste:
                todo[k] = union
                todo += done
                done.clear()
                break
        else:
            done.append(a)
    return done


def _area(rect: Rect) -> int:
    return (rect[2] - rect[0]) * (rect[3] - rect[1])
