"""Whoever was told to stop is gone in time, whatever still hangs."""

import logging
import os
import sys
import threading
from collections.abc import Callable
from time import sleep

STOP_SECONDS = 9.5
"""From the first signal to the end: service managers and container runtimes lose their patience after ten."""

logger = logging.getLogger(__name__)


class StopLimit:
    """Ends the process some time after it was told to stop, unless it has ended by itself.

    What was acknowledged is committed, and what was on its way is taken up as after a death, so nothing is lost by it
    and the exit status is 0.

    Args:
        seconds: from `begin` to the end.
        leave: ends the process with an exit status.
    """

    def __init__(self, seconds: float = STOP_SECONDS, *, leave: Callable[[int], object] = os._exit) -> None:
        self._seconds = seconds
        self._leave = leave
        self._told = threading.Event()
        # Started now: a signal handler should do no more than set an event.
        threading.Thread(target=self._watch, name="stop-limit", daemon=True).start()

    def begin(self) -> None:
        """The process was told to stop; may be called again, and from a signal handler."""
        self._told.set()

    def _watch(self) -> None:
        self._told.wait()
        sleep(self._seconds)
        busy = ", ".join(sorted(each.name for each in threading.enumerate() if not each.daemon))
        logger.warning("stopped after %.1f s although not everything had come to its end: %s", self._seconds, busy)
        sys.stdout.flush()
        sys.stderr.flush()
        self._leave(0)
