"""All cameras of a city at work, each for itself: one that fails holds up nobody."""

import logging
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from random import random as chance

from api.errors import StoreError
from api.work.camera_run import Desk, Post, Tally, watch
from cases.errors import CaseError
from inference.errors import InferenceError, SourceNotReadable
from inference.sources.backoff import Backoff

logger = logging.getLogger(__name__)


class Crew:
    """Watches cameras in threads of their own, which share one detector session.

    Args:
        posts: the cameras.
        desk: what they share.
    """

    def __init__(self, posts: Sequence[Post], desk: Desk) -> None:
        """Nothing starts before `run`."""
        self._posts = posts
        self._desk = desk
        self._stop = threading.Event()
        self.given_up: dict[str, str] = {}

    def stop(self) -> None:
        """Let every camera finish the frame at hand; `run` then returns. Any thread may call it."""
        self._stop.set()

    def run(self) -> Tally:
        """Watch until every source has ended or `stop` was called.

        Returns:
            The sum of all cameras. Cameras whose source cannot be read at all are in `given_up`, with the reason.
        """
        if not self._posts:
            return Tally()
        with ThreadPoolExecutor(max_workers=len(self._posts), thread_name_prefix="camera") as pool:
            tallies = list(pool.map(self._watch, self._posts))
        return Tally(
            frames=sum(t.frames for t in tallies),
            inspected=sum(t.inspected for t in tallies),
            findings=sum(t.findings for t in tallies),
            cases_opened=sum(t.cases_opened for t in tallies),
        )

    def _watch(self, post: Post) -> Tally:
        backoff = Backoff(chance)
        while True:
            began = time.monotonic()
            try:
                return watch(post, self._desk, self._stop)
            except SourceNotReadable as error:
                logger.error("camera %s is not watched: %s", post.view.id, error)
                self.given_up[post.view.id] = str(error)
                return Tally()
            except (InferenceError, StoreError, CaseError) as error:
                pause = backoff.delay(time.monotonic() - began)
                logger.warning("camera %s starts again in %.0f s: %s", post.view.id, pause, error)
            except Exception:  # a fault of ours in one camera's pictures must not end its watch in silence
                pause = backoff.delay(time.monotonic() - began)
                logger.exception("camera %s starts again in %.0f s after a fault; report it", post.view.id, pause)
            if self._stop.wait(pause):
                return Tally()
