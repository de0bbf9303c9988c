"""From an object that was followed until it was out of sight to the encounter that stays of it."""

from datetime import datetime

from inference.patrol.encounter import Encounter
from inference.patrol.following import Followed
from inference.patrol.motion_fit import motion_of

OWN_LANE_METRES = 1.4
"""To the side of the vehicle's own way: what stands there stands where it drives."""


def encounter_of(followed: Followed, vehicle: str, started: datetime) -> Encounter:
    """The encounter of one object.

    Args:
        followed: what was seen.
        vehicle: identifier of the patrol vehicle.
        started: aware UTC, when its pass began.
    """
    motion = motion_of(followed.sightings)
    nearest = min(followed.sightings, key=lambda s: s.distance)
    aside = abs(nearest.right) if followed.passed_within is None else followed.passed_within
    return Encounter(
        vehicle=vehicle,
        started=started,
        family=followed.family,
        sightings=followed.sightings,
        views=followed.views,
        where=followed.where,
        own=followed.own,
        shared=min(s.shared for s in followed.sightings),
        speed=motion.speed if motion else None,
        moving=motion is not None and motion.moves,
        stands=motion is not None and motion.stands,
        in_row=followed.in_row,
        slowest=followed.slowest,
        in_own_lane=aside < OWN_LANE_METRES,
    )
