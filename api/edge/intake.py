"""Where an edge box writes its looks down: findings wait for the centre instead of becoming cases here."""

from collections.abc import Sequence
from datetime import datetime

from api.edge.form import written
from api.store.store import SqlStore
from cases.intake import Taken
from cases.ports import CameraLease, CameraMemory, Clock
from inference.findings import Finding


class EdgeIntake:
    """Like `cases.intake.Intake`, one transaction for each look; see `api.work.camera_run.TakesLooks`."""

    def __init__(self, store: SqlStore, *, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def record_look(
        self,
        *,
        camera: str,
        memory: bytes,
        position: float,
        captured_at: datetime,
        findings: Sequence[Finding],
        lease: CameraLease | None = None,
    ) -> tuple[Taken, ...]:
        """Write down one inspected frame as a whole: the camera's memory, its position, and the findings to send.

        Raises:
            LeaseLost: another worker watches the camera by now; nothing is written.
        """
        with self._store.transaction() as book:
            if lease is not None:
                book.hold(lease)
            book.remember(CameraMemory(camera=camera, memory=memory, position=position, captured_at=captured_at))
            for finding in findings:
                book.spool_finding(finding.key, written(finding), self._clock())
        return ()
