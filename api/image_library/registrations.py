"""Who is registered. A registration lasts as long as its sender is heard at least every five minutes."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

LASTS = timedelta(minutes=5)


class Registrations:
    """Senders that have proved who they are, each with the address from which it did.

    After that a sender only says its number (`User-Identify`), so it is believed from that one address alone.

    Args:
        clock: now, aware UTC.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._known: dict[str, tuple[str, datetime]] = {}
        self._lock = threading.Lock()

    def register(self, sender: str, address: str) -> None:
        """Believe a sender that has proved itself; what it registered before from elsewhere is over."""
        with self._lock:
            self._known[sender] = (address, self._clock())

    def hear(self, sender: str, address: str) -> bool:
        """Whether a sender is registered from this address; hearing it keeps the registration alive."""
        with self._lock:
            where, heard = self._known.get(sender, ("", None))
            now = self._clock()
            if heard is None or where != address or now - heard > LASTS:
                return False
            self._known[sender] = (address, now)
            return True

    def leave(self, sender: str) -> None:
        """End a registration."""
        with self._lock:
            self._known.pop(sender, None)
