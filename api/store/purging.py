"""Deleting evidence and ways of vehicles whose time is over, in the database. Every method is one transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    String,
    cast,
    delete,
    exists,
    false,
    func,
    insert,
    or_,
    select,
    update,
)

from api.store.audit_log import AuditWriter
from api.store.engine import begin
from api.store.loading import load_cases, load_dossier
from api.store.tables import cases, evidence, findings, history, passes, purged, report_pictures, reports, tracks
from cases.audit.entry import Deed
from cases.case import Case
from cases.patrolling.passes import PassKind
from cases.ports import Clock
from cases.retention import PENDING, Retention, evidence_of
from cases.states import OPEN

OPEN_STATES = sorted(state.value for state in OPEN)


class SqlPurging:
    """Receipts of deleted evidence.

    Args:
        engine: the store's.
        reading: the same, for those who only read.
        clock: tells when something was deleted.
    """

    def __init__(self, engine: Engine, reading: Engine, clock: Clock) -> None:
        self._engine, self._reading, self._clock = engine, reading, clock

    def expired(self, retention: Retention, now: datetime, *, limit: int) -> Sequence[Case]:
        """Cases whose evidence may be deleted and was not yet, those that ended first before others."""
        with begin(self._reading) as connection:
            return _expired(connection, retention, now, limit=limit)

    def write_receipt(self, case_id: str, retention: Retention, *, by: str) -> Sequence[str]:
        """Say that the evidence of a case is deleted, into the audit log: from then on it counts as gone.

        What another case rests on as well is left out.

        Returns:
            Names of the files; none where its time is not over, or nothing of it is left.
        """
        now = self._clock()
        with begin(self._engine) as connection:
            dossier = load_dossier(connection, case_id)
            expires_at = retention.expires_at(dossier.case)
            if expires_at is None or expires_at > now or not _expired(connection, retention, now, case_id=case_id):
                return ()
            names = [name for name in evidence_of(dossier) if not _needed_elsewhere(connection, name, case_id)]
            for name in names:
                _keep(connection, case_id, name, at=now, gone=False)
            if not names:  # a case without evidence gets a line as well, or it would come up again and again
                _keep(connection, case_id, "", at=now, gone=True)
            payload = {
                "case_id": case_id,
                "state": dossier.case.state.value,
                "days": retention.days[dossier.case.state],
                "files": names,
            }
            deed = Deed(actor=by, what="evidence.purged", object=case_id, payload=payload)
            AuditWriter(connection, self._clock).append(deed)
            return names

    def to_delete(self, *, limit: int) -> Sequence[tuple[str, str]]:
        """Cases and names of files that count as gone and may still be there."""
        which = select(purged.c.case_id, purged.c.sha256).where(purged.c.gone.is_(False)).limit(limit)
        with begin(self._reading) as connection:
            return [(row.case_id, row.sha256) for row in connection.execute(which)]

    def deleted(self, case_id: str, sha256: str) -> None:
        """Write down that a file is gone."""
        mine = (purged.c.case_id == case_id) & (purged.c.sha256 == sha256)
        with begin(self._engine) as connection:
            connection.execute(update(purged).where(mine).values(gone=True))

    def expired_tracks(self, retention: Retention, now: datetime, *, limit: int) -> Sequence[str]:
        """Ids of passes whose track may be deleted and is still there, those that ended first before others."""
        with begin(self._reading) as connection:
            return [row.id for row in connection.execute(_with_old_tracks(retention, now).limit(limit))]

    def purge_track(self, pass_id: str, retention: Retention, *, by: str) -> int:
        """Delete where the vehicle was on a pass, with a receipt in the audit log. What it saw of streets stays.

        Returns:
            How many places; 0 where its time is not over, or none are left.
        """
        now, mine = self._clock(), tracks.c.pass_id == pass_id
        with begin(self._engine) as connection:
            which = _with_old_tracks(retention, now).where(passes.c.id == pass_id)
            if connection.execute(which).first() is None:
                return 0
            vehicle = connection.execute(select(passes.c.vehicle).where(passes.c.id == pass_id)).scalar_one()
            places = connection.execute(delete(tracks).where(mine)).rowcount
            nowhere = {"lat": None, "lon": None, "heading": None, "memory": None}
            connection.execute(update(passes).where(passes.c.id == pass_id).values(nowhere))
            payload = {"vehicle": vehicle, "days": retention.tracks, "places": places}
            deed = Deed(actor=by, what="track.purged", object=pass_id, payload=payload)
            AuditWriter(connection, self._clock).append(deed)
            return places

    def when_purged(self, sha256: str) -> datetime | None:
        """When a piece of evidence was deleted because its time was over; None where it was not."""
        with begin(self._reading) as connection:
            return connection.execute(select(func.max(purged.c.at)).where(purged.c.sha256 == sha256)).scalar_one()


def _keep(connection: Connection, case_id: str, sha256: str, *, at: datetime, gone: bool) -> None:
    """One line of a receipt; in place of that of an earlier end, where the case was opened again since."""
    mine = (purged.c.case_id == case_id) & (purged.c.sha256 == sha256)
    if connection.execute(update(purged).where(mine).values(at=at, gone=gone)).rowcount == 0:
        connection.execute(insert(purged).values(case_id=case_id, sha256=sha256, at=at, gone=gone))


def _has_receipt() -> ColumnElement[bool]:
    """Whether a case was purged since it ended last: one that was opened again ends again."""
    return exists().where(purged.c.case_id == cases.c.id, purged.c.at >= cases.c.ended_at)


def _expired(
    connection: Connection, retention: Retention, now: datetime, *, limit: int = 1, case_id: str | None = None
) -> Sequence[Case]:
    over = [
        (cases.c.state == state.value) & (cases.c.ended_at <= now - timedelta(days=days))
        for state, days in retention.days.items()
    ]
    if not over:
        return ()
    again = cases.alias("again")
    which = (
        select(cases)
        .where(or_(*over))
        .where(or_(cases.c.appeal.is_(None), cases.c.appeal.not_in([appeal.value for appeal in PENDING])))
        .where(~_has_receipt())
        .where(~exists().where(again.c.recurrence_of == cases.c.id, again.c.state.in_(OPEN_STATES)))
    )
    if case_id is not None:
        which = which.where(cases.c.id == case_id)
    return load_cases(connection, which.order_by(cases.c.ended_at, cases.c.number).limit(limit))


def _with_old_tracks(retention: Retention, now: datetime) -> Select[tuple[str]]:
    """Passes that ended long enough ago and still have a track. A live pass that nobody ended was over all the same."""
    until = retention.tracks_until(now)
    which = select(passes.c.id).where(exists().where(tracks.c.pass_id == passes.c.id)).order_by(passes.c.last_at)
    if until is None:
        return which.where(false())
    over = or_(passes.c.ended, passes.c.kind == PassKind.LIVE.value)
    return which.where(passes.c.last_at <= until, over)


def _needed_elsewhere(connection: Connection, sha256: str, case_id: str) -> bool:
    """Whether a case that was not purged rests on the same bytes."""
    seen = (
        select(findings.c.case_id)
        .join(evidence, evidence.c.finding_id == findings.c.id)
        .where(evidence.c.sha256 == sha256, findings.c.case_id != case_id)
    )
    handed_in = select(history.c.case_id).where(
        history.c.case_id != case_id, cast(history.c.proofs, String).contains(sha256)
    )
    sent = (
        select(reports.c.case_id)
        .join(report_pictures, report_pictures.c.report_key == reports.c.key)
        .where(report_pictures.c.sha256 == sha256, reports.c.case_id != case_id)
    )
    others = {row.case_id for row in connection.execute(seen.union(handed_in, sent))}
    if not others:
        return False
    # What was left out when another case was purged, because this one needed it, is named in none of its receipts.
    gone = select(cases.c.id).where(cases.c.id.in_(others), _has_receipt())
    return bool(others - {row.id for row in connection.execute(gone)})
