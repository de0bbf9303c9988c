"""Patrols of one installation in a thread of their own: live frames first, recordings while none wait."""

import fcntl
import logging
import os
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from random import random as chance
from time import monotonic

from api.errors import ApiError
from api.patrols.durably import make_folder
from api.patrols.inlet import PatrolInlet
from api.work.patrol_live import LivePasses
from api.work.patrol_looks import PatrolDesk
from api.work.patrol_recordings import RecordedPasses
from cases.errors import CaseError
from inference.errors import InferenceError
from inference.sources.backoff import Backoff

IDLE_SECONDS = 0.5
"""How long nobody looks whether something has come."""

logger = logging.getLogger(__name__)


class Patrols:
    """Everything of patrols that has to be looked at.

    Args:
        desk: shared by all passes; made anew after a failure, because what is in memory may be ahead of the store.
        inlet: where frames and recordings come in.
        root: folder of patrols; one process at a time works on it.
    """

    def __init__(self, desk: Callable[[], PatrolDesk], inlet: PatrolInlet, root: Path) -> None:
        self._desk = desk
        self._inlet = inlet
        self._root = root

    def run(self, stop: threading.Event) -> None:
        """Look at what comes until `stop` is set; trouble is waited out, and nothing that was taken in is lost."""
        backoff = Backoff(chance)
        while not stop.is_set():
            began = monotonic()
            try:
                with _alone(self._root) as ours:
                    if ours:
                        self._work(stop)
                pause = IDLE_SECONDS
            except (InferenceError, ApiError, CaseError, OSError) as error:
                pause = backoff.delay(monotonic() - began)
                logger.error("patrols go on in %.0f s: %s", pause, error)
            except Exception:  # a fault of ours about one picture must not end all patrols in silence
                pause = backoff.delay(monotonic() - began)
                logger.exception("patrols go on in %.0f s after a fault of ours; report it", pause)
            stop.wait(pause)

    def run_once(self) -> None:
        """Look at everything that waits now.

        Raises:
            InferenceError, ApiError, CaseError: something cannot be used.
        """
        with _alone(self._root) as ours:
            if ours:
                live, recorded = self._passes()
                while live.work():
                    pass
                while recorded.work(threading.Event()):
                    pass

    def _work(self, stop: threading.Event) -> None:
        live, recorded = self._passes()
        while not stop.is_set():
            if not (live.work() or recorded.work(stop, iter(live.work, None))):
                stop.wait(IDLE_SECONDS)

    def _passes(self) -> tuple[LivePasses, RecordedPasses]:
        desk = self._desk()
        desk.tidy()
        self._inlet.tidy()
        sites = desk.sites()
        live = LivePasses(desk, sites, self._inlet.frames, self._inlet.clock)
        return live, RecordedPasses(desk, sites, self._inlet)


@contextmanager
def _alone(root: Path) -> Generator[bool]:
    """Whether no other process works on the folder; it is ours as long as the block runs."""
    make_folder(root)
    lock = os.open(root / ".worker", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(lock)
