"""Whether a fixed camera still looks where its zones were drawn.

A camera that swings away, is turned, or is not fixed at all, must not raise findings from zones that now lie somewhere
else.
"""

from datetime import datetime, timedelta

from inference.frame import ImageLuma
from inference.stays.registration import STILL, Registration, View

LOST_LOOKS = 3
"""Looks in a row without the reference after which the camera counts as turned away, not as covered for a moment."""
SETTLED_AFTER = timedelta(seconds=60)
"""A new view must hold still for so long before it may become the reference."""


class Outlook:
    """Follows where one camera looks.

    Args:
        home: registration against the picture on which the zones were drawn.
        may_rehome: no zone depends on the view (each covers the whole picture), so a new view that holds still may
            become the reference. Otherwise only the old view coming back, or a person, ends the suspension.
    """

    def __init__(self, home: Registration, *, may_rehome: bool) -> None:
        """Start at home."""
        self.home = home
        self.away_since: datetime | None = None
        self.may_rehome = may_rehome
        self._lost_looks = 0
        self._away = Registration()
        self._still_since: datetime | None = None

    def look(self, luma: ImageLuma, at: datetime) -> View | None:
        """Where the camera looks, or None while that is not home. `rehomed` tells when home itself has changed."""
        view = self.home.locate(luma)
        if not view.lost:
            self._lost_looks, self.away_since, self._still_since = 0, None, None
            return view
        self._lost_looks += 1
        if self._lost_looks >= LOST_LOOKS and self.away_since is None:
            self.away_since = at
        if self._still_since is None or self._away.locate(luma).lost:
            self._away.anchor(luma)
            self._still_since = at
        return None

    def rehome(self, luma: ImageLuma, at: datetime) -> View | None:
        """Take the view at hand as home if it may be and has held still long enough; the caller then ends all stays."""
        if not self.may_rehome or self.away_since is None or self._still_since is None:
            return None
        if at - self._still_since < SETTLED_AFTER:
            return None
        self.home.anchor(luma)
        self._lost_looks, self.away_since, self._still_since = 0, None, None
        return STILL
