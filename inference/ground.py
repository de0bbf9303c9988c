"""Where on the ground a point of the picture lies: a flat map fitted to points that are known in both."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, isfinite, radians

import cv2
import numpy as np

from inference.geo import EARTH_RADIUS_METRES, LatLon

LEAST_POINTS = 4
METRES_PER_DEGREE = radians(1) * EARTH_RADIUS_METRES
LARGEST_METRES = 2000.0
"""A place farther than this from the reference points lies at or behind the horizon."""
MOST_STRETCHED = 1e5
"""Condition number of the fit beyond which the points lie on one line, in the picture or on the ground."""

PictureXY = tuple[float, float]
"""Fractions of the picture's width and height."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferencePoint:
    """A point on the ground that is known in the picture and on the map."""

    picture: PictureXY
    place: LatLon


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundPlane:
    """The ground in front of one camera, taken for flat.

    Attributes:
        points: what it was fitted to.
        matrix: homography from fractions of the picture to metres east and north of the first point, row by row.
    """

    points: tuple[ReferencePoint, ...]
    matrix: tuple[float, ...]

    @classmethod
    def fit(cls, points: Sequence[ReferencePoint]) -> "GroundPlane":
        """The plane that fits best, by least squares of the normalised direct linear transform.

        Raises:
            ValueError: fewer than four points, or points of which three or more lie so that nothing can be fitted.
        """
        if len(points) < LEAST_POINTS:
            raise ValueError(f"four reference points or more are needed, there are {len(points)}")
        seen = np.array([point.picture for point in points], np.float64)
        ground = np.array([_metres(point.place, points[0].place) for point in points], np.float64)
        for spots in (seen, ground):
            spread = np.linalg.svd(spots - spots.mean(axis=0), compute_uv=False)
            if spread[1] <= spread[0] * 1e-3:
                raise ValueError("the reference points lie on one line; choose some beside it")
        found, _ = cv2.findHomography(seen, ground, 0)
        fits = found is not None  # pyright: ignore[reportUnnecessaryComparison]  # OpenCV gives None where nothing fits
        if not fits or not np.isfinite(found).all() or np.linalg.cond(found) > MOST_STRETCHED * 1e3:
            raise ValueError("no flat ground fits the reference points; look whether two of them were swapped")
        return cls(points=tuple(points), matrix=tuple(float(value) for value in np.asarray(found).reshape(-1)))

    def place(self, picture: PictureXY) -> LatLon | None:
        """Where a point of the picture lies on the ground; None for the sky and what is too far away."""
        east, north = self._on_ground(picture)
        if not (isfinite(east) and isfinite(north)) or max(abs(east), abs(north)) > LARGEST_METRES:
            return None
        home = self.points[0].place
        lat = home.lat + north / METRES_PER_DEGREE
        return LatLon(lat=lat, lon=home.lon + east / (METRES_PER_DEGREE * cos(radians(home.lat))))

    @property
    def residuals(self) -> tuple[float, ...]:
        """Metres by which each reference point is missed. Four points always fit exactly; a fifth shows the truth."""
        missed: list[float] = []
        for point in self.points:
            place = self.place(point.picture)
            missed.append(place.metres_to(point.place) if place else LARGEST_METRES)
        return tuple(missed)

    def _on_ground(self, picture: PictureXY) -> tuple[float, float]:
        a, b, c, d, e, f, g, h, i = self.matrix
        x, y = picture
        scale = g * x + h * y + i
        # The reference points lie before the camera; where the scale changes its sign, the sky begins.
        home = g * self.points[0].picture[0] + h * self.points[0].picture[1] + i
        if scale == 0 or (scale > 0) != (home > 0):
            return float("inf"), float("inf")
        return (a * x + b * y + c) / scale, (d * x + e * y + f) / scale


def _metres(place: LatLon, home: LatLon) -> tuple[float, float]:
    """Metres east and north of `home`, right to about 0.1 % within the reach of a camera."""
    per_lon = METRES_PER_DEGREE * cos(radians(home.lat))
    return (place.lon - home.lon) * per_lon, (place.lat - home.lat) * METRES_PER_DEGREE
