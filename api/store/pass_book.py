"""Passes in one transaction; see `cases.patrolling.passes.PassBook`."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import Connection, and_, insert, select, update

from api.store import rows
from api.store.tables import coverage, passes, seen_stretches, tracks
from cases.patrolling.coverage import SeenPart
from cases.patrolling.passes import Pass, TrackPoint


class PassRows:
    """The part of a transaction that is about passes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep_pass(self, one: Pass, memory: bytes | None) -> None:
        """See `PassBook.keep_pass`."""
        row = rows.pass_row(one) | ({} if memory is None else {"memory": memory})
        if self._connection.execute(update(passes).where(passes.c.id == one.id).values(row)).rowcount == 0:
            self._connection.execute(insert(passes).values(row))

    def add_track(self, pass_id: str, points: Sequence[TrackPoint]) -> None:
        """See `PassBook.add_track`."""
        times = [point.at for point in points]
        which = select(tracks.c.at).where(tracks.c.pass_id == pass_id, tracks.c.at.in_(times))
        known = set(self._connection.execute(which).scalars()) if points else set()
        new = {point.at: rows.point_row(point, pass_id) for point in points if point.at not in known}
        if new:
            self._connection.execute(insert(tracks), list(new.values()))

    def seen_parts(self, pass_id: str, day: date, stretches: Collection[str]) -> Mapping[str, SeenPart]:
        """See `PassBook.seen_parts`."""
        mine = and_(coverage.c.day == day, coverage.c.stretch.in_(list(stretches)), coverage.c.pass_id == pass_id)
        found = self._connection.execute(select(coverage).where(mine)).mappings()
        return {row["stretch"]: rows.seen_part_from(row) for row in found}

    def keep_seen(self, pass_id: str, day: date, parts: Sequence[SeenPart], whole: Collection[str]) -> None:
        """See `PassBook.keep_seen`."""
        for part in parts:
            mine = and_(coverage.c.day == day, coverage.c.stretch == part.stretch, coverage.c.pass_id == pass_id)
            times = {"first_at": part.first_at, "last_at": part.last_at}
            row = {"mask": part.mask, "whole": part.stretch in whole, **times}
            if self._connection.execute(update(coverage).where(mine).values(row)).rowcount == 0:
                key = {"day": day, "stretch": part.stretch, "pass_id": pass_id}
                self._connection.execute(insert(coverage).values(key | row))
            if part.stretch in whole:
                self._note_seen(part)

    def _note_seen(self, part: SeenPart) -> None:
        which = select(seen_stretches.c.seen_at).where(seen_stretches.c.stretch == part.stretch)
        known = self._connection.execute(which).scalar_one_or_none()
        if known is None:
            self._connection.execute(insert(seen_stretches).values(stretch=part.stretch, seen_at=part.last_at))
        elif known < part.last_at:
            mine = seen_stretches.c.stretch == part.stretch
            self._connection.execute(update(seen_stretches).where(mine).values(seen_at=part.last_at))
