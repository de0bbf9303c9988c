"""Workers and the cameras that they watch, as the database has them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Engine, and_, delete, insert, select, update

from api.store.engine import begin
from api.store.tables import camera_leases, workers
from cases.ports import CameraLease


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSign:
    """One worker's sign of life.

    Attributes:
        name: of the process.
        started_at: aware UTC.
        seen_at: aware UTC by the worker's own clock, for people; whether it lives is told by `beat` alone.
        beat: grows by one with every sign, so that nobody has to compare clocks of two machines.
        report: what it says of its cameras, as JSON.
    """

    name: str
    started_at: datetime
    seen_at: datetime
    beat: int = 0
    report: str = "{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A camera in somebody's hands since `since` (aware UTC); `worker` is None where nobody has it."""

    camera: str
    worker: str | None
    token: int
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """All workers and all cameras that were ever watched, at one moment."""

    workers: Mapping[str, WorkerSign] = field(default_factory=dict[str, WorkerSign])
    held: Mapping[str, Held] = field(default_factory=dict[str, Held])


class SqlLeases:
    """Keeps them. Every method is one transaction, and those that write queue like all writers.

    Args:
        writing: the engine.
        reading: the same engine, for transactions that only read.
    """

    def __init__(self, writing: Engine, reading: Engine) -> None:
        self._writing = writing
        self._reading = reading

    def standing(self) -> Standing:
        """How things stand.

        Raises:
            StoreError: the database cannot be read.
        """
        with begin(self._reading) as connection:
            return _standing(connection)

    def sign(
        self, me: WorkerSign, *, free: Collection[str], choose: Callable[[Standing], Collection[str]]
    ) -> tuple[CameraLease, ...]:
        """Give a sign of life, give cameras back and take others, all at once.

        Args:
            me: who signs; its `beat` is counted here.
            free: cameras of mine that I no longer watch.
            choose: which cameras to take, as things stand once mine are back; whoever has one of them loses it.

        Returns:
            The leases of those that were taken.

        Raises:
            StoreError: the database cannot be written; nothing has changed.
        """
        with begin(self._writing) as connection:
            self._beat(connection, me)
            mine = and_(camera_leases.c.worker == me.name, camera_leases.c.camera.in_(free))
            if free:
                connection.execute(update(camera_leases).where(mine).values(worker=None, since=me.seen_at))
            standing = _standing(connection)
            return tuple(
                _taken(connection, camera, me, standing.held.get(camera)) for camera in sorted(set(choose(standing)))
            )

    def leave(self, name: str, at: datetime) -> None:
        """Give back everything that a worker has, and forget the worker."""
        with begin(self._writing) as connection:
            mine = camera_leases.c.worker == name
            connection.execute(update(camera_leases).where(mine).values(worker=None, since=at))
            connection.execute(delete(workers).where(workers.c.name == name))

    def forget(self, names: Collection[str]) -> None:
        """Take workers that are gone off the list; their cameras stay theirs until somebody takes them."""
        with begin(self._writing) as connection:
            connection.execute(delete(workers).where(workers.c.name.in_(names)))

    def _beat(self, connection: Connection, me: WorkerSign) -> None:
        values = {"started_at": me.started_at, "seen_at": me.seen_at, "report": me.report}
        beaten = update(workers).where(workers.c.name == me.name).values(beat=workers.c.beat + 1, **values)
        if connection.execute(beaten).rowcount == 0:
            connection.execute(insert(workers).values(name=me.name, beat=1, **values))


def _standing(connection: Connection) -> Standing:
    signs = connection.execute(select(workers)).mappings()
    held = connection.execute(select(camera_leases)).mappings()
    return Standing(
        workers={row["name"]: WorkerSign(**row) for row in signs},
        held={row["camera"]: Held(**row) for row in held},
    )


def _taken(connection: Connection, camera: str, me: WorkerSign, was: Held | None) -> CameraLease:
    token = was.token + 1 if was else 1
    values = {"worker": me.name, "token": token, "since": me.seen_at}
    if was:
        connection.execute(update(camera_leases).where(camera_leases.c.camera == camera).values(values))
    else:
        connection.execute(insert(camera_leases).values(camera=camera, **values))
    return CameraLease(camera=camera, worker=me.name, token=token)
