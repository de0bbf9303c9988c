"""Illegal parking as moving eyes can see it: the same vehicle in the same place on two passes.

A patrol does not see how long something stands. What it finds asks for the road to be cleared and is no ground for a
penalty: that needs the evidence of GA/T 832 and a person's review (行政处罚法 art. 41), and every finding says so.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from inference.findings import ViolationKind
from inference.patrol.encounter import Encounter
from inference.patrol.resemblance import resemblance
from inference.patrol.rules.rule import STREET, Matter, PatrolGrounds, sure_sightings, views_agree
from inference.patrol.site import Site
from inference.patrol.site_book import SAME_VEHICLE
from inference.patrol.street_map import Ground
from inference.stays.families import LIGHT_VEHICLES, VEHICLES

NO_PENALTY = "clear the road, no penalty"
PASSES_APART = timedelta(minutes=10)
"""No norm was found for it; practice and our proposal are 10 to 15 min."""
QUEUE_LEAST = 3
"""So many vehicles in a row may wait for something that one pass does not see."""
CREEPS_BELOW = 4.0
"""m/s: a patrol that is slower is itself held up, and so may be whatever stands around it."""
SURELY = 0.8
"""How likely a place must lie in an absolute no-stopping area for one pass to be enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedParking:
    """Vehicles outside every permitted bay.

    Attributes:
        passes_apart: between two passes that meet the same vehicle.
        vehicles: families that count everywhere.
        light: families that count only where the map says that parking is forbidden: bicycles belong beside the road.
    """

    passes_apart: timedelta = PASSES_APART
    vehicles: frozenset[str] = field(default=frozenset({VEHICLES.name}))
    light: frozenset[str] = field(default=frozenset({LIGHT_VEHICLES.name}))
    kind: ViolationKind = ViolationKind.ILLEGAL_PARKING

    def check(self, matter: Matter) -> PatrolGrounds | None:
        """Grounds once two passes agree, or one in an absolute no-stopping area."""
        latest = matter.latest
        zone = self._zone(matter)
        if zone is None or not _parked(latest) or not sure_sightings(latest, matter.opens_at):
            return None
        return self._two_passes(matter, zone) or self._one_pass(matter)

    def _zone(self, matter: Matter) -> str | None:
        family = matter.site.family
        if family not in self.vehicles | self.light:
            return None
        by = (Ground.NO_STOPPING, Ground.NO_PARKING)
        said = matter.streets is not None and any(matter.streets.has(ground) for ground in by)
        zone = matter.forbidden(matter.latest.last_seen, by, (Ground.PERMITTED_BAY,))
        if zone is None or (family in self.light and not said):
            return None
        return self._named(matter) or zone if zone == STREET else zone

    def _named(self, matter: Matter) -> str | None:
        """Carriageway or pavement, where nothing but the map of roads is given."""
        ground = matter.ground(matter.latest.last_seen)
        known = [(share, kind) for kind, (_, share) in ground.items() if kind in (Ground.CARRIAGEWAY, Ground.PAVEMENT)]
        return max(known)[1].value if known and max(known)[0] >= 0.5 else None

    def _two_passes(self, matter: Matter, zone: str) -> PatrolGrounds | None:
        latest = matter.latest
        for before in matter.site.encounters[:-1]:
            apart = latest.first_seen - before.last_seen
            if apart < self.passes_apart or not _parked(before) or not sure_sightings(before, matter.opens_at):
                continue
            alike = resemblance(before, latest)
            if alike is None or alike < SAME_VEHICLE:
                continue
            if min(before.in_row, latest.in_row) >= QUEUE_LEAST and not _row_came_again(matter, before, latest):
                continue
            minutes = apart / timedelta(minutes=1)
            rule = f"patrol-parking/1 two passes {minutes:.0f} min apart: {NO_PENALTY}"
            return PatrolGrounds(kind=self.kind, rule=rule, zone=zone, encounters=(before, latest))
        return None

    def _one_pass(self, matter: Matter) -> PatrolGrounds | None:
        latest = matter.latest
        part, share = matter.ground(latest.last_seen).get(Ground.NO_STOPPING, (None, 0.0))
        if part is None or share < SURELY or not latest.stands or _in_traffic(latest):
            return None
        rule = f"patrol-parking/1 one pass in a no-stopping area: {NO_PENALTY}"
        return (
            PatrolGrounds(kind=self.kind, rule=rule, zone=part.id, encounters=(latest,))
            if views_agree(latest)
            else None
        )


def _parked(encounter: Encounter) -> bool:
    """Whether a vehicle stood, and not where the patrol itself drives."""
    return views_agree(encounter) and not encounter.in_own_lane


def _in_traffic(encounter: Encounter) -> bool:
    """Whether it may have waited for something: in a row, or while the patrol itself waited or crept along."""
    return encounter.in_row >= QUEUE_LEAST or encounter.slowest < CREEPS_BELOW


def _row_came_again(matter: Matter, before: Encounter, latest: Encounter) -> bool:
    """Whether another vehicle of the row was met on both passes as well: a queue has other vehicles minutes later."""
    return any(_met_by(other, before) and _met_by(other, latest) for other in matter.others if other != matter.site)


def _met_by(site: Site, encounter: Encounter) -> bool:
    return any(e.vehicle == encounter.vehicle and e.started == encounter.started for e in site.encounters)
