"""Whoever was told to stop is gone in time, whatever still hangs."""

import logging
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from time import sleep

STOP_SECONDS = 9.5
"""From the first signal to the end: service managers and container runtimes lose their patience after ten."""

LOOK_SECONDS = 0.5
"""How long whoever waits does not look whether a signal has come."""

logger = logging.getLogger(__name__)


class StopSignal:
    """Whether the process was told to stop. Unlike an event it may be set by a signal handler at any moment."""

    def __init__(self) -> None:
        self._told = SimpleQueue[None]()

    def tell(self) -> None:
        """It was; may be called again, and from a signal handler."""
        self._told.put(None)

    def wait(self) -> None:
        """Wait for it in the main thread.

        Python runs signal handlers in this thread alone, and only between two steps: a signal that comes just before
        the thread falls asleep, or to another thread, does not wake it. So it never sleeps for long.
        """
        while True:
            with suppress(Empty):
                return self._told.get(timeout=LOOK_SECONDS)


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
        self._told = SimpleQueue[None]()
        # Started now: a signal handler should do no more than say so.
        threading.Thread(target=self._watch, name="stop-limit", daemon=True).start()

    def begin(self) -> None:
        """The process was told to stop; may be called again, and from a signal handler."""
        self._told.put(None)

    def _watch(self) -> None:
        self._told.get()
        sleep(self._seconds)
        busy = ", ".join(sorted(each.name for each in threading.enumerate() if not each.daemon))
        logger.warning("stopped after %.1f s although not everything had come to its end: %s", self._seconds, busy)
        sys.stdout.flush()
        sys.stderr.flush()
        self._leave(0)
