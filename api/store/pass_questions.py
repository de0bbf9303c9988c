"""What pages, plan and worker ask about passes. Reads only, waits for nobody.

Every answer is bounded: by the stretches of the city, or by a limit.
"""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import Engine, func, select

from api.store import rows
from api.store.engine import begin
from api.store.tables import coverage, passes, seen_stretches, tracks
from cases.patrolling.coverage import SeenStretch
from cases.patrolling.passes import Pass, TrackPoint


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

    def latest(self, vehicle: str) -> Pass | None:
        """The pass of a vehicle whose last picture is the newest; None where it never sent one."""
        which = select(passes).where(passes.c.vehicle == vehicle).order_by(passes.c.last_at.desc()).limit(1)
        with begin(self._reading) as connection:
            row = connection.execute(which).mappings().first()
        return rows.pass_from(row) if row else None

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
