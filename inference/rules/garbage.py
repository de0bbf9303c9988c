"""Exposed garbage: loose rubbish or an overflowing bin, seen again after a while in a place that must be clean.

The filing condition (domestic waste outside a container, GB/T 30428.8 in its city editions) needs no dwell; the wait
between two looks spares bags that are put out just before the collection.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from inference.findings import ViolationKind
from inference.rules.rule import Concern, Dwell, Grounds, Scene, is_sure
from inference.rules.standing import concern_of
from inference.stays.boxes import contact
from inference.stays.families import RUBBISH
from inference.stays.stay import Glimpse
from inference.zones.zone import ZoneKind

LEAST_OBSERVATIONS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposedGarbage:
    """Rubbish in a keep-clean zone, outside every collection point whose hours run.

    Attributes:
        dwell: time between the first and the deciding observation.
    """

    dwell: Dwell
    kind: ViolationKind = ViolationKind.EXPOSED_GARBAGE

    def concerns(self, scene: Scene) -> Iterator[Concern]:
        """Rubbish that lies in a keep-clean zone now."""
        zones, permits = scene.zones(ZoneKind.KEEP_CLEAN), scene.zones(ZoneKind.COLLECTION_POINT)
        for entry in scene.entries:
            if entry.stay.family != RUBBISH.name or entry.stay.detections < LEAST_OBSERVATIONS:
                continue
            here = [zone for zone in zones if zone.covers(contact(entry.stay.anchor))]
            concern = concern_of(entry.stay, here, permits, scene, self.kind, self.dwell)
            if concern is not None:
                yield concern

    def check(self, scene: Scene) -> Iterator[Grounds]:
        """Rubbish that was seen again at least the dwell after the first time."""
        detected = {entry.stay.key for entry in scene.entries if entry.glimpse is Glimpse.DETECTED}
        for concern in self.concerns(scene):
            lain = (scene.at - concern.counts_from).total_seconds()
            sure = is_sure(concern.stay, scene.opens_at, LEAST_OBSERVATIONS)
            if concern.stay.key in detected and lain >= concern.dwell and sure:
                yield Grounds(concern=concern, rule=f"exposed-garbage/1 seen again after {concern.dwell:g} s")
