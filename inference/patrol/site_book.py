"""All sites that patrols know: what was encountered again goes to its site, over frames, passes and vehicles."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from inference.geo import LatLon
from inference.patrol.encounter import Encounter
from inference.patrol.fusion import fused
from inference.patrol.resemblance import resemblance
from inference.patrol.site import Site
from inference.stays.families import LIGHT_VEHICLES, STALL_PARTS, STALLS, VEHICLES

SAME_PLACE_WIDTHS = 2.5
"""Standard deviations between a site and an encounter of it."""
SITE_METRES = 9.0
"""However uncertain both are: further apart they are two sites."""
SAME_PASS_METRES = 2.5
"""Between two encounters of one pass, whose receiver's error is the same."""
SAME_VEHICLE = 0.58
"""Likeness from which a vehicle in the place of another one is that one."""
FORGOTTEN_AFTER = timedelta(hours=24)
"""Since the last sighting; as for similar cases in the field (domain: 24 h)."""
MOST_SITES = 2_000
ENCOUNTERS_KEPT = 4
SIGHTINGS_KEPT = 5
CELL_DEGREES = 0.0005
"""About 50 m: sites are looked for in the cells around."""

ONE_OF_ITS_KIND = frozenset({VEHICLES.name, LIGHT_VEHICLES.name})
"""Families of which another one may stand in the same place: only likeness says that it is the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What to write down after a look: sites that are new or changed, and keys of those that are forgotten."""

    saved: tuple[Site, ...]
    gone: tuple[str, ...]


class SiteBook:
    """The sites of a city, for all its vehicles. Not thread safe.

    Args:
        remembered: from before a restart.
        most: how many sites are kept; the one seen longest ago goes first.
        forgotten_after: since the last sighting.
    """

    def __init__(
        self, remembered: Iterable[Site] = (), *, most: int = MOST_SITES, forgotten_after: timedelta = FORGOTTEN_AFTER
    ) -> None:
        self._sites: dict[str, Site] = {}
        self._cells: dict[tuple[int, int], set[str]] = {}
        self._last_seen: dict[str, datetime] = {}
        self._pictures: dict[str, frozenset[str]] = {}
        self._most = most
        self._forgotten_after = forgotten_after
        self._saved: set[str] = set()
        self._gone: set[str] = set()
        for site in remembered:
            self._keep(site)
        self._saved.clear()

    @property
    def latest(self) -> datetime | None:
        """Aware UTC of the last sighting of any; None where there is none."""
        return max(self._last_seen.values(), default=None)

    @property
    def sites(self) -> tuple[Site, ...]:
        """All of them."""
        return tuple(self._sites.values())

    def add(self, encounter: Encounter) -> Site:
        """The site of an encounter, with it: one that is known, or a new one."""
        known, encounter = self.site_of(encounter), _slim(encounter)
        site = _begun(encounter) if known is None else _joined(known, encounter)
        self._keep(site)
        return site

    def site_of(self, encounter: Encounter) -> Site | None:
        """The known site that an encounter belongs to; None where it is a new matter."""
        return self._site_of(_slim(encounter))

    def drop(self, site: Site) -> None:
        """Let go of a site whose matter is over: what is met there from now on is a new one."""
        self._drop(site.key)

    def reported(self, site: Site, kind: str) -> Site:
        """The site, with a finding of `kind` made of it."""
        told = replace(self._sites.get(site.key, site), reported=tuple(dict.fromkeys((*site.reported, kind))))
        self._keep(told)
        return told

    def near(self, where: LatLon, metres: float) -> list[Site]:
        """Sites within so many metres, the nearest first."""
        found = [(where.metres_to(site.where), site.key) for site in self._around(where)]
        return [self._sites[key] for distance, key in sorted(found) if distance <= metres]

    def known(self, keys: Iterable[str]) -> list[Site]:
        """The sites of these keys that are still kept."""
        return [self._sites[key] for key in keys if key in self._sites]

    def forget(self, now: datetime) -> None:
        """Let go of what nobody has seen for long, and of the oldest where there are too many."""
        old = [key for key, seen in self._last_seen.items() if now - seen > self._forgotten_after]
        for key in old:
            self._drop(key)
        spare = len(self._sites) - self._most
        if spare > 0:
            for key in sorted(self._last_seen, key=self._last_seen.__getitem__)[:spare]:
                self._drop(key)

    def take_changes(self) -> Changes:
        """What has changed since it was asked last."""
        changes = Changes(saved=tuple(self._sites[key] for key in sorted(self._saved)), gone=tuple(sorted(self._gone)))
        self._saved, self._gone = set(), set()
        return changes

    def pictures(self) -> set[str]:
        """Names of all pictures that sites need."""
        return set[str]().union(*self._pictures.values())

    def _site_of(self, encounter: Encounter) -> Site | None:
        ranked: list[tuple[float, str]] = []
        for site in self._around(encounter.where):
            if site.family == site_family(encounter.family):
                rank = _rank(site, encounter)
                if rank is not None:
                    ranked.append((rank, site.key))
        return self._sites[min(ranked)[1]] if ranked else None

    def _around(self, where: LatLon) -> list[Site]:
        row, column = _cell(where)
        keys = {key for r in (-1, 0, 1) for c in (-1, 0, 1) for key in self._cells.get((row + r, column + c), ())}
        return [self._sites[key] for key in sorted(keys)]

    def _keep(self, site: Site) -> None:
        before = self._sites.get(site.key)
        if before is not None:
            self._leave_cell(before)
        self._sites[site.key] = site
        self._last_seen[site.key] = site.last_seen
        self._pictures[site.key] = _pictures_of(site)
        self._cells.setdefault(_cell(site.where), set()).add(site.key)
        self._saved.add(site.key)
        self._gone.discard(site.key)

    def _drop(self, key: str) -> None:
        site = self._sites.pop(key)
        del self._last_seen[key], self._pictures[key]
        self._leave_cell(site)
        self._saved.discard(key)
        self._gone.add(key)

    def _leave_cell(self, site: Site) -> None:
        cell = _cell(site.where)
        self._cells[cell].discard(site.key)
        if not self._cells[cell]:
            del self._cells[cell]


def site_family(family: str) -> str:
    """The family of a site: a stall and its parts are one matter."""
    return STALLS.name if family == STALL_PARTS.name else family


def same_pass(a: Encounter, b: Encounter) -> bool:
    """Whether one pass has made both."""
    return a.vehicle == b.vehicle and a.started == b.started


def _pictures_of(site: Site) -> frozenset[str]:
    return frozenset(
        sighting.picture.sha256
        for encounter in site.encounters
        for sighting in encounter.sightings
        if sighting.picture is not None
    )


def _rank(site: Site, encounter: Encounter) -> float | None:
    """How well an encounter fits a site, less is better; None where it is not of it."""
    metres = site.where.metres_to(encounter.where)
    latest = site.encounters[-1]
    again = same_pass(latest, encounter) and encounter.first_seen - latest.last_seen < timedelta(minutes=5)
    if again:
        if encounter.own.plus(latest.own).widths_to(*latest.where.east_north_to(encounter.where)) > SAME_PLACE_WIDTHS:
            return None
        return metres if latest.where.metres_to(encounter.where) <= SAME_PASS_METRES else None
    widths = site.spread.plus(encounter.spread).widths_to(*site.where.east_north_to(encounter.where))
    if widths > SAME_PLACE_WIDTHS or metres > SITE_METRES:
        return None
    if site.family not in ONE_OF_ITS_KIND:
        return widths
    alike = max((value for old in site.encounters if (value := resemblance(old, encounter)) is not None), default=None)
    return widths - alike if alike is not None and alike >= SAME_VEHICLE else None


def _begun(encounter: Encounter) -> Site:
    return Site(
        key=encounter.key,
        family=site_family(encounter.family),
        encounters=(encounter,),
        where=encounter.where,
        spread=encounter.spread,
    )


def _joined(site: Site, encounter: Encounter) -> Site:
    """The site with one encounter more; what rules still ask for stays: the first one and the latest."""
    encounters = (*site.encounters, encounter)
    if len(encounters) > ENCOUNTERS_KEPT:
        encounters = (encounters[0], *encounters[-ENCOUNTERS_KEPT + 1 :])
    where, spread = fused([(e.where, e.spread) for e in encounters], common=_common(encounters))
    passes = site.passes + (not same_pass(site.encounters[-1], encounter))
    return replace(site, encounters=encounters, where=where, spread=spread, passes=passes)


def _common(encounters: Sequence[Encounter]) -> float:
    """One pass has one receiver's error: its encounters together are no surer than the best; passes of a day little."""
    return 1.0 if len({(e.vehicle, e.started) for e in encounters}) == 1 else 0.3


def _slim(encounter: Encounter) -> Encounter:
    """With the sightings that tell most: the nearest, the surest, then those with a picture, the first and the last."""
    seen = encounter.sightings
    order = range(len(seen))
    wanted = [
        min(order, key=lambda i: seen[i].distance),
        max(order, key=lambda i: seen[i].confidence),
        *(i for i in order if seen[i].picture is not None),
        0,
        len(seen) - 1,
        *sorted(order, key=lambda i: -seen[i].confidence),
    ]
    kept = sorted(list(dict.fromkeys(wanted))[:SIGHTINGS_KEPT])
    return replace(encounter, sightings=tuple(seen[i] for i in kept))


def _cell(where: LatLon) -> tuple[int, int]:
    return int(where.lat // CELL_DEGREES), int(where.lon // CELL_DEGREES)
