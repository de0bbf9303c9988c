"""One worker's cameras: taken while it lives, given back when it stops, taken by others when it is killed.

Nobody compares the clocks of two machines. Every worker counts its signs of life in the database; whose count has stood
still for some seconds (`Rhythm`) of the watcher's own monotonic clock is dead. A worker that was only paused finds that
out when it wants to write: its fencing token is old, see `cases.ports.CameraLease`.
"""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from api.store.leases import Standing, WorkerSign
from api.work.sharing import to_give_up, to_take
from cases.ports import CameraLease, Clock

FORGET_AFTER_SECONDS = 3600.0
"""A dead worker stays on the list for so long, so that people see that it is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How often workers give a sign, and when they are taken for dead; the same for all workers of a city.

    Attributes:
        beat: seconds from one sign of life to the next.
        silent: seconds without a sign after which a worker's cameras are taken. As it is, two signs may be late, and
            with one sign of ours before and one after, cameras move within 15 s of a kill.
    """

    beat: float = 3.0
    silent: float = 9.0


class LeaseStore(Protocol):
    """Where leases are kept; see `api.store.leases.SqlLeases`."""

    def sign(
        self, me: WorkerSign, *, free: Collection[str], choose: Callable[[Standing], Collection[str]]
    ) -> tuple[CameraLease, ...]:
        """Give a sign of life, give cameras back and take others."""
        ...

    def leave(self, name: str, at: datetime) -> None:
        """Give everything back."""
        ...

    def forget(self, names: Collection[str]) -> None:
        """Take dead workers off the list."""
        ...


class Pulses:
    """Which workers are alive, judged by one that watches their signs.

    Args:
        silent: seconds after which one that gives no sign is dead.
        monotonic: seconds that only grow.
    """

    def __init__(self, silent: float, monotonic: Callable[[], float]) -> None:
        self._silent = silent
        self._monotonic = monotonic
        self._seen: dict[str, tuple[int, float]] = {}

    def alive(self, beats: Mapping[str, int]) -> set[str]:
        """Those whose count has grown lately; one that is seen for the first time has the benefit of the doubt."""
        now = self._monotonic()
        for worker, beat in beats.items():
            if worker not in self._seen or self._seen[worker][0] != beat:
                self._seen[worker] = beat, now
        return {worker for worker in beats if now - self._seen[worker][1] < self._silent}

    def long_dead(self, beats: Collection[str]) -> set[str]:
        """Those that have given no sign for `FORGET_AFTER_SECONDS`."""
        now = self._monotonic()
        return {w for w in beats if w in self._seen and now - self._seen[w][1] >= FORGET_AFTER_SECONDS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one sign of life brought.

    Attributes:
        taken: cameras to watch from now on, each under a new lease.
        give_up: cameras to stop watching; say so with the next sign once they are at rest.
        lost: cameras that somebody else has taken: what is still under way for them will not be written.
    """

    taken: tuple[CameraLease, ...] = ()
    give_up: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


class Leases:
    """What one worker has. One thread uses it.

    Args:
        store: where everybody's leases are.
        name: of this worker; a process that was killed and starts again under its name has its cameras at once.
        cameras: that may be watched, in the city's order.
        clock: aware UTC, for people.
        rhythm: of the signs.
        monotonic: seconds that only grow, for judging others.
    """

    def __init__(
        self,
        store: LeaseStore,
        name: str,
        cameras: Sequence[str],
        *,
        clock: Clock,
        rhythm: Rhythm = Rhythm(),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._me = WorkerSign(name=name, started_at=clock(), seen_at=clock())
        self._cameras = cameras
        self._clock = clock
        self.rhythm = rhythm
        self._pulses = Pulses(rhythm.silent, monotonic)
        self._mine: dict[str, CameraLease] = {}

    @property
    def name(self) -> str:
        """Of this worker."""
        return self._me.name

    def sign(self, at_rest: Collection[str] = (), report: str = "{}") -> Change:
        """Give a sign of life and see what that changes.

        Args:
            at_rest: cameras of mine that are no longer watched, because they were to be given up or have ended.
            report: what this worker says of its cameras, as JSON.

        Raises:
            StoreError: the database cannot be written. Go on watching: what others may have taken is not written.
        """
        me = replace(self._me, seen_at=self._clock(), report=report)
        held = {camera: lease for camera, lease in self._mine.items() if camera not in at_rest}
        seen = Standing()

        def choose(standing: Standing) -> Collection[str]:
            nonlocal seen
            seen = standing
            # What has my name and is not in my hands is left from before a restart: mine to take, under a new token.
            holder = {c: h.worker for c, h in standing.held.items() if h.worker != me.name or c in held}
            return to_take(me.name, self._cameras, holder, self._alive(standing))

        taken = self._store.sign(me, free=at_rest, choose=choose)
        lost = tuple(camera for camera, lease in held.items() if not _still_has(seen, lease))
        self._mine = {camera: lease for camera, lease in held.items() if camera not in lost}
        self._mine |= {lease.camera: lease for lease in taken}
        holder = {camera: each.worker for camera, each in seen.held.items()} | dict.fromkeys(self._mine, me.name)
        give_up = to_give_up(me.name, self._cameras, holder, self._alive(seen))
        if gone := self._pulses.long_dead(seen.workers.keys() - {me.name}):
            self._store.forget(gone)
        return Change(taken=taken, give_up=tuple(give_up), lost=lost)

    def leave(self) -> None:
        """Give everything back, so that others need not wait.

        Raises:
            StoreError: the database cannot be written; then others notice as if it had been killed.
        """
        self._store.leave(self.name, self._clock())
        self._mine = {}

    def _alive(self, standing: Standing) -> set[str]:
        return self._pulses.alive({name: sign.beat for name, sign in standing.workers.items()})


def _still_has(standing: Standing, lease: CameraLease) -> bool:
    held = standing.held.get(lease.camera)
    return held is not None and (held.worker, held.token) == (lease.worker, lease.token)
