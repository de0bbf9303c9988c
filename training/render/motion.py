"""Where an actor is at a time: waypoints joined by curves that never overshoot, so who stands really stands."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
_STANDING = 0.02  # metres per second


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """A place on the ground, metres and radians, and how far the actor has come."""

    x: float
    y: float
    heading: float
    travelled: float
    moving: bool


def _slopes(t: Array, v: Array) -> Array:
    """Monotone slopes at the knots (Fritsch and Carlson, SIAM J. Numer. Anal. 17, 1980): harmonic mean of secants."""
    if len(t) == 1:
        return np.zeros(1)
    h, secant = np.diff(t), np.diff(v) / np.diff(t)
    slope = np.empty(len(t))
    slope[0], slope[-1] = secant[0], secant[-1]
    a, b = secant[:-1], secant[1:]
    w1, w2 = 2 * h[1:] + h[:-1], h[1:] + 2 * h[:-1]
    same = a * b > 0
    safe_a, safe_b = np.where(same, a, 1.0), np.where(same, b, 1.0)
    slope[1:-1] = np.where(same, (w1 + w2) / (w1 / safe_a + w2 / safe_b), 0.0)
    return slope


class Track:
    """The way of one actor.

    Between waypoints x and y follow monotone cubics; outside their times the first and the last place hold.
    """

    def __init__(self, waypoints: Sequence[tuple[float, float, float]], facing: float | None = None) -> None:
        """Take (seconds, x, y) with rising seconds; `facing` (radians) overrides the direction of travel."""
        points = np.array(waypoints, dtype=np.float64)
        self._t, self._v = points[:, 0], points[:, 1:]
        self._m = np.stack([_slopes(self._t, self._v[:, k]) for k in (0, 1)], -1)
        self._facing = facing
        self._grid = np.linspace(self._t[0], self._t[-1], max(2, int((self._t[-1] - self._t[0]) * 20) + 1))
        self._places = self._along(self._grid)
        self._distance = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(self._places, axis=0), axis=1))])

    def _along(self, seconds: Array) -> Array:
        """Places (n, 2) at (n,) times."""
        if len(self._t) == 1:
            return np.repeat(self._v, len(seconds), axis=0)
        t = np.clip(seconds, self._t[0], self._t[-1])
        k = np.minimum(np.searchsorted(self._t, t, side="right") - 1, len(self._t) - 2)
        h = (self._t[k + 1] - self._t[k])[:, None]
        u = (t - self._t[k])[:, None] / h
        start = (2 * u**3 - 3 * u**2 + 1) * self._v[k] + (u**3 - 2 * u**2 + u) * h * self._m[k]
        return start + (3 * u**2 - 2 * u**3) * self._v[k + 1] + (u**3 - u**2) * h * self._m[k + 1]

    def _at(self, seconds: float) -> Array:
        return self._along(np.array([seconds]))[0]

    def pose(self, seconds: float) -> Pose:
        """Place and heading at a time. Who stands keeps the heading with which they arrived."""
        x, y = self._at(seconds)
        travelled = float(np.interp(seconds, self._grid, self._distance))
        step = self._at(seconds + 0.05) - self._at(seconds - 0.05)
        moving = bool(np.linalg.norm(step) > _STANDING * 0.1)
        heading = self._heading(seconds) if self._facing is None else self._facing
        return Pose(x=float(x), y=float(y), heading=heading, travelled=travelled, moving=moving)

    def _heading(self, seconds: float) -> float:
        """Direction of the last 0.6 m travelled, so that a car at walking pace does not spin."""
        now = float(np.interp(seconds, self._grid, self._distance))
        if self._distance[-1] < 0.1:
            return 0.0
        low = min(max(now - 0.6, 0.0), float(self._distance[-1]) - 0.1)
        span = np.array([low, min(low + 0.6, float(self._distance[-1]))])
        rising = self._distance + np.arange(len(self._distance)) * 1e-9
        a, b = (self._at(t) for t in np.interp(span, rising, self._grid))
        return math.atan2(b[1] - a[1], b[0] - a[0])

    def still_since(self, seconds: float) -> float | None:
        """When the actor came to rest where it is now, or None while it moves."""
        if self.pose(seconds).moving:
            return None
        elsewhere = np.linalg.norm(self._places - self._at(seconds), axis=1) > 0.02
        away = np.nonzero(elsewhere & (self._grid <= seconds))[0]
        return float(self._grid[min(away[-1] + 1, len(self._grid) - 1)]) if len(away) else float(self._t[0])
