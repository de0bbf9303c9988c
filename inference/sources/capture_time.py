"""From timestamps that jump, wrap or lie to time that only goes forward."""

from collections.abc import Callable
from datetime import datetime, timedelta

DEFAULT_STEP = 0.04
"""Seconds assumed between two pictures as long as nothing better is known."""


class SteadyClock:
    """Aware UTC that never jumps: the wall clock is read once, from then on monotonic time counts.

    Args:
        anchor: aware UTC now.
        monotonic: gives seconds that only grow.
    """

    def __init__(self, anchor: datetime, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._anchor = anchor
        self._anchor_seconds = monotonic()

    def now(self) -> datetime:
        """Aware UTC now."""
        return self.at(self._monotonic())

    def at(self, monotonic_seconds: float) -> datetime:
        """Aware UTC at a reading of the monotonic clock."""
        return self._anchor + timedelta(seconds=monotonic_seconds - self._anchor_seconds)


class Timeline:
    """Seconds since the first picture, from timestamps that may start anywhere and may jump back.

    A jump back (wrapped counter, recordings joined end to end) continues with the last step.

    Args:
        origin: timestamp in seconds that counts as 0.

    >>> timeline = Timeline(origin=10.0)
    >>> [timeline.seconds(pts) for pts in (10.0, 12.0, 3.0, 5.0)]
    [0.0, 2.0, 4.0, 6.0]
    """

    def __init__(self, origin: float) -> None:
        self._offset = -origin
        self._last_pts: float | None = None
        self._step = DEFAULT_STEP

    def seconds(self, pts: float) -> float:
        """Seconds since the first picture, strictly growing; `pts` in seconds."""
        if self._last_pts is not None:
            if pts > self._last_pts:
                self._step = pts - self._last_pts
            else:
                self._offset += self._last_pts + self._step - pts
        self._last_pts = pts
        return pts + self._offset
