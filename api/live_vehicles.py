"""Where patrol vehicles are while they drive, told to whoever watches: one look a second, however many watch."""

import time
from collections.abc import Callable, Sequence

from starlette.concurrency import run_in_threadpool

from api.live import EVERY_SECONDS
from cases.patrolling.passes import Pass


class VehicleFeed:
    """The passes that go on, as one process has seen them last. Asks only while somebody watches.

    Args:
        read: the passes that go on now; called outside the event loop.
        every_seconds: how old an answer may be.
    """

    def __init__(self, read: Callable[[], Sequence[Pass]], *, every_seconds: float = EVERY_SECONDS) -> None:
        self._read = read
        self._every = every_seconds
        self._asked_at = float("-inf")
        self._going: Sequence[Pass] = ()

    async def going(self) -> Sequence[Pass]:
        """The passes that go on, each with where its vehicle is.

        Raises:
            StoreError: the database cannot be read.
        """
        if time.monotonic() - self._asked_at >= self._every:
            self._asked_at = time.monotonic()
            self._going = await run_in_threadpool(self._read)
        return self._going
