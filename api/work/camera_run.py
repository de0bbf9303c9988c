"""One camera at work: every inspected frame is written down whole before the next one is looked at."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.work.opening import Reading, is_live, open_camera, recorded_seconds
from api.work.recheck import OldPlaces
from cases.intake import Intake, Outcome
from cases.ports import CameraLease, CameraMemory
from cases.rechecks import Rechecks
from inference.camera import CameraView
from inference.crossings import crossing
from inference.errors import PictureRefused
from inference.frame import Frame
from inference.pipeline import Inspector, Keeping, Seeing
from inference.sources.source import Source

logger = logging.getLogger(__name__)

Opener = Callable[[str, str, Reading], Source]


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A camera to be watched: its view, and the address of its pictures (which may hold a password)."""

    view: CameraView
    address: str

    def __repr__(self) -> str:
        return f"Post(camera={self.view.id!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What every camera at work shares.

    Attributes:
        seeing: detector and rules.
        keeping_of: where a camera's pictures go.
        intake: where findings go.
        memory_of: what a camera remembers from before a restart.
        clock: aware UTC, now.
        rechecks: questions about handled cases; None where nobody asks any.
        open_source: makes a source from address, camera and reading.
    """

    seeing: Seeing
    keeping_of: Callable[[str], Keeping]
    intake: Intake
    memory_of: Callable[[str], CameraMemory | None]
    clock: Callable[[], datetime]
    rechecks: Rechecks | None = None
    open_source: Opener = open_camera

    def old_places(self, view: CameraView, keeping: Keeping, lease: CameraLease | None) -> OldPlaces | None:
        """The old places before a fixed camera; one that moves has none."""
        if self.rechecks is None or view.moving:
            return None
        return OldPlaces(rechecks=self.rechecks, view=view, store=keeping.store, timezone=keeping.timezone, lease=lease)


@dataclass(slots=True, kw_only=True)
class Tally:
    """What one run of a camera came to."""

    frames: int = 0
    inspected: int = 0
    findings: int = 0
    cases_opened: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            frames=self.frames + other.frames,
            inspected=self.inspected + other.inspected,
            findings=self.findings + other.findings,
            cases_opened=self.cases_opened + other.cases_opened,
        )


class Watch:
    """One camera, watched by one thread; any other may stop it.

    A frame's findings, their cases and the camera's memory are one transaction: killed at any time and started again,
    the camera goes on behind the last frame that was written down, and the cases are the same.

    Args:
        post: the camera.
        desk: what all cameras share.
        lease: under which it is watched; None where no other process could watch it.
    """

    def __init__(self, post: Post, desk: Desk, lease: CameraLease | None = None) -> None:
        self.post = post
        self._desk = desk
        self._lease = lease
        self._stopping = threading.Event()
        self._turn = threading.Lock()
        self._live: Source | None = None

    def stop(self) -> None:
        """End the watch after the frame at hand, and waiting for one at once; does not wait for that itself."""
        self._stopping.set()
        with self._turn:
            live = self._live
        if live is not None:  # closing waits for a mute camera, and there may be a hundred of them
            threading.Thread(target=live.close, name="letting-go", daemon=True).start()

    @property
    def is_stopped(self) -> bool:
        """Whether it was told to stop."""
        return self._stopping.is_set()

    def pause(self, seconds: float) -> bool:
        """Wait, at most until `stop`; say whether it was told to stop."""
        return self._stopping.wait(seconds)

    def run(self) -> Tally:
        """Watch until the source ends or `stop` was called.

        Raises:
            InferenceError: the source cannot be read, or evidence cannot be kept; nothing half-done was written.
            LeaseLost: another worker watches the camera by now.
        """
        post, desk = self.post, self._desk
        past, live = desk.memory_of(post.view.id), is_live(post.address)
        keeping = desk.keeping_of(post.view.id)
        inspector = Inspector(post.view, desk.seeing, keeping, remembered=past.memory if past else None)
        old_places = desk.old_places(post.view, keeping, self._lease)
        source = desk.open_source(post.address, post.view.id, _reading(post, desk, past, live))
        with self._turn:
            self._live = source if live else None  # a recording is closed by its own thread alone
        tally = Tally()
        try:
            for frame in () if self.is_stopped else source.frames():
                if past is not None and not live and frame.pts <= past.position:
                    continue
                self._look(frame, inspector, old_places, tally)
                if self.is_stopped:
                    break
        finally:
            source.close()
        return tally

    def _look(self, frame: Frame, inspector: Inspector, old_places: OldPlaces | None, tally: Tally) -> None:
        tally.frames += 1
        try:
            look = inspector.look(frame)
        except PictureRefused as error:
            logger.warning("camera %s: a picture is passed over: %s", self.post.view.id, error)
            return
        if look.gated:
            return
        tally.inspected += 1
        crossing("camera.looked")
        taken = self._desk.intake.record_look(
            camera=self.post.view.id,
            memory=inspector.memory(),
            position=frame.pts,
            captured_at=frame.captured_at,
            findings=look.findings,
            lease=self._lease,
        )
        crossing("camera.written_down")
        tally.findings += len(taken)
        tally.cases_opened += sum(one.outcome is Outcome.OPENED for one in taken)
        if old_places is not None:
            old_places.look(frame, look)


def _reading(post: Post, desk: Desk, past: CameraMemory | None, live: bool) -> Reading:
    """Live pictures are of now; a recording goes on where we stopped, and one that is new to us has just ended."""
    if live:
        return Reading(started_at=desk.clock())
    if past is None:
        return Reading(started_at=desk.clock() - timedelta(seconds=recorded_seconds(post.address)))
    return Reading(started_at=past.captured_at - timedelta(seconds=past.position), resume_after=past.position)
