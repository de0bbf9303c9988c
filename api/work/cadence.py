"""How often a camera needs to be looked at: at every key picture while anything happens, seldom where nothing does."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from inference.gate import FORCED_AFTER
from inference.pipeline import Look
from inference.zones.zone import Zone

QUIET_AFTER = timedelta(seconds=120)
"""Nothing new has stood still for so long, and no rule waits."""

LONGEST_REST = 8.0
"""Seconds. With the gate's own limit of 20 s a standing object is inspected again within 28 s."""

DWELL_SHARE = 0.1
"""What a rest may take of the shortest dwell in front of the camera: by so much may a first sight come late."""

assert FORCED_AFTER.total_seconds() + LONGEST_REST <= 30


class Cadence:
    """The rhythm of one camera.

    Args:
        zones: of the camera; the shortest dwell of its own that one of them has limits the rests.
    """

    def __init__(self, zones: Iterable[Zone]) -> None:
        dwells = [
            seconds
            for zone in zones
            if zone.dwell is not None
            for seconds in (zone.dwell.default, *zone.dwell.by_class.values())
        ]
        self._rest = min([LONGEST_REST, *(DWELL_SHARE * seconds for seconds in dwells)])
        self._standing: frozenset[str] | None = None
        self._quiet_since: datetime | None = None

    def rest(self, look: Look, at: datetime) -> float:
        """Seconds for which nothing needs to be seen of the camera after this look.

        Args:
            look: what was made of the frame; what it says of a gated one is what held before.
            at: when it was taken.
        """
        if not look.gated:
            standing = frozenset(entry.stay.key for entry in look.entries)
            if look.view_lost or look.due is not None or standing != self._standing:
                self._quiet_since = None
            self._standing = standing
        if look.due is not None:
            self._quiet_since = None
        elif self._quiet_since is None:
            self._quiet_since = at
        quiet = self._quiet_since is not None and at - self._quiet_since >= QUIET_AFTER
        return self._rest if quiet else 0.0
