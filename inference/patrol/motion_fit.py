"""Does an object stand on the ground while the camera drives past it?"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

from inference.patrol.sighting import Sighting

MOVES_FROM = 1.0
"""m/s over the ground: slower is standing, or walking with a cart."""
SURE_WIDTHS = 2.5
"""Standard deviations of its speed by which something must move to be called moving."""
STANDS_BELOW = 1.5
"""m/s: what is slower than this, its error twice included, stands."""
SHARE_OF_OWN = 0.6
"""What is surely slower than this share of the speed of the camera does not drive along with it."""
STEADIEST_METRES = 0.3
"""One standard deviation that the way itself has between two looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Motion:
    """What several looks say of an object's movement.

    Attributes:
        speed: metres per second over the ground.
        error: one standard deviation of it, on each axis.
        own_speed: metres per second of the camera meanwhile.
    """

    speed: float
    error: float
    own_speed: float

    @property
    def moves(self) -> bool:
        """Whether it surely moved."""
        return self.speed > MOVES_FROM and self.speed > SURE_WIDTHS * self.error

    @property
    def stands(self) -> bool:
        """Whether it surely did not."""
        return not self.moves and self.speed + 2 * self.error < max(STANDS_BELOW, SHARE_OF_OWN * self.own_speed)


def motion_of(sightings: Sequence[Sighting]) -> Motion | None:
    """The steady velocity that fits the sightings best, weighed by their errors; None for fewer than two moments."""
    if len(sightings) < 2:
        return None
    began, origin = sightings[0].at, sightings[0].where
    times = [(s.at - began).total_seconds() for s in sightings]
    places = [origin.east_north_to(s.where) for s in sightings]
    weights = [1 / (s.own.metres**2 / 2 + STEADIEST_METRES**2) for s in sightings]
    whole = sum(weights)
    middle = sum(w * t for w, t in zip(weights, times, strict=True)) / whole
    lever = sum(w * (t - middle) ** 2 for w, t in zip(weights, times, strict=True))
    if lever <= 0 or times[-1] <= 0:
        return None
    east, north = (
        sum(w * (t - middle) * place[axis] for w, t, place in zip(weights, times, places, strict=True)) / lever
        for axis in (0, 1)
    )
    driven = hypot(*sightings[0].seen_from.east_north_to(sightings[-1].seen_from))
    return Motion(speed=hypot(east, north), error=lever**-0.5, own_speed=driven / times[-1])
