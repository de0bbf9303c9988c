"""What verdicts say about the findings of each camera and zone."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import case, func, or_, select

from api.store.engine import begin
from api.store.map import MapQuestions
from api.store.tables import cases, findings, verdicts
from cases.precision import Judged, Place
from cases.states import CaseState
from cases.verdict import RejectReason, Ruling
from inference.findings import ViolationKind


class VerdictQuestions(MapQuestions):
    """Every method is one reading transaction; what lies beyond the reach is not counted."""

    def precision_by_zone(self, cameras: Collection[str] | None = None) -> Sequence[Judged]:
        """What was said last of each finding, counted by camera, zone and kind.

        Args:
            cameras: only of these; None for all.
        """
        last = select(func.max(verdicts.c.id)).group_by(verdicts.c.finding)
        named = (findings.c.camera, findings.c.zone, findings.c.kind, verdicts.c.ruling, verdicts.c.why)
        which = (
            select(*named, func.count().label("times"))
            .select_from(verdicts)
            .join(findings, findings.c.key == verdicts.c.finding)
            .join(cases, cases.c.id == findings.c.case_id)
            .where(verdicts.c.id.in_(last), *self._mine)
            .group_by(*named)
        )
        if cameras is not None:
            which = which.where(findings.c.camera.in_(sorted(cameras)))
        right: defaultdict[Place, int] = defaultdict(int)
        wrong: defaultdict[Place, dict[RejectReason, int]] = defaultdict(dict)
        with begin(self._reading) as connection:
            for row in connection.execute(which):
                place = Place(camera=row.camera, zone=row.zone, kind=ViolationKind(row.kind))
                if row.ruling == Ruling.REJECT.value:
                    wrong[place][RejectReason(row.why)] = row.times + wrong[place].get(RejectReason(row.why), 0)
                else:
                    right[place] += row.times
        places = sorted({*right, *wrong}, key=lambda one: (one.camera, one.zone, one.kind))
        return tuple(Judged(place=place, right=right[place], wrong=dict(wrong[place])) for place in places)

    def second_looks(self, by: str, *, since: datetime, limit: int) -> Sequence[tuple[str, str]]:
        """Cases and findings that somebody else has judged, nobody blindly, and `by` not at all; the oldest first.

        Args:
            by: who would look.
            since: aware UTC; only what was judged from then on.
            limit: how many at most, before it is drawn by lot which of them are looked at twice.
        """
        done = select(verdicts.c.finding).where(or_(verdicts.c.blind, verdicts.c.by == by))
        which = (
            select(findings.c.case_id, findings.c.key, func.min(verdicts.c.id).label("first"))
            .join(verdicts, verdicts.c.finding == findings.c.key)
            .join(cases, cases.c.id == findings.c.case_id)
            .where(verdicts.c.at >= since, cases.c.state != CaseState.CANDIDATE.value)
            .where(findings.c.key.not_in(done), *self._mine)
            .group_by(findings.c.case_id, findings.c.key)
            .order_by(func.min(verdicts.c.id))
        )
        with begin(self._reading) as connection:
            return [(row.case_id, row.key) for row in connection.execute(which.limit(limit))]

    def second_opinions(self) -> tuple[int, int]:
        """How many findings were judged blindly after somebody else, and in how many both said the same: yes or no."""
        first, second, earlier = verdicts.alias("first"), verdicts.alias("second"), verdicts.alias("earlier")
        by_another = (earlier.c.finding == second.c.finding) & (earlier.c.by != second.c.by)
        before = (
            select(func.max(earlier.c.id))
            .where(by_another, earlier.c.id < second.c.id)
            .correlate(second)
            .scalar_subquery()
        )
        rejects = Ruling.REJECT.value
        same = (first.c.ruling == rejects) == (second.c.ruling == rejects)
        which = (
            select(func.count(), func.sum(case((same, 1), else_=0)))
            .select_from(second)
            .join(first, first.c.id == before)
            .join(findings, findings.c.key == second.c.finding)
            .join(cases, cases.c.id == findings.c.case_id)
            .where(second.c.blind, *self._mine)
        )
        with begin(self._reading) as connection:
            judged, agreed = connection.execute(which).one()
        return judged, int(agreed or 0)
