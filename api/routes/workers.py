"""Who watches which camera, and how that goes."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import Doors, TheDoors
from api.problems import problems
from api.routes.records import Record
from api.store.leases import Standing
from api.work.report import CameraReport, WorkerReport, read

router = Router(prefix="/v1", tags=["cameras"])

SILENT_AFTER = timedelta(seconds=30)
"""A worker without a sign of life for so long is shown as silent. Who takes its cameras is decided without clocks."""


class FramesRecord(Record):
    """What became of a camera's frames since its worker began; `offered` is the sum of all others."""

    offered: int
    inspected: int
    gated: int
    rested: int
    shed: int
    refused: int
    waiting: int


class WatchedRecord(Record):
    """A camera that workers share. `key_interval`: seconds, how late it shows things."""

    camera: str
    worker: str | None
    since: datetime
    state: str
    error: str | None
    key_interval: float | None
    frames: FramesRecord | None


class WorkerRecord(Record):
    """A worker. `busy`: share of the time of its `hands` (threads that look) that it spends looking, 0..1.

    `model`: that it looks with; empty where it has not said. `model_trouble`: why it refuses the current one.
    """

    name: str
    started_at: datetime
    seen_at: datetime
    silent: bool
    hands: int | None
    busy: float | None
    cameras: tuple[WatchedRecord, ...]
    model: str
    model_trouble: str


@router.get("/workers", summary="List workers and their cameras", responses=problems(401, 403, 503))
def workers(doors: TheDoors, who: Annotated[Caller, needs(Right.SEE_CAMERAS)]) -> tuple[WorkerRecord, ...]:
    """Every `jiexun work` process, the cameras of yours that it watches, and how much it has to do."""
    return workers_seen_by(doors, who)


def workers_seen_by(doors: Doors, who: Caller) -> tuple[WorkerRecord, ...]:
    """The workers with those of their cameras that somebody may see."""
    standing, now = doors.store.leases.standing(), doors.clock()
    mine = [part.id for part in doors.cameras_seen_by(who)]
    reports = reports_of(standing)
    return tuple(
        WorkerRecord(
            name=name,
            started_at=sign.started_at,
            seen_at=sign.seen_at,
            silent=now - sign.seen_at > SILENT_AFTER,
            hands=report.hands if report else None,
            busy=report.busy if report else None,
            cameras=_watched(name, mine, standing, report.cameras if report else {}),
            model=report.model if report else "",
            model_trouble=report.model_trouble if report else "",
        )
        for name, sign in sorted(standing.workers.items())
        for report in [reports.get(name)]
    )


def reports_of(standing: Standing) -> dict[str, WorkerReport]:
    """What each worker said last, as far as this version understands it."""
    said = {name: read(sign.report) for name, sign in standing.workers.items()}
    return {name: report for name, report in said.items() if report is not None}


def _watched(
    worker: str, cameras: Sequence[str], standing: Standing, reports: Mapping[str, CameraReport]
) -> tuple[WatchedRecord, ...]:
    held = [(camera, standing.held[camera]) for camera in cameras if camera in standing.held]
    return tuple(
        WatchedRecord(
            camera=camera,
            worker=worker,
            since=each.since,
            state=report.state if report else "starting",
            error=report.error if report else None,
            key_interval=report.key_interval if report else None,
            frames=FramesRecord.model_validate(report.counts) if report else None,
        )
        for camera, each in held
        if each.worker == worker
        for report in [reports.get(camera)]
    )
