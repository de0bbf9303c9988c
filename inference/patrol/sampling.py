"""Sampling by distance: each stretch of a street is inspected once a pass, at steps of at most five metres."""

from datetime import datetime, timedelta
from math import floor

from inference.geo import LatLon
from inference.patrol.pose import Pose

STEP_METRES = 4.5
"""Below the 5 m that are promised, because a picture lies beside the point where it is due."""
CLOSER_METRES = 1.5
"""While something near has been seen only once: a second view of it must come before it is out of sight."""
AGAIN_AFTER = timedelta(minutes=5)
"""A stretch that is driven again in the same direction after so long is looked at again: it is another pass by."""
CELL_METRES = 5.0
DEGREES_PER_METRE = 1 / 111_320
DIRECTIONS = 8
MOST_CELLS = 4_000


class DistanceSampling:
    """Says which pictures of one pass are inspected.

    Args:
        last: where the last picture was inspected, from before a restart.
        cells: stretches that were inspected, with when, from before a restart.
    """

    def __init__(self, last: LatLon | None = None, cells: dict[str, datetime] | None = None) -> None:
        self.last = last
        self.cells = dict(cells or {})

    def wants(self, pose: Pose, *, closer: bool = False) -> bool:
        """Whether the vehicle has come so far since the last inspected picture that the next one is due.

        Args:
            pose: of the next picture.
            closer: something near waits for its second view.
        """
        if self.last is None:
            return True
        metres = self.last.metres_to(pose.where)
        if closer and metres >= CLOSER_METRES:
            return True
        if metres < STEP_METRES:
            return False
        seen = self.cells.get(_cell(pose))
        return seen is None or not timedelta(0) <= pose.at - seen < AGAIN_AFTER

    def inspected(self, pose: Pose) -> None:
        """Note that a picture has been inspected here."""
        self.last = pose.where
        self.cells.pop(_cell(pose), None)
        self.cells[_cell(pose)] = pose.at
        while len(self.cells) > MOST_CELLS:
            del self.cells[next(iter(self.cells))]


def _cell(pose: Pose) -> str:
    """A square of the ground and the direction in which it is driven through."""
    size = CELL_METRES * DEGREES_PER_METRE
    direction = "-" if pose.heading is None else str(round(pose.heading / 360 * DIRECTIONS) % DIRECTIONS)
    return f"{floor(pose.where.lat / size)},{floor(pose.where.lon / size)},{direction}"
