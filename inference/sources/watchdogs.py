"""What tells a living camera from one that only seems to live. Times are seconds of the monotonic clock."""

from datetime import datetime

SILENT_SECONDS = 5.0
FROZEN_SECONDS = 15.0
REPEATED_SECONDS = 30.0
REPEATED_LOOKS = 4
SKEW_SECONDS = 5.0


class FreezeWatchdog:
    """Notices that no packet comes any more.

    Args:
        now: when the connection was made.
    """

    def __init__(self, now: float) -> None:
        self._last_packet = now

    def packet(self, now: float) -> None:
        """A packet has come."""
        self._last_packet = now

    def silent(self, now: float) -> bool:
        """Nothing for `SILENT_SECONDS`: worth showing."""
        return now - self._last_packet >= SILENT_SECONDS

    def frozen(self, now: float) -> bool:
        """Nothing for `FROZEN_SECONDS`: worth a new connection."""
        return now - self._last_packet >= FROZEN_SECONDS


class RepeatWatchdog:
    """Notices one picture that is sent again and again under new timestamps.

    A real sensor has noise, so two of its pictures are never equal bit by bit, however still the night. Equal ones for
    `REPEATED_SECONDS` and at least `REPEATED_LOOKS` looks are the same picture.
    """

    def __init__(self) -> None:
        self._digest: int | None = None
        self._since = 0.0
        self._looks = 0

    def repeated(self, digest: int, now: float) -> bool:
        """Whether the picture with this digest of its pixels, seen `now`, is one that repeats itself."""
        if digest != self._digest:
            self._digest, self._since, self._looks = digest, now, 0
        self._looks += 1
        return self._looks >= REPEATED_LOOKS and now - self._since >= REPEATED_SECONDS


def clock_skew(sender_time: datetime, received_at: datetime) -> float | None:
    """Seconds by which a sender's clock runs ahead (behind: negative) where that is over `SKEW_SECONDS`, else None."""
    skew = (sender_time - received_at).total_seconds()
    return skew if abs(skew) > SKEW_SECONDS else None
