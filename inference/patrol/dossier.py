"""From grounds to a finding with its evidence."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from statistics import median

from inference.detector import Detector
from inference.errors import EvidenceError
from inference.evidence.dossier import EvidenceWriter, FindingFacts
from inference.evidence.kept import KeptPicture
from inference.evidence.private import private_boxes
from inference.evidence.spool import Spool
from inference.evidence.store import EvidenceStore
from inference.findings import Finding
from inference.frame import Original
from inference.patrol.rules.rule import STREET, PatrolGrounds
from inference.patrol.sighting import Sighting
from inference.patrol.site import Site
from inference.sources.pictures import decode_original


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierWriter:
    """Writes what a finding of a patrol rests on.

    Attributes:
        pictures: where the sites' pictures wait.
        store: where evidence goes for good.
        detector: that knows people and vehicles, for the public copy.
        timezone: of captions.
    """

    pictures: Spool
    store: EvidenceStore
    detector: Detector
    timezone: tzinfo

    def write(self, site: Site, grounds: PatrolGrounds, vehicle_name: str) -> Finding | None:
        """The finding of a site; None while no picture of it is left (a restart lost it, the next pass takes another).

        Raises:
            EvidenceError: a picture cannot be read, developed or kept.
        """
        shown = [s for encounter in grounds.encounters for s in encounter.sightings if s.picture is not None]
        if not shown:
            return None
        first, last = shown[0], _last(shown, grounds)
        best = max(shown, key=lambda s: (s.confidence, -s.distance))
        kept = [_kept(s) for s in (first, best, last)]
        for picture in kept:
            self.store.put(self.pictures.get(picture.sha256))
        key = finding_key(grounds.kind, site)
        latest, began = grounds.encounters[-1], grounds.encounters[0].first_seen
        seen_for = (latest.last_seen - began) / timedelta(seconds=1)
        facts = FindingFacts(
            key=key,
            kind=grounds.kind,
            camera=latest.vehicle,
            device_name=vehicle_name,
            place_name=_place_name(site, grounds),
            where=site.where,
            rule=grounds.rule,
            seen_for=seen_for,
            zone=None,
            first=kept[0],
            best=kept[1],
            last=kept[2],
            private_boxes=self._private(kept[2]),
            timezone=self.timezone,
            least_interval=0.0,
        )
        return Finding(
            key=key,
            kind=grounds.kind,
            camera=latest.vehicle,
            first_seen=began,
            last_seen=latest.last_seen,
            seen_for=seen_for,
            confidence=median(s.confidence for encounter in grounds.encounters for s in encounter.sightings),
            object_class=latest.object_class,
            box=kept[2].box,
            where=site.where,
            zone=grounds.zone,
            rule=grounds.rule,
            evidence=EvidenceWriter(self.store).write(facts),
            uncertainty=site.uncertainty,
        )

    def _private(self, last: KeptPicture) -> tuple[tuple[float, float, float, float], ...] | None:
        original = Original(data=self.pictures.get(last.sha256), media_type=last.media_type)
        return private_boxes(self.detector, decode_original(original))


def finding_key(kind: str, site: Site) -> str:
    """Name of a finding: one site under one rule has one name on however many passes."""
    return hashlib.sha256(f"patrol|{kind}|{site.key}".encode()).hexdigest()[:32]


def _last(shown: list[Sighting], grounds: PatrolGrounds) -> Sighting:
    """The nearest pictured sighting of the latest encounter: it shows most."""
    latest = [s for s in grounds.encounters[-1].sightings if s.picture is not None]
    return min(latest, key=lambda s: s.distance) if latest else shown[-1]


def _place_name(site: Site, grounds: PatrolGrounds) -> str:
    zone = "" if grounds.zone == STREET else f" · {grounds.zone}"
    return f"±{site.uncertainty:.0f} m{zone}"


def _kept(sighting: Sighting) -> KeptPicture:
    if sighting.picture is None:
        raise EvidenceError("a sighting without a picture cannot be evidence")
    return sighting.picture
