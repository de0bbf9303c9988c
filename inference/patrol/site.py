"""A site: one place where something of one family was encountered, over frames, passes and vehicles."""

from dataclasses import dataclass
from datetime import datetime

from inference.geo import LatLon
from inference.patrol.encounter import Encounter
from inference.patrol.spread import Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Encounters that are one matter.

    Attributes:
        key: stable name, of its first encounter.
        family: name of the family of classes.
        encounters: in order of time, at least one; the latest of them, all that rules still ask for.
        where: WGS84, all encounters weighed.
        spread: error of `where`.
        reported: kinds of which a finding has been made.
        passes: how many passes have encountered it, those left out of `encounters` included.
    """

    key: str
    family: str
    encounters: tuple[Encounter, ...]
    where: LatLon
    spread: Spread
    reported: tuple[str, ...] = ()
    passes: int = 1

    @property
    def uncertainty(self) -> float:
        """Metres: about two of three true places lie nearer than this."""
        return self.spread.metres

    @property
    def last_seen(self) -> datetime:
        """Aware UTC of the last sighting."""
        return max(encounter.last_seen for encounter in self.encounters)
