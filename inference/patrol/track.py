"""A track: the way of one pass, and where the camera was at any time of it."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import atan2, degrees, hypot

from inference.patrol.fix import USUAL_ACCURACY_METRES, Fix
from inference.patrol.pose import Pose
from inference.patrol.smoothing import Moving, smoothed

USUAL_STEP_SECONDS = 3.0
"""Between two fixes; where they are further apart, a pose between them is bridged."""
LONGEST_BRIDGE_SECONDS = 12.0
"""Between two fixes; where they are further apart, nobody knows where the vehicle was: a gap."""
MOVING_METRES_PER_SECOND = 1.0
"""Below it the way says nothing about where the vehicle points; it points where it pointed before."""
UNKNOWN_ACCELERATION = 1.0
"""m/s², between two fixes: half of it times the square of the time to the nearer fix is added to the error."""
LARGEST_HEADING_ERROR = 90.0
STATED_HEADING_ERROR = 15.0
"""Degrees, of a heading that a receiver states although nothing moves: a compass, or the last course."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A time without fixes: from the last one before to the first one after, and metres between them."""

    start: datetime
    end: datetime
    metres: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waypoint:
    moving: Moving
    heading: float | None
    heading_error: float


class Track:
    """Ordered fixes, smoothed; unchangeable.

    Args:
        fixes: at least one, times strictly growing (`cleaning.cleaned` makes them so).

    Raises:
        ValueError: no fix, or times that do not grow.
    """

    def __init__(self, fixes: Sequence[Fix]) -> None:
        if not fixes:
            raise ValueError("a track needs at least one fix")
        if any(after.at <= before.at for before, after in pairwise(fixes)):
            raise ValueError("the times of a track must grow; clean it first")
        self.fixes = tuple(fixes)
        self._origin = fixes[0].where
        self._times = [(fix.at - fixes[0].at).total_seconds() for fix in fixes]
        self._way = [point for stretch in self._stretches() for point in self._waypoints(stretch)]

    @property
    def start(self) -> datetime:
        """Aware UTC of the first fix."""
        return self.fixes[0].at

    @property
    def end(self) -> datetime:
        """Aware UTC of the last fix."""
        return self.fixes[-1].at

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Where nobody knows where the vehicle was."""
        return tuple(
            Gap(start=before.at, end=after.at, metres=before.where.metres_to(after.where))
            for before, after in pairwise(self.fixes)
            if (after.at - before.at).total_seconds() > LONGEST_BRIDGE_SECONDS
        )

    @property
    def metres(self) -> float:
        """Length of the smoothed way, gaps left out."""
        return sum(
            hypot(b.moving.position[0] - a.moving.position[0], b.moving.position[1] - a.moving.position[1])
            for (a, b), (t, u) in zip(pairwise(self._way), pairwise(self._times), strict=True)
            if u - t <= LONGEST_BRIDGE_SECONDS
        )

    def shifted(self, seconds: float) -> "Track":
        """The same way, every time later by `seconds`."""
        step = timedelta(seconds=seconds)
        return Track(
            [
                Fix(at=f.at + step, where=f.where, speed=f.speed, heading=f.heading, accuracy=f.accuracy)
                for f in self.fixes
            ]
        )

    def at(self, time: datetime) -> Pose | None:
        """Where the camera was at `time` (aware UTC); None before the first fix, after the last, and in a gap."""
        seconds = (time - self.start).total_seconds()
        if not 0 <= seconds <= self._times[-1]:
            return None
        after = bisect_right(self._times, seconds)
        if after == len(self._times):
            return self._pose(time, self._way[-1], self._way[-1], after - 1, after - 1, 0.0, 0.0)
        step, into = self._times[after] - self._times[after - 1], seconds - self._times[after - 1]
        if step > LONGEST_BRIDGE_SECONDS and into > 0:
            return None
        return self._pose(time, self._way[after - 1], self._way[after], after - 1, after, step, into)

    def _pose(
        self, time: datetime, a: _Waypoint, b: _Waypoint, before: int, after: int, step: float, into: float
    ) -> Pose:
        share = into / step if step else 0.0
        east, north = _between(a.moving, b.moving, step, share)
        speed = hypot(*(x + share * (y - x) for x, y in zip(a.moving.velocity, b.moving.velocity, strict=True)))
        stated = self.fixes[before if share < 0.5 else after].accuracy or USUAL_ACCURACY_METRES
        bridged = step > USUAL_STEP_SECONDS
        unknown = 0.5 * UNKNOWN_ACCELERATION * min(into, step - into) ** 2 if bridged else 0.0
        nearer = a if share < 0.5 else b
        return Pose(
            at=time,
            where=self._origin.moved(east, north),
            speed=speed,
            heading=_heading_between(a.heading, b.heading, share),
            position_error=hypot(stated, unknown),
            heading_error=nearer.heading_error,
            bridged=bridged,
        )

    def _stretches(self) -> list[Sequence[Fix]]:
        """The fixes, cut at every gap."""
        cuts = [
            number
            for number in range(1, len(self.fixes))
            if self._times[number] - self._times[number - 1] > LONGEST_BRIDGE_SECONDS
        ]
        return [self.fixes[a:b] for a, b in pairwise([0, *cuts, len(self.fixes)])]

    def _waypoints(self, stretch: Sequence[Fix]) -> list[_Waypoint]:
        moving = smoothed(stretch, self._origin)
        headings = [_heading_of(state) for state in moving]
        stated = ((fix.heading, STATED_HEADING_ERROR) for fix in stretch if fix.heading is not None)
        known = next((heading for heading in headings if heading is not None), None) or next(stated, None)
        way: list[_Waypoint] = []
        for state, heading in zip(moving, headings, strict=True):
            known = heading or known
            degrees_off = known[1] if known else LARGEST_HEADING_ERROR
            way.append(_Waypoint(moving=state, heading=known[0] if known else None, heading_error=degrees_off))
        return way


def _heading_of(state: Moving) -> tuple[float, float] | None:
    """Degrees and their error, of a vehicle that moves."""
    east, north = state.velocity
    speed = hypot(east, north)
    if speed < MOVING_METRES_PER_SECOND:
        return None
    error = min(LARGEST_HEADING_ERROR, degrees(atan2(state.velocity_error, speed)))
    return degrees(atan2(east, north)) % 360.0, error


def _between(a: Moving, b: Moving, step: float, share: float) -> tuple[float, float]:
    """Cubic between two states with the velocity that each has (Hermite)."""
    s2, s3 = share * share, share**3
    h00, h10, h01, h11 = 2 * s3 - 3 * s2 + 1, s3 - 2 * s2 + share, 3 * s2 - 2 * s3, s3 - s2
    east, north = (
        h00 * a.position[i] + h10 * step * a.velocity[i] + h01 * b.position[i] + h11 * step * b.velocity[i]
        for i in (0, 1)
    )
    return east, north


def _heading_between(a: float | None, b: float | None, share: float) -> float | None:
    """The shorter way round."""
    if a is None or b is None:
        return a if b is None else b
    return (a + share * ((b - a + 180) % 360 - 180)) % 360.0
