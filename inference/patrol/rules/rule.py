"""What the rules of moving eyes are given and what they give back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Protocol

from inference.findings import ViolationKind
from inference.patrol.encounter import Encounter
from inference.patrol.fusion import agree
from inference.patrol.site import Site
from inference.patrol.street_map import Ground, StreetMap, StreetPart

LEAST_VIEWS = 2
"""Sightings of one pass that must agree on a place."""
NEARLY_SURE = 0.75
"""Of a class's own threshold: enough for the views that only agree with a sure one."""
AGREE_WIDTHS = 2.5
"""Standard deviations within which they agree."""
LEAST_BASELINE_METRES = 1.5
"""Between the places from which they were seen: two looks from one place are one look."""
NEAR_ENOUGH_METRES = 25.0
"""At least one sighting is from nearer."""
PERMITTED_FROM = 0.5
"""How likely a place must lie in a part of the map that permits."""
FORBIDDEN_FROM = 0.35
"""The same for a part that forbids: a strip along the kerb is no wider than the error of a place."""

STREET = "street"
"""Zone of a finding where no map says more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A site that has just been encountered again, as rules see it.

    Attributes:
        site: with the encounter.
        others: sites of vehicles around it.
        streets: the map, where there is one.
        opens_at: confidence per class that counts as sure.
    """

    site: Site
    others: tuple[Site, ...]
    streets: StreetMap | None
    opens_at: dict[str, float]

    @property
    def latest(self) -> Encounter:
        """The encounter that makes rules ask."""
        return self.site.encounters[-1]

    def ground(self, at: datetime) -> dict[Ground, tuple[StreetPart, float]]:
        """What the map says of the place at `at`: the likeliest part of each kind that holds then, with how likely."""
        found: dict[Ground, tuple[StreetPart, float]] = {}
        for part, share in self.streets.shares(self.site.where, self.site.spread) if self.streets else ():
            known = found.get(part.ground)
            if part.schedule.stretch(at).in_force and (known is None or share > known[1]):
                found[part.ground] = (part, share)
        return found

    def forbidden(self, at: datetime, by: Iterable[Ground], unless: Iterable[Ground]) -> str | None:
        """The zone in which it stands where it must not, or None.

        Where the map has none of `by`, the whole street forbids. A permit beats what forbids.
        """
        ground = self.ground(at)
        if any(kind in ground and ground[kind][1] >= PERMITTED_FROM for kind in unless):
            return None
        wanted = [kind for kind in by if self.streets is not None and self.streets.has(kind)]
        if not wanted:
            return STREET
        here = [ground[kind] for kind in wanted if kind in ground and ground[kind][1] >= FORBIDDEN_FROM]
        return max(here, key=lambda found: found[1])[0].id if here else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PatrolGrounds:
    """A rule is satisfied.

    Attributes:
        kind: what it is.
        rule: name and version of the rule, with why.
        zone: of the map, or `STREET`.
        encounters: what it rests on, in order of time; one or two.
    """

    kind: ViolationKind
    rule: str
    zone: str
    encounters: tuple[Encounter, ...]


class PatrolRule(Protocol):
    """One violation, seen by moving eyes."""

    @property
    def kind(self) -> ViolationKind:
        """What it finds."""
        ...

    def check(self, matter: Matter) -> PatrolGrounds | None:
        """The grounds of a finding, where the matter satisfies the rule."""
        ...


def sure_sightings(encounter: Encounter, opens_at: dict[str, float]) -> int:
    """How many sightings the detector was sure of."""
    return sum(s.confidence >= opens_at.get(s.object_class, inf) for s in encounter.sightings)


def passes_agree(site: Site, opens_at: dict[str, float]) -> tuple[Encounter, ...]:
    """Encounters of a site that show it in enough sure views together: the latest alone, or with those before it.

    Two passes that each show something once from near, in one place, are two views that agree: what hides it from the
    next look (a parked car, the picture's border) hides it on every pass.
    """
    latest = site.encounters[-1]
    if views_agree(latest) and _surely_seen(latest, opens_at):
        return (latest,)
    near = [e for e in site.encounters if not e.moving and min(s.distance for s in e.sightings) <= NEAR_ENOUGH_METRES]
    sure = [e for e in near if sure_sightings(e, opens_at)]
    return tuple(sure) if latest in sure and len(sure) >= LEAST_VIEWS else ()


def _surely_seen(encounter: Encounter, opens_at: dict[str, float]) -> bool:
    """One sure view, and as many as are needed that are nearly so: what is small is seen clearly only from near."""
    nearly = {name: NEARLY_SURE * threshold for name, threshold in opens_at.items()}
    return bool(sure_sightings(encounter, opens_at)) and sure_sightings(encounter, nearly) >= LEAST_VIEWS


def views_of(encounters: Sequence[Encounter]) -> str:
    """How many views agree, in words."""
    views = sum(encounter.views for encounter in encounters)
    return f"{views} views of {'one pass' if len(encounters) == 1 else f'{len(encounters)} passes'}"


def views_agree(encounter: Encounter) -> bool:
    """Whether enough sightings, from different places and one of them near, put the object in the same place."""
    sightings = encounter.sightings
    if len(sightings) < LEAST_VIEWS or encounter.moving:
        return False
    baseline = max(sightings[0].seen_from.metres_to(s.seen_from) for s in sightings)
    near = min(s.distance for s in sightings)
    looks = [(s.where, s.own.plus(encounter.own)) for s in sightings]
    return (
        baseline >= LEAST_BASELINE_METRES and near <= NEAR_ENOUGH_METRES and agree(looks, encounter.where, AGREE_WIDTHS)
    )
