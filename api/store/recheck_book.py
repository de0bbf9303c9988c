"""Re-checks in one transaction; see `cases.rechecks.RecheckBook`."""

from collections.abc import Sequence

from sqlalchemy import Connection, and_, exists, insert, select, update

from api.store import rows
from api.store.tables import cases, rechecks
from cases.recheck import Recheck
from cases.states import CaseState


class RecheckRows:
    """The part of a transaction that is about re-checks."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def unasked(self) -> Sequence[str]:
        """See `RecheckBook.unasked`."""
        asked = exists().where(rechecks.c.case_id == cases.c.id, rechecks.c.handled_at == cases.c.handled_at)
        handled = and_(cases.c.state == CaseState.HANDLED.value, cases.c.handled_at.is_not(None))
        return self._connection.execute(select(cases.c.id).where(handled, ~asked)).scalars().all()

    def recheck(self, id: str) -> Recheck | None:
        """See `RecheckBook.recheck`."""
        row = self._connection.execute(select(rechecks).where(rechecks.c.id == id)).mappings().first()
        return rows.recheck_from(row) if row else None

    def open_rechecks(self, camera: str | None = None) -> Sequence[Recheck]:
        """See `RecheckBook.open_rechecks`."""
        which = select(rechecks).where(rechecks.c.result.is_(None))
        if camera is not None:
            which = which.where(rechecks.c.camera == camera)
        found = self._connection.execute(which.order_by(rechecks.c.asked_at, rechecks.c.id)).mappings()
        return tuple(rows.recheck_from(row) for row in found)

    def open_pass_rechecks(self) -> Sequence[Recheck]:
        """See `RecheckStore.open_pass_rechecks`."""
        mine = rechecks.c.result.is_(None), rechecks.c.camera.is_(None), rechecks.c.finding.is_not(None)
        found = self._connection.execute(select(rechecks).where(*mine).order_by(rechecks.c.asked_at)).mappings()
        return tuple(rows.recheck_from(row) for row in found)

    def rechecks_of(self, case_id: str) -> Sequence[Recheck]:
        """Every re-check of a case, the oldest first."""
        which = select(rechecks).where(rechecks.c.case_id == case_id).order_by(rechecks.c.asked_at, rechecks.c.id)
        return tuple(rows.recheck_from(row) for row in self._connection.execute(which).mappings())

    def put_recheck(self, recheck: Recheck) -> None:
        """See `RecheckBook.put_recheck`."""
        row = rows.recheck_row(recheck)
        if self._connection.execute(update(rechecks).where(rechecks.c.id == recheck.id).values(row)).rowcount == 0:
            self._connection.execute(insert(rechecks).values(row))
