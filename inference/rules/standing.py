"""Since when a standing object counts: hours, grace and permits."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from inference.findings import ViolationKind
from inference.rules.rule import Concern, Dwell, Scene
from inference.stays.boxes import contact
from inference.stays.stay import Stay
from inference.zones.zone import Zone


def counts_from(stay: Stay, zone: Zone, permits: Iterable[Zone], at: datetime) -> datetime | None:
    """Since when `stay` violates `zone`, or None while it does not.

    Time before the zone's hours (and their grace) does not count, nor time under a permit that covers the place.
    """
    stretch = zone.schedule.stretch(at)
    if not stretch.in_force:
        return None
    since = max(stay.first_seen, stretch.since + timedelta(seconds=zone.grace.of(stay.object_class)))
    for permit in permits:
        if permit.covers(contact(stay.anchor)):
            permitted = permit.schedule.stretch(at)
            if permitted.in_force:
                return None
            since = max(since, permitted.since + timedelta(seconds=permit.grace.of(stay.object_class)))
    return since if since <= at else None


def concern_of(
    stay: Stay, zones: Iterable[Zone], permits: tuple[Zone, ...], scene: Scene, kind: ViolationKind, dwell: Dwell
) -> Concern | None:
    """The concern of the first zone that `stay` violates, or None."""
    for zone in zones:
        since = counts_from(stay, zone, permits, scene.at)
        if since is not None:
            seconds = dwell.seconds(kind, zone, stay.object_class)
            return Concern(kind=kind, zone=zone, stay=stay, counts_from=since, dwell=seconds)
    return None
