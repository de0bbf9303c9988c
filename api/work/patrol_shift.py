"""Patrols of one installation in a thread of their own: live frames first, recordings while none wait.

Another thread takes recordings out of folders: a large one is read for minutes before it is known.
"""

import fcntl
import logging
import os
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import random as chance
from time import monotonic

from api.errors import ApiError, PatrolError
from api.patrols.drop_folder import DropFolder
from api.patrols.durably import make_folder
from api.patrols.inlet import PatrolInlet
from api.work.model_in_use import ModelInUse
from api.work.patrol_live import LivePasses
from api.work.patrol_looks import PatrolDesk
from api.work.patrol_recordings import RecordedPasses
from cases.errors import CaseError
from inference.errors import InferenceError
from inference.sources.backoff import Backoff

IDLE_SECONDS = 0.5
"""How long nobody looks whether something has come."""

DROP_SECONDS = 5.0
"""How long nobody looks into the folders into which recordings are dropped."""
WORKER, DROPS = ".worker", ".drops"
"""Files whose locks say who does which work."""

logger = logging.getLogger(__name__)


class Patrols:
    """Everything of patrols that has to be looked at.

    Args:
        desk: shared by all passes; made anew after a failure, because what is in memory may be ahead of the store.
        inlet: where frames and recordings come in.
        root: folder of patrols; one process at a time works on it.
        drops: folders into which recordings are dropped.
        model: what the desk looks with, which may become another; None where it never changes.
    """

    def __init__(
        self,
        desk: Callable[[], PatrolDesk],
        inlet: PatrolInlet,
        root: Path,
        drops: Sequence[DropFolder] = (),
        model: ModelInUse | None = None,
    ) -> None:
        self._desk = desk
        self._inlet = inlet
        self._root = root
        self._drops = drops
        self._model = model

    def run(self, stop: threading.Event) -> None:
        """Look at what comes until `stop` is set; trouble is waited out, and nothing that was taken in is lost."""
        taker = threading.Thread(target=self._steadily, args=(self._take, stop, DROPS, DROP_SECONDS), name="drops")
        if self._drops:
            taker.start()
        self._steadily(lambda: self._work(stop), stop, WORKER, IDLE_SECONDS)
        if self._drops:
            taker.join()

    def _steadily(self, work: Callable[[], object], stop: threading.Event, lock: str, seconds: float) -> None:
        """Do `work`, with `lock` ours, every so many seconds."""
        backoff = Backoff(chance)
        while not stop.is_set():
            began = monotonic()
            try:
                with _alone(self._root / lock) as ours:
                    if ours:
                        work()
                pause = seconds
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
        self._take()
        with _alone(self._root / WORKER) as ours:
            if ours:
                live, recorded = self._passes()
                while live.work():
                    pass
                while recorded.work(threading.Event()):
                    pass

    def _take(self) -> None:
        """Look into every folder, whatever is wrong with one of them.

        Raises:
            PatrolError: with one of them something was wrong.
        """
        failed: list[PatrolError] = []
        for drop in self._drops:
            try:
                drop.look()
            except PatrolError as error:
                failed.append(error)
        if failed:
            raise failed[0]

    def _work(self, stop: threading.Event) -> None:
        model = self._model.detector if self._model else None
        live, recorded = self._passes()
        while not stop.is_set() and (self._model is None or self._model.detector is model):  # else with another desk
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
def _alone(place: Path) -> Generator[bool]:
    """Whether no other process does this work; it is ours as long as the block runs."""
    make_folder(place.parent)
    lock = os.open(place, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(lock)
