"""Whose turn it is: frames of many cameras, few who look at them, and nothing unaccounted for.

Plain bookkeeping without threads and without a clock of its own; `api.work.hands` puts both around it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from inference.frame import Frame

LEAST_PAUSE = 0.5
"""Seconds from one look at a live camera to the next: the budget that no camera exceeds, however much it sends."""


class Outcome(StrEnum):
    """What became of a frame."""

    INSPECTED = "inspected"
    GATED = "gated"
    """Looked at in small: nothing had changed."""
    RESTED = "rested"
    """Passed over unseen, because the camera's scene has been at rest for long."""
    SHED = "shed"
    """Overtaken by a newer frame while it waited for its turn."""
    REFUSED = "refused"
    """Damaged, or a look that failed: what it would have told, the next look tells."""


@dataclass(slots=True, kw_only=True)
class Counts:
    """Frames of one camera: `offered` is always the sum of all others."""

    offered: int = 0
    inspected: int = 0
    gated: int = 0
    rested: int = 0
    shed: int = 0
    refused: int = 0
    waiting: int = 0

    def came(self) -> None:
        """A frame was offered."""
        self.offered += 1
        self.waiting += 1

    def went(self, outcome: Outcome) -> None:
        """A frame that was offered came to its end."""
        self.waiting -= 1
        setattr(self, outcome.value, getattr(self, outcome.value) + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a look says of the looks to come.

    Attributes:
        outcome: of the frame.
        rest: seconds for which nothing needs to be seen of this camera; 0 where every frame counts.
        due: aware UTC capture time from which on a rule wants a look, whatever else is the matter.
    """

    outcome: Outcome
    rest: float = 0.0
    due: datetime | None = None


@dataclass(slots=True, kw_only=True)
class _Lane:
    counts: Counts
    every_frame: bool
    waiting: Frame | None = None
    busy: bool = False
    last_turn: float = 0.0
    budget_from: float = 0.0
    rests_until: float = 0.0
    due: datetime | None = None

    def is_due(self) -> bool:
        return self.waiting is not None and self.due is not None and self.waiting.captured_at >= self.due

    def ready_from(self) -> float:
        """Seconds of the clock from which on the waiting frame may be looked at."""
        return self.budget_from if self.every_frame or self.is_due() else max(self.budget_from, self.rests_until)


@dataclass(slots=True)
class Turns:
    """The lanes of all cameras of a process. Every `now` is in seconds of one monotonic clock."""

    counts: dict[str, Counts] = field(default_factory=dict[str, Counts])
    _lanes: dict[str, _Lane] = field(default_factory=dict[str, _Lane])

    def open(self, camera: str, *, every_frame: bool) -> None:
        """Begin a lane; its counts go on where an earlier one of the camera ended.

        Args:
            camera: whose frames come.
            every_frame: a recording, of which no frame may be shed: whoever offers waits for `has_room`.
        """
        self._lanes[camera] = _Lane(counts=self.counts.setdefault(camera, Counts()), every_frame=every_frame)

    def close(self, camera: str) -> None:
        """End a lane at which nobody looks any more; what waits in it is shed."""
        self.shed_waiting(camera)
        del self._lanes[camera]

    def shed_waiting(self, camera: str) -> None:
        """Give up the frame that waits, if there is one."""
        lane = self._lanes[camera]
        if lane.waiting is not None:
            lane.waiting = None
            lane.counts.went(Outcome.SHED)

    def has_room(self, camera: str) -> bool:
        """Whether no frame of the camera waits."""
        return self._lanes[camera].waiting is None

    def is_idle(self, camera: str) -> bool:
        """Whether no frame of the camera waits or is looked at."""
        lane = self._lanes[camera]
        return lane.waiting is None and not lane.busy

    def is_resting(self, camera: str, now: float) -> bool:
        """Whether a picture of the camera that comes now need not even be decoded. Where a rule waits, it must."""
        lane = self._lanes.get(camera)
        return lane is not None and not lane.every_frame and lane.due is None and now < lane.rests_until

    def pass_over(self, camera: str) -> None:
        """Count a picture that was not decoded, because the camera rests."""
        counts = self._lanes[camera].counts
        counts.came()
        counts.went(Outcome.RESTED)

    def offer(self, camera: str, frame: Frame, now: float) -> None:
        """Put a frame into the camera's lane; an older one that still waits makes way for it."""
        lane = self._lanes[camera]
        lane.counts.came()
        if lane.waiting is not None:
            rested = not lane.is_due() and now < lane.rests_until
            lane.counts.went(Outcome.RESTED if rested else Outcome.SHED)
        lane.waiting = frame

    def next(self, now: float) -> tuple[str, Frame] | None:
        """Take the frame whose turn it is: first where a rule waits for a look, then whoever was not seen longest."""
        ready = [
            (not lane.is_due(), lane.last_turn, camera)
            for camera, lane in self._lanes.items()
            if lane.waiting is not None and not lane.busy and lane.ready_from() <= now
        ]
        if not ready:
            return None
        _, _, camera = min(ready)
        lane = self._lanes[camera]
        frame, lane.waiting = lane.waiting, None
        assert frame is not None
        lane.busy, lane.last_turn = True, now
        if not lane.every_frame:
            lane.budget_from = now + LEAST_PAUSE
        return camera, frame

    def pause(self, now: float) -> float | None:
        """Seconds until a frame that waits may be looked at; None where none does."""
        waiting = [lane.ready_from() for lane in self._lanes.values() if lane.waiting is not None and not lane.busy]
        return max(0.0, min(waiting) - now) if waiting else None

    def done(self, camera: str, verdict: Verdict, now: float) -> None:
        """A look at the frame that `next` gave has ended."""
        lane = self._lanes[camera]
        lane.counts.went(verdict.outcome)
        lane.busy = False
        lane.rests_until = now + verdict.rest
        lane.due = verdict.due
