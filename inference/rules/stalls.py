"""Stall encroachment: trade that stands where it must not, as a detected stall or as the parts of one.

By parts: a parasol, table, cart or goods that stand in the zone with a person at them for most of the time. This works
with a detector that does not know stalls.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inference.findings import ViolationKind
from inference.rules.rule import Concern, Dwell, Grounds, Scene, is_sure
from inference.rules.standing import concern_of
from inference.stays.book import Entry
from inference.stays.boxes import contact, covered_share
from inference.stays.families import STALL_PARTS, STALLS, VEHICLES
from inference.stays.stay import Glimpse, Stay
from inference.zones.zone import Zone, ZoneKind

BEYOND_SHARE = 0.5
"""Share of an object's ground edge on the pavement side of a shop-front line."""
ATTENDED_SHARE = 0.5
"""Share of the looks in which a person is at the parts."""
TOGETHER_REACH = 0.75
"""Parts closer than this share of the larger one belong to one stall."""
TELLING_PARTS = frozenset({"umbrella", "parasol", "dining table", "table", "goods", "cart"})
"""Parts that make a stall with a person alone; chairs, benches and tricycles only join one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StallEncroachment:
    """Stalls in a no-stalls zone or beyond a shop-front line, outside every permitted market whose hours run.

    Attributes:
        dwell: how long they may stand (a moving vendor is no stall).
        telling_parts: detector classes that make a stall together with a person.
    """

    dwell: Dwell
    telling_parts: frozenset[str] = TELLING_PARTS
    kind: ViolationKind = ViolationKind.STALL_ENCROACHMENT

    def concerns(self, scene: Scene) -> Iterator[Concern]:
        """Stalls and attended parts that stand where they must not."""
        for entry in scene.entries:
            if entry.stay.detections >= 2 and self._is_trade(entry.stay):
                concern = self._concern(entry.stay, scene)
                if concern is not None:
                    yield concern

    def check(self, scene: Scene) -> Iterator[Grounds]:
        """One grounds per stall that has stood long enough, with all parts that belong to it."""
        detected = {entry.stay.key for entry in scene.entries if entry.glimpse is Glimpse.DETECTED}
        told: set[str] = set()
        for concern in sorted(self.concerns(scene), key=lambda concern: self._rank(concern.stay)):
            stay = concern.stay
            stood = (scene.at - concern.counts_from).total_seconds()
            if stay.key in told or stood < concern.dwell or not is_sure(stay, scene.opens_at):
                continue
            together = [other for other in _together(stay, scene.entries) if self._tells(other)]
            told |= {other.key for other in together}
            if stay.key in detected:
                how = "stall" if stay.family == STALLS.name else "parts"
                yield Grounds(
                    concern=concern,
                    rule=f"stall-encroachment/1 by {how}, dwell {concern.dwell:g} s",
                    with_stays=tuple(together),
                )

    def _tells(self, stay: Stay) -> bool:
        """Whether it can be found by itself. A bench cannot, so it also carries no report on to the next stall."""
        return stay.family == STALLS.name or stay.object_class in self.telling_parts

    def _is_trade(self, stay: Stay) -> bool:
        if stay.family == STALLS.name:
            return True
        attended = stay.attended >= ATTENDED_SHARE * (stay.detections + stay.held)
        return stay.object_class in self.telling_parts and attended

    def _concern(self, stay: Stay, scene: Scene) -> Concern | None:
        here = [z for z in scene.zones(ZoneKind.NO_STALLS, ZoneKind.SHOP_FRONT) if _violates(stay, z)]
        permits = scene.zones(ZoneKind.PERMITTED_MARKET)
        return concern_of(stay, here, permits, scene, self.kind, self.dwell)

    def _rank(self, stay: Stay) -> tuple[bool, float, str]:
        """A detected stall speaks before its parts, a larger part before a smaller one."""
        x1, y1, x2, y2 = stay.anchor
        return stay.family != STALLS.name, -(x2 - x1) * (y2 - y1), stay.key


def _violates(stay: Stay, zone: Zone) -> bool:
    if zone.is_line:
        x1, _, x2, y2 = stay.anchor
        return zone.share_beyond((x1, y2), (x2, y2)) >= BEYOND_SHARE
    return zone.covers(contact(stay.anchor))


def _together(stay: Stay, entries: Sequence[Entry]) -> list[Stay]:
    """All stays of stall-like families that belong to one stall with `stay`, itself left out."""
    families = {STALLS.name, STALL_PARTS.name, VEHICLES.name}
    others = [e.stay for e in entries if e.stay.family in families and e.stay.key != stay.key]
    others = [o for o in others if o.family != VEHICLES.name or o.object_class == "tricycle"]
    group, grown = [stay], True
    while grown:
        grown = False
        for other in others:
            if other not in group and any(_near(other, member) for member in group):
                group.append(other)
                grown = True
    return group[1:]


def _near(a: Stay, b: Stay) -> bool:
    if a.family == b.family == STALLS.name:
        return False  # two detected stalls are two stalls, however close
    reach_x = TOGETHER_REACH * max(a.anchor[2] - a.anchor[0], b.anchor[2] - b.anchor[0]) / 2
    reach_y = TOGETHER_REACH * max(a.anchor[3] - a.anchor[1], b.anchor[3] - b.anchor[1]) / 2
    grown = (a.anchor[0] - reach_x, a.anchor[1] - reach_y, a.anchor[2] + reach_x, a.anchor[3] + reach_y)
    return covered_share(b.anchor, grown) > 0
