"""Illegal parking: a vehicle stands in a no-parking zone for longer than its dwell (道交法 art. 56, GA/T 832)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from inference.findings import ViolationKind
from inference.rules.rule import Concern, Dwell, Grounds, Scene, is_sure
from inference.rules.standing import concern_of
from inference.stays.boxes import contact
from inference.stays.families import LIGHT_VEHICLES, VEHICLES
from inference.stays.stay import Glimpse, Stay
from inference.zones.zone import ZoneKind

QUEUE_PATIENCE_SECONDS = 150.0
"""A row of vehicles in a lane is taken for a queue for this long: longer than any red phase."""
QUEUE_LEAST = 3
QUEUE_ARRIVAL_SECONDS = 90.0
QUEUE_REACH = 0.6
"""Neighbours in a queue stand closer than this share of a vehicle's box."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IllegalParking:
    """Vehicles whose ground contact lies in a no-parking zone and outside every permitted bay.

    Attributes:
        dwell: how long they may stand.
        classes: detector classes that can park illegally.
    """

    dwell: Dwell
    classes: frozenset[str] = field(default=VEHICLES.classes | LIGHT_VEHICLES.classes)
    kind: ViolationKind = ViolationKind.ILLEGAL_PARKING

    def concerns(self, scene: Scene) -> Iterator[Concern]:
        """Vehicles that stand in a no-parking zone now."""
        zones, permits = scene.zones(ZoneKind.NO_PARKING), scene.zones(ZoneKind.PERMITTED_BAY)
        for entry in scene.entries:
            stay = entry.stay
            if stay.object_class not in self.classes or stay.detections < 2:
                continue
            here = [zone for zone in zones if zone.covers(contact(stay.anchor))]
            concern = concern_of(stay, here, permits, scene, self.kind, self.dwell)
            if concern is not None:
                yield concern

    def check(self, scene: Scene) -> Iterator[Grounds]:
        """Vehicles that have stood long enough and were detected in this look."""
        detected = {entry.stay.key for entry in scene.entries if entry.glimpse is Glimpse.DETECTED}
        vehicles = [entry.stay for entry in scene.entries if entry.stay.object_class in self.classes]
        for concern in self.concerns(scene):
            stay, stood = concern.stay, (scene.at - concern.counts_from).total_seconds()
            needed = concern.dwell
            if concern.zone.queue and _in_queue(stay, vehicles):
                needed = max(needed, QUEUE_PATIENCE_SECONDS)
            if stay.key in detected and stood >= needed and is_sure(stay, scene.opens_at):
                yield Grounds(concern=concern, rule=f"illegal-parking/1 dwell {needed:g} s")


def _in_queue(stay: Stay, vehicles: Sequence[Stay]) -> bool:
    """Whether at least `QUEUE_LEAST` vehicles that came shortly after one another stand in a row with this one."""
    row, grown = [stay], True
    while grown:
        grown = False
        for other in vehicles:
            if other not in row and any(_follows(other, member) for member in row):
                row.append(other)
                grown = True
    return len(row) >= QUEUE_LEAST


def _follows(a: Stay, b: Stay) -> bool:
    reach_x = QUEUE_REACH * max(a.anchor[2] - a.anchor[0], b.anchor[2] - b.anchor[0])
    reach_y = QUEUE_REACH * max(a.anchor[3] - a.anchor[1], b.anchor[3] - b.anchor[1])
    gap_x = max(a.anchor[0], b.anchor[0]) - min(a.anchor[2], b.anchor[2])
    gap_y = max(a.anchor[1], b.anchor[1]) - min(a.anchor[3], b.anchor[3])
    apart = abs((a.first_seen - b.first_seen).total_seconds())
    return gap_x <= reach_x and gap_y <= reach_y and apart <= QUEUE_ARRIVAL_SECONDS
