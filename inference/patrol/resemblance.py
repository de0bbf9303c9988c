"""Is it the same object, seen on another pass? By its plate where one was read, else by what it looks like."""

from statistics import median

from inference.patrol.encounter import Encounter
from inference.patrol.sighting import Sighting
from inference.stays.appearance import likeness

SIMILAR_DISTANCE = 1.6
"""Times as far away: looks from about the same distance and side are compared."""


def resemblance(a: Encounter, b: Encounter) -> float | None:
    """How alike two encounters are, -1..1; None where nothing can be compared."""
    if a.plate is not None and b.plate is not None:
        return 1.0 if a.plate == b.plate else -1.0
    best = [max(values) for sighting in b.sightings if (values := _likenesses(sighting, a))]
    return median(best) if best else None


def _likenesses(sighting: Sighting, other: Encounter) -> list[float]:
    if sighting.patch is None:
        return []
    seen = [(s.patch, s) for s in other.sightings if s.patch is not None]
    similar = [patch for patch, s in seen if _similar_view(s, sighting)]
    return [likeness(patch, sighting.patch) for patch in similar or [patch for patch, _ in seen]]


def _similar_view(a: Sighting, b: Sighting) -> bool:
    near, far = sorted((a.distance, b.distance))
    return far <= SIMILAR_DISTANCE * near and (a.right >= 0) == (b.right >= 0)
