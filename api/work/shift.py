"""Cameras and deliveries of one process, in threads of their own."""

import logging
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import Protocol

from api.errors import StoreError
from api.work.camera_run import Desk, Post
from api.work.crew import Crew
from api.work.sources import Sources
from cases.errors import CaseError

IDLE_SECONDS = 1.0
"""How long nobody looks whether something has to be delivered."""

logger = logging.getLogger(__name__)


class Delivers(Protocol):
    """Brings one case after the other to its department; see `cases.sender.Sender`."""

    def send_next(self) -> object | None:
        """Try the next delivery that is due; None where nothing is."""
        ...


def deliver(sender: Delivers, stop: threading.Event) -> None:
    """Deliver what is due until `stop` is set; trouble with the database is waited out."""
    while not stop.is_set():
        try:
            idle = sender.send_next() is None
        except (StoreError, CaseError) as error:
            logger.error("nothing was delivered: %s", error)
            idle = True
        if idle:
            stop.wait(IDLE_SECONDS)


def deliver_all(sender: Delivers) -> None:
    """Deliver what is due now, once.

    Raises:
        StoreError: the database cannot be used.
    """
    while sender.send_next() is not None:
        pass


@contextmanager
def on_duty(sender: Delivers, posts: Sequence[Post], desk: Desk | None, sources: Sources) -> Generator[Crew | None]:
    """Deliver and watch in the background while the block runs; at its end the frames at hand are finished.

    Args:
        sender: brings cases to departments.
        posts: cameras to watch.
        desk: what they share; None where there are none.
        sources: opens what they read, with `desk.open_source`.
    """
    stop = threading.Event()
    crew = Crew(posts, desk) if desk else None
    work: list[Callable[[], object]] = [lambda: deliver(sender, stop)]
    if crew:
        work.append(crew.run)
    threads = [threading.Thread(target=part, name=f"shift-{i}") for i, part in enumerate(work)]
    for thread in threads:
        thread.start()
    try:
        yield crew
    finally:
        stop.set()
        if crew:
            crew.stop()
        sources.close()
        for thread in threads:
            thread.join()
