"""Stall encroachment, from one pass: a stall, or a part of one with a person at it, in two views that agree."""

from dataclasses import dataclass

from inference.findings import ViolationKind
from inference.patrol.encounter import Encounter
from inference.patrol.rules.rule import Matter, PatrolGrounds, passes_agree, views_of
from inference.patrol.street_map import Ground
from inference.rules.stalls import TELLING_PARTS
from inference.stays.families import STALLS


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedStall:
    """Trade outside every permitted market whose hours run.

    Attributes:
        telling_parts: detector classes that make a stall together with a person.
    """

    telling_parts: frozenset[str] = TELLING_PARTS
    kind: ViolationKind = ViolationKind.STALL_ENCROACHMENT

    def check(self, matter: Matter) -> PatrolGrounds | None:
        """Grounds as soon as enough views agree, of the latest pass or of several."""
        latest = matter.latest
        if matter.site.family != STALLS.name or not self._is_trade(latest):
            return None
        agreeing = passes_agree(matter.site, matter.opens_at)
        if not agreeing:
            return None
        zone = matter.forbidden(latest.last_seen, (Ground.NO_STALLS,), (Ground.PERMITTED_MARKET,))
        if zone is None:
            return None
        how = "stall" if latest.family == STALLS.name else "parts"
        rule = f"patrol-stalls/1 by {how}, {views_of(agreeing)} agree"
        return PatrolGrounds(kind=self.kind, rule=rule, zone=zone, encounters=agreeing)

    def _is_trade(self, encounter: Encounter) -> bool:
        if encounter.family == STALLS.name:
            return True
        return encounter.object_class in self.telling_parts and encounter.attended
