"""What pages, plan and worker ask about passes. Reads only, waits for nobody.

Every answer is bounded: by the stretches of the city, or by a limit.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import Engine, func, or_, select

from api.store import rows
from api.store.engine import begin
from api.store.recording_book import RecordingRows
from api.store.tables import (
    cases,
    coverage,
    findings,
    passes,
    patrol_sites,
    rechecks,
    recordings,
    seen_stretches,
    tracks,
)
from cases.patrolling.coverage import SeenStretch
from cases.patrolling.passes import Pass, PassKind, TrackPoint
from cases.patrolling.plan import Matter
from cases.patrolling.recording import Recording, RecordingState
from cases.recheck import RecheckResult
from cases.states import CaseState
from inference.geo import LatLon

MOST_MATTERS = 20_000
"""Cases that a plan looks at."""


class PassQuestions:
    """Every method is one reading transaction."""

    def __init__(self, reading: Engine) -> None:
        self._reading = reading

    def passes(
        self,
        *,
        vehicle: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 100,
    ) -> tuple[Pass, ...]:
        """Passes, the one that began last first; those that began in a time, where one is given."""
        which = select(passes)
        if vehicle is not None:
            which = which.where(passes.c.vehicle == vehicle)
        if since is not None:
            which = which.where(passes.c.started_at >= since)
        if until is not None:
            which = which.where(passes.c.started_at < until)
        with begin(self._reading) as connection:
            found = connection.execute(which.order_by(passes.c.started_at.desc(), passes.c.id).limit(limit))
            return tuple(rows.pass_from(row) for row in found.mappings())

    def latest(self, vehicle: str, kind: PassKind | None = None) -> Pass | None:
        """The pass of a vehicle, of one kind or any, whose last picture is the newest; None where there is none."""
        which = select(passes).where(passes.c.vehicle == vehicle)
        if kind is not None:
            which = which.where(passes.c.kind == kind.value)
        with begin(self._reading) as connection:
            row = connection.execute(which.order_by(passes.c.last_at.desc()).limit(1)).mappings().first()
        return rows.pass_from(row) if row else None

    def going(self, vehicles: Collection[str], since: datetime) -> tuple[Pass, ...]:
        """The live passes of some vehicles that have not ended and had a picture after `since`, by vehicle."""
        mine = passes.c.vehicle.in_(list(vehicles)), passes.c.last_at > since
        which = select(passes).where(*mine, passes.c.kind == PassKind.LIVE.value, passes.c.ended.is_(False))
        with begin(self._reading) as connection:
            found = connection.execute(which.order_by(passes.c.vehicle, passes.c.last_at)).mappings()
            return tuple(rows.pass_from(row) for row in found)

    def frame_at(self, vehicle: str, at: datetime) -> str | None:
        """SHA-256 of the live picture that a vehicle took at this very moment, if it was taken in."""
        mine = passes.c.vehicle == vehicle, passes.c.last_at >= at, passes.c.kind == PassKind.LIVE.value
        which = select(tracks.c.frame).join(passes, passes.c.id == tracks.c.pass_id).where(*mine, tracks.c.at == at)
        with begin(self._reading) as connection:
            return connection.execute(which.limit(1)).scalar_one_or_none()

    def one(self, id: str) -> tuple[Pass, bytes | None] | None:
        """The pass of this id with the worker's snapshot of it."""
        with begin(self._reading) as connection:
            row = connection.execute(select(passes).where(passes.c.id == id)).mappings().first()
        return (rows.pass_from(row), row["memory"]) if row else None

    def track(self, id: str, *, after: datetime | None = None, limit: int = 2000) -> tuple[TrackPoint, ...]:
        """Where a pass was, in order of time, behind `after`."""
        which = select(tracks).where(tracks.c.pass_id == id)
        if after is not None:
            which = which.where(tracks.c.at > after)
        with begin(self._reading) as connection:
            found = connection.execute(which.order_by(tracks.c.at).limit(limit)).mappings()
            return tuple(rows.point_from(row) for row in found)

    def end_of_track(self, id: str, count: int) -> tuple[TrackPoint, ...]:
        """The last places of a pass, in order of time."""
        which = select(tracks).where(tracks.c.pass_id == id).order_by(tracks.c.at.desc()).limit(count)
        with begin(self._reading) as connection:
            found = connection.execute(which).mappings().all()
        return tuple(rows.point_from(row) for row in reversed(found))

    def seen_on(self, day: date) -> Mapping[str, SeenStretch]:
        """The stretches that were seen whole on a day of the city's calendar, by id."""
        which = (
            select(
                coverage.c.stretch,
                func.count().label("passes"),
                func.min(coverage.c.first_at).label("first_at"),
                func.max(coverage.c.last_at).label("last_at"),
            )
            .where(coverage.c.day == day, coverage.c.whole)
            .group_by(coverage.c.stretch)
        )
        with begin(self._reading) as connection:
            found = connection.execute(which).mappings().all()
        return {
            row["stretch"]: SeenStretch(passes=row["passes"], first_at=row["first_at"], last_at=row["last_at"])
            for row in found
        }

    def seen_last(self) -> Mapping[str, datetime]:
        """When each stretch was seen whole the last time, aware UTC; those never seen are left out."""
        with begin(self._reading) as connection:
            found = connection.execute(select(seen_stretches.c.stretch, seen_stretches.c.seen_at))
            return {row.stretch: row.seen_at for row in found}

    def matters(self, since: datetime, limit: int = MOST_MATTERS) -> tuple[Matter, ...]:
        """Cases with a place that were opened since then, or wait for a look after handling; the newest first."""
        handled = cases.c.state == CaseState.HANDLED.value
        which = (
            select(cases.c.lat, cases.c.lon, cases.c.first_seen, cases.c.recurrence_of, handled.label("handled"))
            .where(cases.c.lat.is_not(None), or_(cases.c.opened_at >= since, handled))
            .order_by(cases.c.opened_at.desc())
            .limit(limit)
        )
        with begin(self._reading) as connection:
            return tuple(
                Matter(
                    place=LatLon(lat=row["lat"], lon=row["lon"]),
                    seen_at=row["first_seen"],
                    awaits_check=bool(row["handled"]),
                    recurs=row["recurrence_of"] is not None,
                )
                for row in connection.execute(which).mappings()
            )

    def recording(self, id: str) -> Recording | None:
        """The recording of this id; None where there is none."""
        with begin(self._reading) as connection:
            return RecordingRows(connection).recording_called(id)

    def recordings(
        self, *, vehicle: str | None = None, state: RecordingState | None = None, limit: int = 100
    ) -> tuple[Recording, ...]:
        """Recordings, the oldest first where they are asked for by state, else the newest first."""
        which = select(recordings)
        if vehicle is not None:
            which = which.where(recordings.c.vehicle == vehicle)
        order = recordings.c.created_at.desc()
        if state is not None:
            which, order = which.where(recordings.c.state == state.value), recordings.c.created_at.asc()
        with begin(self._reading) as connection:
            found = connection.execute(which.order_by(order, recordings.c.id).limit(limit)).mappings()
            return tuple(rows.recording_from(row) for row in found)

    def is_over(self, finding_key: str, at: datetime) -> bool:
        """Whether the matter of a finding was over at a time (aware UTC).

        It is where its case was closed, or where it was seen to be gone after handling and after this finding. What was
        no violation is not over: it would come up again with every pass.
        """
        mine = findings.c.key == finding_key
        closed = select(cases.c.id).join(findings, findings.c.case_id == cases.c.id)
        closed = closed.where(mine, cases.c.state == CaseState.CLOSED.value, cases.c.ended_at <= at)
        looked = select(rechecks.c.result).join(findings, findings.c.case_id == rechecks.c.case_id)
        looked = looked.where(
            mine,
            rechecks.c.decided_at <= at,
            rechecks.c.decided_at > findings.c.last_seen,
            rechecks.c.result.in_([RecheckResult.GONE.value, RecheckResult.STILL_THERE.value]),
        )
        with begin(self._reading) as connection:
            if connection.execute(closed.limit(1)).first() is not None:
                return True
            last = connection.execute(looked.order_by(rechecks.c.decided_at.desc()).limit(1)).scalar_one_or_none()
        return last == RecheckResult.GONE.value

    def sites(self) -> tuple[bytes, ...]:
        """Every site that patrols know, as it was written."""
        with begin(self._reading) as connection:
            return tuple(connection.execute(select(patrol_sites.c.site).order_by(patrol_sites.c.key)).scalars())
