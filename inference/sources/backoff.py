"""How long to wait before a camera is tried again."""

from collections.abc import Callable

FIRST_SECONDS = 1.0
LONGEST_SECONDS = 60.0
GOOD_SECONDS = 300.0
"""After a connection that lived this long, waiting starts from the beginning."""


class Backoff:
    """1, 2, 4 … 60 s, each shortened at random by up to half, so that cameras behind one switch do not return at once.

    Args:
        random: gives numbers in 0..1.
    """

    def __init__(self, random: Callable[[], float]) -> None:
        self._random = random
        self._failures = 0

    def delay(self, lived_seconds: float) -> float:
        """Seconds to wait after a connection that lived for `lived_seconds` (0 where there was none)."""
        if lived_seconds >= GOOD_SECONDS:
            self._failures = 0
        longest = min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** min(self._failures, 16))
        self._failures += 1
        return longest * (0.5 + 0.5 * self._random())
