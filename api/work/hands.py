"""Those who look: as many threads as there are cores, for however many cameras.

Each camera has a reader of its own, which mostly waits for the network. Looking is what costs, so it is done by few: a
frame that nobody has got round to makes way for the next one of its camera, and the accounts say so.
"""

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from copy import copy
from typing import Protocol

from api.work.turns import Counts, Outcome, Turns, Verdict
from inference.frame import Frame


class Looks(Protocol):
    """Looks at one camera's frames, never at two at once."""

    def look(self, frame: Frame) -> Verdict:
        """Look at a frame; an error ends the camera's lane."""
        ...

    def failed(self) -> None:
        """A look failed: stop reading, `Lane.finish` raises the error."""
        ...


def cores() -> int:
    """Cores that this process may use."""
    with suppress(AttributeError):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Hands:
    """Threads that look. They are there while a lane is open.

    Args:
        number: how many; one for each core.
        monotonic: seconds that only grow.
    """

    def __init__(self, number: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.number = number
        self.monotonic = monotonic
        self._turns = Turns()
        self._changed = threading.Condition()
        self._lanes: dict[str, Lane] = {}
        self._at_work = 0
        self._busy = 0.0

    def open(self, camera: str, looks: Looks, *, every_frame: bool) -> "Lane":
        """Begin to look at a camera's frames. A camera has one lane at a time: whoever wants a second waits.

        Args:
            camera: whose.
            looks: who knows how.
            every_frame: none may be shed, as in a recording.
        """
        with self._changed:
            self._changed.wait_for(lambda: camera not in self._lanes)
            self._turns.open(camera, every_frame=every_frame)
            lane = self._lanes[camera] = Lane(self, camera, looks, every_frame=every_frame)
            while self._at_work < self.number:
                self._at_work += 1
                threading.Thread(target=self._work, name=f"hand-{self._at_work}").start()
        return lane

    @property
    def counts(self) -> dict[str, Counts]:
        """What became of the frames, by camera, at one moment."""
        with self._changed:
            return {camera: copy(counts) for camera, counts in self._turns.counts.items()}

    @property
    def busy_seconds(self) -> float:
        """Time that all hands together have spent looking so far."""
        with self._changed:
            return self._busy

    def rests(self, camera: str) -> bool:
        """Whether the picture at hand need not even be decoded, because the camera rests; it is counted here."""
        with self._changed:
            rests = self._turns.is_resting(camera, self.monotonic())
            if rests:
                self._turns.pass_over(camera)
            return rests

    def offer(self, lane: "Lane", frame: Frame) -> bool:
        """See `Lane.offer`."""
        with self._changed:
            if lane.every_frame:
                self._changed.wait_for(lambda: lane.error is not None or self._turns.has_room(lane.camera))
            if lane.error is not None:
                return False
            self._turns.offer(lane.camera, frame, self.monotonic())
            self._changed.notify_all()
            return True

    def finish(self, lane: "Lane", *, look_at_all: bool) -> None:
        """See `Lane.finish`."""
        with self._changed:
            if look_at_all:
                self._changed.wait_for(lambda: lane.error is not None or self._turns.is_idle(lane.camera))
            self._turns.shed_waiting(lane.camera)
            self._changed.wait_for(lambda: self._turns.is_idle(lane.camera))
            self._turns.close(lane.camera)
            del self._lanes[lane.camera]
            self._changed.notify_all()
        if lane.error is not None:
            raise lane.error

    def _work(self) -> None:
        while (turn := self._take()) is not None:
            lane, frame = turn
            began, verdict, error = self.monotonic(), Verdict(outcome=Outcome.REFUSED), None
            try:
                verdict = lane.looks.look(frame)
            except BaseException as failure:  # raised where the camera is watched, by `finish`
                error = failure
            with self._changed:
                now = self.monotonic()
                self._busy += now - began
                self._turns.done(lane.camera, verdict, now)
                if error is not None:  # a frame that waits must not be looked at: the one that failed comes again first
                    lane.error = error
                    self._turns.shed_waiting(lane.camera)
                self._changed.notify_all()
            if error is not None:
                lane.looks.failed()

    def _take(self) -> "tuple[Lane, Frame] | None":
        """Wait for a turn; None when no lane is open any more."""
        with self._changed:
            while self._lanes:
                turn = self._turns.next(self.monotonic())
                if turn is not None:
                    return self._lanes[turn[0]], turn[1]
                self._changed.wait(self._turns.pause(self.monotonic()))
            self._at_work -= 1
            return None


class Lane:
    """The frames of one camera on their way to the hands. Made by `Hands.open`; one thread offers, and finishes.

    Attributes:
        error: what a look raised; nothing is looked at after that.
    """

    def __init__(self, hands: Hands, camera: str, looks: Looks, *, every_frame: bool) -> None:
        self.camera = camera
        self.looks = looks
        self.every_frame = every_frame
        self.error: BaseException | None = None
        self._hands = hands

    def offer(self, frame: Frame) -> bool:
        """Give a frame; one that still waits makes way, or is waited for where every frame counts.

        Returns:
            False where a look has failed, so that no more frames are wanted.
        """
        return self._hands.offer(self, frame)

    def finish(self, *, look_at_all: bool) -> None:
        """End the lane when the look at hand has ended, or with `look_at_all` when no frame waits any more.

        Raises:
            BaseException: what a look raised.
        """
        self._hands.finish(self, look_at_all=look_at_all)
