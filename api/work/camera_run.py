"""One camera at work: every inspected frame is written down whole before the next one is looked at."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.work.opening import Reading, is_live, open_camera
from cases.intake import Intake, Outcome
from cases.ports import CameraMemory
from inference.camera import CameraView
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
        keeping: where pictures go.
        intake: where findings go.
        memory_of: what a camera remembers from before a restart.
        clock: aware UTC, now.
        open_source: makes a source from address, camera and reading.
    """

    seeing: Seeing
    keeping: Keeping
    intake: Intake
    memory_of: Callable[[str], CameraMemory | None]
    clock: Callable[[], datetime]
    open_source: Opener = open_camera


@dataclass(slots=True, kw_only=True)
class Tally:
    """What one run of a camera came to."""

    frames: int = 0
    inspected: int = 0
    findings: int = 0
    cases_opened: int = 0


def watch(post: Post, desk: Desk, stop: threading.Event, *, recorded_before: timedelta = timedelta(0)) -> Tally:
    """Watch a camera until its source ends or `stop` is set.

    A frame's findings, their cases and the camera's memory are one transaction: killed at any time and started again,
    the camera goes on behind the last frame that was written down, and the cases are the same.

    Args:
        post: the camera.
        desk: what all cameras share.
        stop: ends the watch after the frame at hand.
        recorded_before: how long ago a recording that is new to us began.

    Raises:
        InferenceError: the source cannot be read, or evidence cannot be kept; nothing half-done was written.
    """
    past = desk.memory_of(post.view.id)
    if is_live(post.address):
        reading = Reading(started_at=desk.clock())
    elif past is None:
        reading = Reading(started_at=desk.clock() - recorded_before)
    else:
        began = past.captured_at - timedelta(seconds=past.position)
        reading = Reading(started_at=began, resume_after=past.position)
    inspector = Inspector(post.view, desk.seeing, desk.keeping, remembered=past.memory if past else None)
    source = desk.open_source(post.address, post.view.id, reading)
    tally = Tally()
    try:
        for frame in source.frames():
            tally.frames += 1
            look = inspector.look(frame)
            if not look.gated:
                tally.inspected += 1
                taken = desk.intake.record_look(
                    camera=post.view.id,
                    memory=inspector.memory(),
                    position=frame.pts,
                    captured_at=frame.captured_at,
                    findings=look.findings,
                )
                tally.findings += len(taken)
                tally.cases_opened += sum(one.outcome is Outcome.OPENED for one in taken)
            if stop.is_set():
                break
    finally:
        source.close()
    return tally
