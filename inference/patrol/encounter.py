"""An encounter: one object as one pass saw it, in all frames together."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from inference.geo import LatLon
from inference.patrol.sighting import Sighting
from inference.patrol.spread import Spread, round_spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Encounter:
    """One object in one pass.

    Attributes:
        vehicle: identifier of the patrol vehicle.
        started: aware UTC, when the pass began: two encounters of one pass are one look.
        family: name of the family of classes (`inference.stays.families`).
        sightings: in order of time, at least one; in a site only those that tell most.
        views: how many sightings there were.
        where: WGS84, all sightings weighed.
        own: what is left of the sightings' own errors.
        shared: metres, the receiver's error.
        speed: metres per second over the ground along the way; None where too few sightings tell.
        moving: it moved relative to the ground.
        stands: it surely did not; neither of the two where too few sightings tell.
        in_row: vehicles that stood in one row with it, itself included, in the frames that showed it.
        slowest: metres per second, the least speed of the patrol vehicle while it had this in sight.
        in_own_lane: the patrol vehicle itself drove through where it stood.
    """

    vehicle: str
    started: datetime
    family: str
    sightings: tuple[Sighting, ...]
    views: int
    where: LatLon
    own: Spread
    shared: float
    speed: float | None = None
    moving: bool = False
    stands: bool = False
    in_row: int = 1
    slowest: float = 0.0
    in_own_lane: bool = False

    @property
    def spread(self) -> Spread:
        """The whole error of `where`."""
        return self.own.plus(round_spread(self.shared))

    @property
    def uncertainty(self) -> float:
        """Metres: about two of three true places lie nearer than this."""
        return self.spread.metres

    @property
    def first_seen(self) -> datetime:
        """Aware UTC of the first sighting."""
        return self.sightings[0].at

    @property
    def last_seen(self) -> datetime:
        """Aware UTC of the last sighting."""
        return self.sightings[-1].at

    @property
    def object_class(self) -> str:
        """What it is, by the weighted vote of its sightings."""
        votes: dict[str, float] = {}
        for sighting in self.sightings:
            votes[sighting.object_class] = votes.get(sighting.object_class, 0.0) + sighting.confidence
        return max(votes, key=lambda name: (votes[name], name))

    @property
    def confidence(self) -> float:
        """Median confidence of the sightings, 0..1."""
        return median(sighting.confidence for sighting in self.sightings)

    @property
    def best(self) -> Sighting:
        """The sighting that shows it best: the surest one."""
        return max(self.sightings, key=lambda sighting: (sighting.confidence, -sighting.distance))

    @property
    def plate(self) -> str | None:
        """The number plate that was read most often; None where none was."""
        read = Counter(sighting.plate for sighting in self.sightings if sighting.plate)
        return min(read, key=lambda plate: (-read[plate], plate)) if read else None

    @property
    def attended(self) -> bool:
        """Whether a person was at it in at least half of the sightings."""
        return 2 * sum(sighting.attended for sighting in self.sightings) >= len(self.sightings)

    @property
    def key(self) -> str:
        """Stable name: the same pass over the same recording has the same encounters."""
        place = f"{self.where.lat:.6f},{self.where.lon:.6f}"
        text = f"{self.vehicle}|{self.family}|{place}|{self.first_seen.isoformat(timespec='milliseconds')}"
        return hashlib.sha256(text.encode()).hexdigest()[:24]
