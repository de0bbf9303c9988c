"""All cameras of a worker, each for itself: one that fails holds up nobody."""

import logging
import threading
import time
from collections.abc import Sequence
from random import random as chance

from api.errors import StoreError
from api.work.camera_run import Desk, Post, Tally, Watch
from api.work.leases import Leases
from api.work.report import CameraReport, WorkerReport, written
from api.work.turns import Counts
from cases.errors import CaseError, LeaseLost
from cases.ports import CameraLease
from inference.errors import InferenceError, SourceNotReadable
from inference.sources.backoff import Backoff

logger = logging.getLogger(__name__)


class Crew:
    """Watches cameras in threads of their own, which share one detector session.

    Args:
        posts: the cameras.
        desk: what they share.
        leases: what decides which of them are ours; None where no other process could watch them.
        once: stop when every source of ours has ended, instead of waiting for more.
    """

    def __init__(self, posts: Sequence[Post], desk: Desk, leases: Leases | None = None, *, once: bool = False) -> None:
        """Nothing starts before `run`."""
        self._posts = {post.view.id: post for post in posts}
        self._desk = desk
        self._leases = leases
        self._once = once or leases is None
        self._changed = threading.Condition()
        self._stopped = False
        self._watches: dict[str, Watch] = {}
        self._threads: dict[str, threading.Thread] = {}
        self._ended: set[str] = set()
        self._tally = Tally()
        self.given_up: dict[str, str] = {}
        self._reported = desk.hands.monotonic(), desk.hands.busy_seconds

    def stop(self) -> None:
        """Let every camera finish the frame at hand; `run` then returns. Any thread may call it."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    @property
    def watched(self) -> tuple[str, ...]:
        """Cameras that are watched now, in the city's order."""
        with self._changed:
            return tuple(camera for camera in self._posts if camera in self._watches)

    def report(self) -> WorkerReport:
        """How the worker and its cameras do; `busy` is of the time since the last report."""
        now, busy = self._desk.hands.monotonic(), self._desk.hands.busy_seconds
        (then, busy_then), self._reported = self._reported, (now, busy)
        hands, counts = self._desk.hands.number, self._desk.hands.counts
        with self._changed:
            watches = [(camera, self._watches.get(camera)) for camera in self._posts if camera in self._threads]
        share = (busy - busy_then) / (hands * (now - then)) if now > then else 0.0
        cameras = {camera: self._camera_report(camera, watch, counts.get(camera)) for camera, watch in watches}
        model = self._desk.model
        name, trouble = (model.name, model.trouble) if model else ("", "")
        return WorkerReport(hands=hands, busy=min(1.0, share), cameras=cameras, model=name, model_trouble=trouble)

    def _camera_report(self, camera: str, watch: Watch | None, counts: Counts | None) -> CameraReport:
        counts, why, stream = counts or Counts(), self.given_up.get(camera), watch.stream if watch else None
        if why is not None:
            return CameraReport(state="given_up", error=why, counts=counts)
        if stream is None:
            return CameraReport(state="reading" if watch else "ended", counts=counts)
        return CameraReport(state=stream.state, error=stream.error, key_interval=stream.key_interval, counts=counts)

    def run(self) -> Tally:
        """Watch until every source has ended or `stop` was called.

        Returns:
            The sum of all cameras. Cameras whose source cannot be read at all are in `given_up`, with the reason.

        Raises:
            StoreError: the database cannot be written, where there is only this one round.
        """
        try:
            if self._leases is None:
                for camera in self._posts:
                    self._begin(camera, None)
                self._wait()
            else:
                self._share(self._leases)
        finally:
            self._end_all()
            if self._leases is not None:
                self._leave(self._leases)
        return self._tally

    def _share(self, leases: Leases) -> None:
        """Take what is ours, give up what is not, again and again."""
        given_up: set[str] = set()
        while True:
            with self._changed:
                at_rest = {c for c in given_up if c not in self._watches}
            try:
                change = leases.sign(at_rest, written(self.report()))
            except StoreError as error:
                if self._once and not self._threads:
                    raise
                logger.error("no sign of life could be given; others may take our cameras: %s", error)
            except Exception:  # a fault of ours in one sign must not leave all cameras to nobody in silence
                logger.exception("no sign of life could be given, by a fault of ours; report it")
            else:
                given_up = (given_up - at_rest) | {*change.give_up}
                for camera in (*change.lost, *change.give_up):
                    self._let_go(camera)
                for lease in change.taken:  # perhaps of a camera that was just lost: whoever took it has gone already
                    self._begin(lease.camera, lease)
            if self._wait(leases.rhythm.beat):
                return

    def _wait(self, seconds: float | None = None) -> bool:
        """Wait, at most until the crew is to end; say whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: self._stopped or (self._once and not self._watches), timeout=seconds)

    def _begin(self, camera: str, lease: CameraLease | None) -> None:
        before = self._threads.get(camera)
        watch = Watch(self._posts[camera], self._desk, lease)
        thread = threading.Thread(target=self._watch, args=(watch, before), name=f"camera-{camera}")
        with self._changed:
            self._watches[camera], self._threads[camera] = watch, thread
            self.given_up.pop(camera, None)
        thread.start()

    def _let_go(self, camera: str) -> None:
        with self._changed:
            watch = self._watches.get(camera)
        if watch is not None:
            watch.stop()

    def _end_all(self) -> None:
        for camera in self.watched:
            self._let_go(camera)
        for thread in list(self._threads.values()):
            thread.join()

    def _leave(self, leases: Leases) -> None:
        try:
            leases.leave()
        except StoreError as error:
            logger.error("our cameras could not be given back; others take them in a few seconds: %s", error)

    def _watch(self, watch: Watch, before: threading.Thread | None) -> None:
        if before is not None:
            before.join()  # the same camera under an older lease: its pictures are in the same spool
        tally = self._watched(watch)
        camera = watch.post.view.id
        with self._changed:
            self._tally = self._tally + tally
            if self._watches.get(camera) is watch:
                del self._watches[camera]
            self._changed.notify_all()

    def _watched(self, watch: Watch) -> Tally:
        camera, backoff = watch.post.view.id, Backoff(chance)
        while not watch.is_stopped:
            began = time.monotonic()
            try:
                return watch.run()
            except SourceNotReadable as error:
                logger.error("camera %s is not watched: %s", camera, error)
                self.given_up[camera] = str(error)
                break
            except LeaseLost as error:
                logger.warning("%s", error)
                break
            except (InferenceError, StoreError, CaseError) as error:
                pause = backoff.delay(time.monotonic() - began)
                logger.warning("camera %s starts again in %.0f s: %s", camera, pause, error)
            except Exception:  # a fault of ours in one camera's pictures must not end its watch in silence
                pause = backoff.delay(time.monotonic() - began)
                logger.exception("camera %s starts again in %.0f s after a fault; report it", camera, pause)
            watch.pause(pause)
        return Tally()
