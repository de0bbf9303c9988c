"""Sampling by distance: each stretch of a street is inspected once a pass, at steps of at most five metres."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import floor

from inference.geo import LatLon
from inference.patrol.pose import Pose

STEP_METRES = 4.5
"""From here on a picture is due, unless the next one is still within the 5 m that are promised."""
LATEST_METRES = 4.95
"""Where the next picture would lie beyond this, there is no waiting for it."""
EARLY_METRES = 3.5
"""For a key picture, which is decoded alone: to wait for another one costs all pictures up to there."""
CLOSER_METRES = 1.5
"""While something near has been seen only once: a second view of it must come before it is out of sight."""
AGAIN_AFTER = timedelta(minutes=5)
"""A stretch that is driven again in the same direction after so long is looked at again: it is another pass by."""
CELL_METRES = 5.0
DEGREES_PER_METRE = 1 / 111_320
DIRECTIONS = 8
MOST_CELLS = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """Where and when (aware UTC) a picture was inspected."""

    where: LatLon
    at: datetime


class DistanceSampling:
    """Says which pictures of one pass are inspected.

    Args:
        last: where the last picture was inspected, from before a restart.
        cells: what was inspected, by square and direction, from before a restart.
    """

    def __init__(self, last: LatLon | None = None, cells: dict[str, Inspected] | None = None) -> None:
        self.last = last
        self.cells = dict(cells or {})
        self._asked: datetime | None = None

    def wants(self, pose: Pose, *, closer: bool = False, cheap: bool = False) -> bool:
        """Whether the vehicle has come so far since the last inspected picture that the next one is due.

        Args:
            pose: of the next picture.
            closer: something near waits for its second view.
            cheap: it is decoded alone, so that it is taken a little earlier.
        """
        asked, self._asked = self._asked, pose.at
        if self.last is None:
            return True
        metres = self.last.metres_to(pose.where)
        if closer and metres >= CLOSER_METRES:
            return True
        step = EARLY_METRES if cheap else STEP_METRES
        return metres >= step and (cheap or not _may_wait(pose, metres, asked)) and not self._seen(pose, step)

    def inspected(self, pose: Pose) -> None:
        """Note that a picture has been inspected here."""
        self.last = pose.where
        row, column, direction = _cell(pose)
        self.cells.pop(f"{row},{column},{direction}", None)
        self.cells[f"{row},{column},{direction}"] = Inspected(where=pose.where, at=pose.at)
        for key in [key for key, one in self.cells.items() if pose.at - one.at >= AGAIN_AFTER]:
            del self.cells[key]  # it may be looked at again: nothing to remember
        while len(self.cells) > MOST_CELLS:
            del self.cells[next(iter(self.cells))]

    def _seen(self, pose: Pose, step: float) -> bool:
        """Whether a picture was inspected less than `step` metres from here a short while ago, looking the same way."""
        row, column, direction = _cell(pose)
        near = (self.cells.get(f"{row + r},{column + c},{direction}") for r in (-1, 0, 1) for c in (-1, 0, 1))
        return any(
            one is not None
            and timedelta(0) <= pose.at - one.at < AGAIN_AFTER
            and one.where.metres_to(pose.where) < step
            for one in near
        )


def _may_wait(pose: Pose, metres: float, asked: datetime | None) -> bool:
    """Whether the next picture, as far from this one as this from the one asked about before, is early enough."""
    if asked is None or asked == pose.at:
        return False
    between = abs(pose.at - asked).total_seconds()
    return metres + pose.speed * between <= LATEST_METRES


def _cell(pose: Pose) -> tuple[int, int, str]:
    """A square of the ground and the direction in which it is driven through."""
    size = CELL_METRES * DEGREES_PER_METRE
    direction = "-" if pose.heading is None else str(round(pose.heading / 360 * DIRECTIONS) % DIRECTIONS)
    return floor(pose.where.lat / size), floor(pose.where.lon / size), direction
