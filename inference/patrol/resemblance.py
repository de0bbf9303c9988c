"""Is it the same object, seen on another pass? By its plate where one was read, else by what it looks like."""

from inference.patrol.encounter import Encounter
from inference.patrol.sighting import Sighting
from inference.stays.appearance import likeness

NEAR_METRES = 18.0
"""Looks from nearer show more than their outline; where there are some, only they are compared."""


def resemblance(a: Encounter, b: Encounter) -> float | None:
    """How alike two encounters are, -1..1: the two looks that are most alike; None where nothing can be compared.

    Two passes never look from the same spot, so most pairs of looks show two sides of one vehicle.
    """
    if a.plate is not None and b.plate is not None:
        return 1.0 if a.plate == b.plate else -1.0
    pairs = [
        likeness(one.patch, other.patch)
        for one in _telling(a.sightings)
        for other in _telling(b.sightings)
        if one.patch is not None and other.patch is not None and (one.right >= 0) == (other.right >= 0)
    ]
    return max(pairs, default=None)


def _telling(sightings: tuple[Sighting, ...]) -> list[Sighting]:
    shown = [sighting for sighting in sightings if sighting.patch is not None]
    near = [sighting for sighting in shown if sighting.distance <= NEAR_METRES]
    return near or shown
