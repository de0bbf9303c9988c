"""Which detection of this look is which object of the looks before, although everything in the picture has moved.

Objects are kept as places on the ground, not as boxes: where the next picture must show them follows from the way of
the vehicle. What was followed until it was out of sight becomes an encounter.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import cos, radians, sin

from inference.frame import SizeWH
from inference.geo import LatLon
from inference.patrol.camera import PatrolCamera
from inference.patrol.fusion import fused
from inference.patrol.ground import seen_at
from inference.patrol.pose import Pose
from inference.patrol.sighting import Sighting
from inference.patrol.spread import Spread, round_spread
from inference.stays.appearance import likeness
from inference.stays.families import VEHICLES

GATE_WIDTHS = 3.0
"""Standard deviations between where an object is known to stand and where a detection lies."""
WAY_METRES = 0.6
"""One standard deviation of the way between two looks."""
LIKENESS_WORTH = 3.0
"""Standard deviations that the best likeness makes good."""
DRIVEN_OFF = 1.5
"""Standard deviations that count for a vehicle which is alike but has driven on: standing still explains more."""
FASTEST_TRAFFIC = 25.0
"""m/s, of a vehicle that is followed although it moves."""
BESIDE_METRES = 3.0
"""Ahead or behind, of something that lies beside the vehicle."""
LANE_METRES = 2.5
"""To the side, of a vehicle that moves along the street between two looks."""
SAME_MOVING = 0.5
"""Likeness from which a detection in another place is the vehicle that is missing in its own."""
MOST_SIGHTINGS = 12
GONE_METRES = 12.0
"""Driven since the last sighting of an object that ought to be in the picture."""
GONE_SECONDS = 60.0
MOST_FOLLOWED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """One object as far as it has been seen in this pass.

    Attributes:
        family: name of the family of classes.
        sightings: first, and the latest of those after it; at most `MOST_SIGHTINGS`.
        views: how many sightings there were.
        where: WGS84 of all sightings together.
        own: error of `where`, the receiver's left out.
        in_row: most vehicles that stood in a row with it in one look.
        slowest: metres per second, the least speed of the vehicle since the first sighting.
        passed_within: metres to the side at which the vehicle has driven past where it stands; None before that.
    """

    family: str
    sightings: tuple[Sighting, ...]
    where: LatLon
    own: Spread
    slowest: float
    views: int = 1
    in_row: int = 1
    passed_within: float | None = None

    @property
    def last(self) -> Sighting:
        """The latest sighting."""
        return self.sightings[-1]

    def seen(self, sighting: Sighting, in_row: int) -> "Followed":
        """The object after one more sighting."""
        sightings = (*self.sightings, sighting)
        if len(sightings) > MOST_SIGHTINGS:
            sightings = (sightings[0], *sightings[2:])
        where, own = fused([(s.where, s.own) for s in sightings])
        in_row = max(self.in_row, in_row)
        return replace(self, sightings=sightings, views=self.views + 1, where=where, own=own, in_row=in_row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One sighting of this look, with its family and the length of its row."""

    sighting: Sighting
    family: str
    in_row: int = 1

    def with_plate(self, plate: str | None) -> "Seen":
        """The same, with the number plate that was read."""
        return replace(self, sighting=replace(self.sighting, plate=plate))


class Following:
    """Everything that one pass follows at the moment. Not thread safe.

    Args:
        remembered: from before a restart.
    """

    def __init__(self, remembered: Sequence[Followed] = ()) -> None:
        self._open = list(remembered)

    @property
    def open(self) -> tuple[Followed, ...]:
        """What is followed."""
        return tuple(self._open)

    def drive(self, pose: Pose) -> bool:
        """Note how slow the vehicle is meanwhile, whether or not a picture is inspected; says whether that is news."""
        slower = any(pose.speed < f.slowest for f in self._open)
        if slower:
            self._open = [replace(f, slowest=pose.speed) if pose.speed < f.slowest else f for f in self._open]
        return slower

    def look(self, seen: Sequence[Seen], pose: Pose, camera: PatrolCamera, size_wh: SizeWH) -> list[Followed]:
        """Take in one look; returns what is out of sight now and will not be seen again in this drive past.

        Args:
            seen: everything placed in this look.
            pose: of this look.
            camera: its calibration.
            size_wh: pixels of the picture.
        """
        self._open = [_passed(followed, pose) for followed in self._open]
        pairs = _pairs(self._open, seen, pose)
        matched = {s for _, s in pairs}
        for o, s in pairs:
            self._open[o] = self._open[o].seen(seen[s].sighting, seen[s].in_row)
        for number, one in enumerate(seen):
            if number not in matched:
                s = one.sighting
                self._open.append(
                    Followed(
                        family=one.family,
                        sightings=(s,),
                        where=s.where,
                        own=s.own,
                        in_row=one.in_row,
                        slowest=pose.speed,
                    )
                )
        gone = [f for f in self._open if _is_gone(f, pose, camera, size_wh)]
        self._open = [f for f in self._open if f not in gone]
        spare = len(self._open) - MOST_FOLLOWED
        if spare > 0:
            gone += self._open[:spare]
            self._open = self._open[spare:]
        return gone

    def amend(self, change: Callable[[Followed], Followed]) -> None:
        """Put something to everything that is followed, e.g. pictures of this look."""
        self._open = [change(followed) for followed in self._open]

    def finish(self) -> list[Followed]:
        """Everything that is still followed, at the end of a pass."""
        gone, self._open = self._open, []
        return gone


def _pairs(known: Sequence[Followed], seen: Sequence[Seen], pose: Pose) -> list[tuple[int, int]]:
    """Objects and detections, the best pairs first: one that stands, or a vehicle that has driven on in its lane."""
    ranked: list[tuple[float, int, int]] = []
    for o, followed in enumerate(known):
        for s, one in enumerate(seen):
            if one.family == followed.family:
                off = _stands_off(followed, one.sighting)
                if off > DRIVEN_OFF and _can_have_driven(followed, one.sighting, pose):
                    off = DRIVEN_OFF
                if off <= GATE_WIDTHS:
                    ranked.append((off - LIKENESS_WORTH * _alike(followed.last, one.sighting), o, s))
    return _greedy(ranked)


def _stands_off(followed: Followed, sighting: Sighting) -> float:
    """Standard deviations between where an object stands and where something was seen."""
    spread = sighting.own.plus(followed.own).plus(round_spread(WAY_METRES))
    return spread.widths_to(*followed.where.east_north_to(sighting.where))


def _can_have_driven(followed: Followed, after: Sighting, pose: Pose) -> bool:
    before = followed.last
    seconds = (after.at - before.at).total_seconds()
    if followed.family != VEHICLES.name or pose.heading is None or seconds <= 0:
        return False
    along, across = _along_across(before.where, after.where, pose.heading)
    alike = _alike(before, after)
    return alike >= SAME_MOVING and abs(along) <= FASTEST_TRAFFIC * seconds and abs(across) <= LANE_METRES


def _greedy(ranked: list[tuple[float, int, int]]) -> list[tuple[int, int]]:
    chosen: list[tuple[int, int]] = []
    left, right = set[int](), set[int]()
    for _, o, s in sorted(ranked):
        if o not in left and s not in right:
            chosen.append((o, s))
            left.add(o)
            right.add(s)
    return chosen


def _alike(a: Sighting, b: Sighting) -> float:
    return likeness(a.patch, b.patch) if a.patch and b.patch else 0.0


def _passed(followed: Followed, pose: Pose) -> Followed:
    """With how far to the side of the way it stands, where that is beside it now."""
    if pose.heading is None:
        return followed
    along, across = _along_across(pose.where, followed.where, pose.heading)
    if abs(along) > BESIDE_METRES:
        return followed
    before = followed.passed_within
    return replace(followed, passed_within=abs(across) if before is None else min(before, abs(across)))


def _along_across(origin: LatLon, where: LatLon, heading: float) -> tuple[float, float]:
    """Metres along a heading and to the right of it."""
    east, north = origin.east_north_to(where)
    c, s = cos(radians(heading)), sin(radians(heading))
    return east * s + north * c, east * c - north * s


def _is_gone(followed: Followed, pose: Pose, camera: PatrolCamera, size_wh: SizeWH) -> bool:
    """Whether it is behind the picture, or has not been seen for so long that it has driven off."""
    if followed.last.at == pose.at:
        return False
    if _seconds_between(followed.last.at, pose.at) > GONE_SECONDS:
        return True
    if followed.last.seen_from.metres_to(pose.where) > GONE_METRES:
        return True
    at = seen_at(followed.where, size_wh, camera, pose)
    return at is None or not (0 <= at[0] <= 1 and at[1] <= 1)


def _seconds_between(a: datetime, b: datetime) -> float:
    return (b - a).total_seconds()
