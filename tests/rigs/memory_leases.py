"""Leases in memory, for many workers in one test."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime

from api.store.leases import Held, Standing, WorkerSign
from cases.ports import CameraLease


@dataclass
class MemoryLeases:
    """What `api.work.leases.LeaseStore` asks for."""

    workers: dict[str, WorkerSign] = field(default_factory=dict[str, WorkerSign])
    held: dict[str, Held] = field(default_factory=dict[str, Held])

    def sign(
        self, me: WorkerSign, *, free: Collection[str], choose: Callable[[Standing], Collection[str]]
    ) -> tuple[CameraLease, ...]:
        was = self.workers.get(me.name)
        self.workers[me.name] = replace(me, beat=was.beat + 1 if was else 1)
        for camera in free:
            if (held := self.held.get(camera)) and held.worker == me.name:
                self.held[camera] = replace(held, worker=None)
        standing = Standing(workers=dict(self.workers), held=dict(self.held))
        return tuple(self._taken(camera, me) for camera in choose(standing))

    def leave(self, name: str, at: datetime) -> None:
        self.held = {c: replace(h, worker=None) if h.worker == name else h for c, h in self.held.items()}
        self.workers.pop(name, None)

    def forget(self, names: Collection[str]) -> None:
        for name in names:
            self.workers.pop(name, None)

    def holders(self) -> dict[str, str | None]:
        return {camera: held.worker for camera, held in self.held.items()}

    def _taken(self, camera: str, me: WorkerSign) -> CameraLease:
        token = self.held[camera].token + 1 if camera in self.held else 1
        self.held[camera] = Held(camera=camera, worker=me.name, token=token, since=me.seen_at)
        return CameraLease(camera=camera, worker=me.name, token=token)
