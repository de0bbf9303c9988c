"""One camera at work: every inspected frame is written down whole before the next one is looked at."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.work.opening import Reading, is_live, open_camera, recorded_seconds
from api.work.recheck import OldPlaces
from cases.intake import Intake, Outcome
from cases.ports import CameraMemory
from cases.rechecks import Rechecks
from inference.camera import CameraView
from inference.crossings import crossing
from inference.errors import PictureRefused
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

    def old_places(self, view: CameraView, keeping: Keeping) -> OldPlaces | None:
        """The old places before a fixed camera; one that moves has none."""
        if self.rechecks is None or view.moving:
            return None
        return OldPlaces(rechecks=self.rechecks, view=view, store=keeping.store, timezone=keeping.timezone)


@dataclass(slots=True, kw_only=True)
class Tally:
    """What one run of a camera came to."""

    frames: int = 0
    inspected: int = 0
    findings: int = 0
    cases_opened: int = 0


def watch(post: Post, desk: Desk, stop: threading.Event) -> Tally:
    """Watch a camera until its source ends or `stop` is set.

    A frame's findings, their cases and the camera's memory are one transaction: killed at any time and started again,
    the camera goes on behind the last frame that was written down, and the cases are the same.

    Args:
        post: the camera.
        desk: what all cameras share.
        stop: ends the watch after the frame at hand.

    Raises:
        InferenceError: the source cannot be read, or evidence cannot be kept; nothing half-done was written.
    """
    past, live = desk.memory_of(post.view.id), is_live(post.address)
    keeping = desk.keeping_of(post.view.id)
    inspector = Inspector(post.view, desk.seeing, keeping, remembered=past.memory if past else None)
    old_places = desk.old_places(post.view, keeping)
    source = desk.open_source(post.address, post.view.id, _reading(post, desk, past, live))
    tally = Tally()
    try:
        for frame in source.frames():
            if past is not None and not live and frame.pts <= past.position:
                continue
            tally.frames += 1
            try:
                look = inspector.look(frame)
            except PictureRefused as error:
                logger.warning("camera %s: a picture is passed over: %s", post.view.id, error)
                continue
            if not look.gated:
                tally.inspected += 1
                crossing("camera.looked")
                taken = desk.intake.record_look(
                    camera=post.view.id,
                    memory=inspector.memory(),
                    position=frame.pts,
                    captured_at=frame.captured_at,
                    findings=look.findings,
                )
                crossing("camera.written_down")
                tally.findings += len(taken)
                tally.cases_opened += sum(one.outcome is Outcome.OPENED for one in taken)
                if old_places is not None:
                    old_places.look(frame, look)
            if stop.is_set():
                break
    finally:
        source.close()
    return tally


def _reading(post: Post, desk: Desk, past: CameraMemory | None, live: bool) -> Reading:
    """Live pictures are of now; a recording goes on where we stopped, and one that is new to us has just ended."""
    if live:
        return Reading(started_at=desk.clock())
    if past is None:
        return Reading(started_at=desk.clock() - timedelta(seconds=recorded_seconds(post.address)))
    return Reading(started_at=past.captured_at - timedelta(seconds=past.position), resume_after=past.position)
