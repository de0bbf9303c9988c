"""Sampling by distance: each stretch of a street is inspected once a pass, at steps of at most five metres."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, floor

from inference.geo import LatLon
from inference.patrol.pose import Pose

STEP_METRES = 4.5
"""From here on a picture is due, unless the next one is still within the 5 m that are promised."""
LATEST_METRES = 4.95
"""Where the next picture would lie beyond this, there is no waiting for it."""
CLOSER_METRES = 1.5
"""While something near has been seen only once: a second view of it must come before it is out of sight."""
CLOSER_LATEST_METRES = 3.5
"""By which it comes out of a recording, where a key picture, which is decoded alone, may be waited for."""
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
        self._refused: LatLon | None = None

    def wants(self, pose: Pose, *, closer: bool = False) -> bool:
        """Whether the vehicle has come so far since the last inspected picture that the next one is due.

        Args:
            pose: of the next picture.
            closer: something near waits for its second view.
        """
        asked, self._asked = self._asked, pose.at
        if self._just_refused(pose):
            return False
        if self.last is None:
            return True
        metres = self.last.metres_to(pose.where)
        if closer and metres >= CLOSER_METRES:
            return True
        return metres >= STEP_METRES and not _may_wait(pose, metres, asked) and not self._seen(pose)

    def choice(self, ahead: Sequence[Pose | None], then: Pose | None, *, closer: bool = False) -> int | None:
        """Which of the next pictures of a recording is inspected, where decoding one costs all in front of it.

        As few as can be are inspected before `then`, each as early as the steps up to there allow.

        Args:
            ahead: of the pictures in order, up to the next one that is decoded alone; None where nobody knows.
            then: of that one; None at the end.
            closer: something near waits for its second view.

        Returns:
            The index; None where the next choice is soon enough.
        """
        metres = self._driven([*ahead, then])
        if not metres:
            return None
        reach = CLOSER_LATEST_METRES if closer else LATEST_METRES
        whole = metres[max(metres)]
        before = ceil(whole / reach) - 1  # pictures that have to be inspected before `then`
        if self.last is not None and before < 1:
            return None
        due = max((whole - reach) / max(before, 1), CLOSER_METRES)
        early: int | None = None
        for index, pose in enumerate(ahead):
            if pose is None or index not in metres or self._just_refused(pose):
                continue
            if self.last is None:
                return index
            if metres[index] < CLOSER_METRES or (not closer and self._seen(pose)):
                continue
            if metres[index] > reach and early is not None:
                return early
            if metres[index] >= due:
                return index
            early = index
        return early

    def refused(self, pose: Pose) -> None:
        """Note that the picture taken here shows nothing: the next one is tried a little further on."""
        self._refused = pose.where

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

    def _just_refused(self, pose: Pose) -> bool:
        return self._refused is not None and self._refused.metres_to(pose.where) < CLOSER_METRES

    def _driven(self, poses: Sequence[Pose | None]) -> dict[int, float]:
        """Metres from the last inspected picture along the way to each pose that is known, by its index."""
        metres: dict[int, float] = {}
        where, along = self.last, 0.0
        for index, pose in enumerate(poses):
            if pose is not None and pose.heading is not None:
                along += where.metres_to(pose.where) if where else 0.0
                where, metres[index] = pose.where, along
        return metres

    def _seen(self, pose: Pose) -> bool:
        """Whether a picture was inspected here a short while ago, nearer than the last one and looking the same way."""
        row, column, direction = _cell(pose)
        within = STEP_METRES if self.last is None else min(STEP_METRES, self.last.metres_to(pose.where))
        near = (self.cells.get(f"{row + r},{column + c},{direction}") for r in (-1, 0, 1) for c in (-1, 0, 1))
        return any(
            one is not None
            and timedelta(0) <= pose.at - one.at < AGAIN_AFTER
            and one.where.metres_to(pose.where) < within
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
