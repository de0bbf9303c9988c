"""Exposed garbage, from one pass: two views of it that agree; filing needs no dwell (see `inference.rules`)."""

from dataclasses import dataclass

from inference.findings import ViolationKind
from inference.patrol.rules.rule import LEAST_VIEWS, Matter, PatrolGrounds, sure_sightings, views_agree
from inference.patrol.street_map import Ground
from inference.stays.families import RUBBISH


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedGarbage:
    """Rubbish outside every collection point whose hours run."""

    kind: ViolationKind = ViolationKind.EXPOSED_GARBAGE

    def check(self, matter: Matter) -> PatrolGrounds | None:
        """Grounds as soon as enough views of the latest pass agree."""
        latest = matter.latest
        if matter.site.family != RUBBISH.name or not views_agree(latest):
            return None
        if sure_sightings(latest, matter.opens_at) < LEAST_VIEWS:
            return None
        zone = matter.forbidden(latest.last_seen, (Ground.KEEP_CLEAN,), (Ground.COLLECTION_POINT,))
        if zone is None:
            return None
        rule = f"patrol-garbage/1 {latest.views} views of one pass agree"
        return PatrolGrounds(kind=self.kind, rule=rule, zone=zone, encounters=(latest,))
