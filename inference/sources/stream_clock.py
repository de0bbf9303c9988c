"""When a picture of a live stream was taken, by our monotonic clock."""

STALE_SECONDS = 5.0
RESET_SECONDS = 60.0
FOLLOWED_DRIFT = 0.05
"""Share by which a camera's clock may run slow and still be followed."""


class StreamClock:
    """Capture times of one connection.

    The stream's timestamps say how far apart pictures were taken, our clock says when they came. The quickest picture
    so far had no delay; others are as late as they came after that. So a picture that waited in a buffer keeps its true
    time, no picture lies in the future, and time never goes back, whatever the camera's own clock does.
    """

    def __init__(self) -> None:
        self._offset: float | None = None
        self._last_pts = 0.0
        self._last_arrival = 0.0
        self._stale_since: float | None = None

    def captured(self, pts: float, arrival: float) -> float | None:
        """Seconds of the monotonic clock at which the picture was taken.

        Args:
            pts: seconds of the stream's clock.
            arrival: seconds of the monotonic clock, now.

        Returns:
            None for a picture more than `STALE_SECONDS` old: it must not count as now.
        """
        if self._offset is None or pts <= self._last_pts or arrival - pts < self._offset:
            self._offset = arrival - pts
        late = arrival - pts - self._offset
        followed = FOLLOWED_DRIFT * max(0.0, min(pts - self._last_pts, arrival - self._last_arrival))
        self._offset += min(late, followed)
        self._last_pts, self._last_arrival = pts, arrival
        if arrival - pts - self._offset <= STALE_SECONDS:
            self._stale_since = None
            return pts + self._offset
        self._stale_since = arrival if self._stale_since is None else self._stale_since
        if arrival - self._stale_since < RESET_SECONDS:
            return None
        self._offset, self._stale_since = arrival - pts, None
        return arrival
