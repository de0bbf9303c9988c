"""One camera at work: every inspected frame is written down whole before the next one is looked at."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from api.work.cadence import Cadence
from api.work.hands import Hands
from api.work.model_in_use import ModelInUse
from api.work.opening import Reading, is_live, open_camera, recorded_seconds
from api.work.recheck import OldPlaces
from api.work.ring import PictureRing
from api.work.turns import Outcome, Verdict
from cases.intake import Outcome as Fate
from cases.intake import Taken
from cases.ports import CameraLease, CameraMemory
from cases.rechecks import Rechecks
from inference.camera import CameraView
from inference.crossings import crossing
from inference.errors import PictureRefused
from inference.findings import Finding
from inference.frame import Frame
from inference.pipeline import Inspector, Keeping, Look, Seeing
from inference.sources.rtsp import Rtsp
from inference.sources.source import Source
from inference.sources.stream_status import StreamStatus

logger = logging.getLogger(__name__)


class TakesLooks(Protocol):
    """Writes looks down; see `cases.intake.Intake`, and `api.edge.intake.EdgeIntake` for a box beside the cameras."""

    def record_look(
        self,
        *,
        camera: str,
        memory: bytes,
        position: float,
        captured_at: datetime,
        findings: Sequence[Finding],
        lease: CameraLease | None = None,
    ) -> Sequence[Taken]:
        """Write down one inspected frame as a whole."""
        ...


Opener = Callable[[str, str, Reading], Source]


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A camera to be watched: its view, and the address of its pictures (which may hold a password)."""

    view: CameraView
    address: str

    def __repr__(self) -> str:
        return f"Post(camera={self.view.id!r})"


def as_it_is(view: CameraView) -> CameraView:
    """The view of the city file."""
    return view


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
        hands: threads that look.
        drawn: the view in force of a camera, as people have drawn it last.
        ring_of: where a camera's last pictures are kept; None where nobody looks at them.
        model: what `seeing` comes from and may be another by now; None where it never changes.
    """

    seeing: Seeing
    keeping_of: Callable[[str], Keeping]
    intake: TakesLooks
    memory_of: Callable[[str], CameraMemory | None]
    clock: Callable[[], datetime]
    rechecks: Rechecks | None = None
    open_source: Opener = open_camera
    hands: Hands = field(default_factory=lambda: Hands(1))
    drawn: Callable[[CameraView], CameraView] = as_it_is
    ring_of: Callable[[str], PictureRing] | None = None
    model: ModelInUse | None = None

    def seeing_now(self) -> Seeing:
        """Detector and rules for the next look."""
        return self.model.seeing if self.model else self.seeing

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
    """One camera: a thread reads it, the hands look at it, any other thread may stop it.

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
        self._hang_up()

    @property
    def is_stopped(self) -> bool:
        """Whether it was told to stop."""
        return self._stopping.is_set()

    @property
    def stream(self) -> StreamStatus | None:
        """How a live camera does; None for all others, and while it is not read."""
        with self._turn:
            return self._live.status if isinstance(self._live, Rtsp) else None

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
        camera = post.view.id
        past, live = desk.memory_of(camera), is_live(post.address)
        keeping = desk.keeping_of(camera)
        view = desk.drawn(post.view)
        eye = Eye(
            desk=desk,
            plain=post.view,
            inspector=Inspector(view, desk.seeing_now(), keeping, remembered=past.memory if past else None),
            cadence=Cadence(view.zones),
            old_places=desk.old_places(post.view, keeping, self._lease),
            lease=self._lease,
            hang_up=self._hang_up,
            ring=desk.ring_of(camera) if desk.ring_of else None,
        )
        source = desk.open_source(post.address, camera, _reading(post, desk, past, live))
        with self._turn:
            self._live = source if live else None  # a recording is closed by its own thread alone
        lane = desk.hands.open(camera, eye, every_frame=not live)
        try:
            for frame in () if self.is_stopped else source.frames():
                if past is not None and not live and frame.pts <= past.position:
                    continue
                if not lane.offer(frame) or self.is_stopped:
                    break
        finally:
            with self._turn:
                self._live = None
            try:
                source.close()
            finally:  # a lane that stays open would let nobody watch the camera again
                lane.finish(look_at_all=not (live or self.is_stopped))
        return eye.tally

    def _hang_up(self) -> None:
        with self._turn:
            live = self._live
        if live is not None:  # closing waits for a mute camera, and there may be a hundred of them
            threading.Thread(target=live.close, name="letting-go", daemon=True).start()


@dataclass(kw_only=True)
class Eye:
    """Looks at one camera's frames and writes down what it saw; see `api.work.hands.Looks`.

    Attributes:
        desk: what all cameras share.
        plain: the camera's view as the city file has it.
        inspector: of the camera.
        cadence: of the camera.
        old_places: before the camera; None where nobody asks about any.
        lease: under which it is watched.
        hang_up: lets the reader go.
        ring: keeps its last pictures; None where nobody looks at them.
        tally: what it all came to.
    """

    desk: Desk
    plain: CameraView
    inspector: Inspector
    cadence: Cadence
    old_places: OldPlaces | None
    lease: CameraLease | None
    hang_up: Callable[[], None]
    ring: PictureRing | None = None
    tally: Tally = field(default_factory=Tally)

    def failed(self) -> None:
        """See `Looks.failed`."""
        self.hang_up()

    def look(self, frame: Frame) -> Verdict:
        """See `Looks.look`.

        Raises:
            InferenceError: evidence cannot be kept; nothing half-done was written.
            LeaseLost: another worker watches the camera by now.
        """
        self.tally.frames += 1
        if (view := self.desk.drawn(self.plain)) is not self.inspector.camera:
            self.inspector.redraw(view)
            self.cadence = Cadence(view.zones)
        if (seeing := self.desk.seeing_now()) is not self.inspector.seeing:
            self.inspector.look_with(seeing)
        try:
            if self.ring is not None:
                self.ring.offer(frame)
            look = self.inspector.look(frame)
        except PictureRefused as error:
            logger.warning("camera %s: a picture is passed over: %s", self.inspector.camera.id, error)
            return Verdict(outcome=Outcome.REFUSED)
        if not look.gated:
            self._write_down(frame, look)
        return Verdict(
            outcome=Outcome.GATED if look.gated else Outcome.INSPECTED,
            rest=self.cadence.rest(look, frame.captured_at),
            due=look.due,
        )

    def _write_down(self, frame: Frame, look: Look) -> None:
        self.tally.inspected += 1
        crossing("camera.looked")
        taken = self.desk.intake.record_look(
            camera=self.inspector.camera.id,
            memory=self.inspector.memory(),
            position=frame.pts,
            captured_at=frame.captured_at,
            findings=look.findings,
            lease=self.lease,
        )
        crossing("camera.written_down")
        self.tally.findings += len(taken)
        self.tally.cases_opened += sum(one.outcome is Fate.OPENED for one in taken)
        if self.old_places is not None:
            self.old_places.look(frame, look)


def _reading(post: Post, desk: Desk, past: CameraMemory | None, live: bool) -> Reading:
    """Live pictures are of now; a recording goes on where we stopped, and one that is new to us has just ended."""
    if live:
        return Reading(started_at=desk.clock(), rests=partial(desk.hands.rests, post.view.id))
    if past is None:
        return Reading(started_at=desk.clock() - timedelta(seconds=recorded_seconds(post.address)))
    return Reading(started_at=past.captured_at - timedelta(seconds=past.position), resume_after=past.position)
