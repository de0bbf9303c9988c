"""Exposed garbage, from one pass: two views of it that agree; filing needs no dwell (see `inference.rules`)."""

from dataclasses import dataclass

from inference.findings import ViolationKind
from inference.patrol.rules.rule import Matter, PatrolGrounds, passes_agree, views_of
from inference.patrol.street_map import Ground
from inference.stays.families import RUBBISH


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedGarbage:
    """Rubbish outside every collection point whose hours run."""

    kind: ViolationKind = ViolationKind.EXPOSED_GARBAGE

    def check(self, matter: Matter) -> PatrolGrounds | None:
        """Grounds as soon as enough views agree, of the latest pass or of several."""
        latest = matter.latest
        if matter.site.family != RUBBISH.name:
            return None
        agreeing = passes_agree(matter.site, matter.opens_at)
        if not agreeing:
            return None
        zone = matter.forbidden(latest.last_seen, (Ground.KEEP_CLEAN,), (Ground.COLLECTION_POINT,))
        if zone is None:
            return None
        rule = f"patrol-garbage/1 {views_of(agreeing)} agree"
        return PatrolGrounds(kind=self.kind, rule=rule, zone=zone, encounters=agreeing)
