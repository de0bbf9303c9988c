"""What verdicts say about the findings of each camera and zone."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import func, select

from api.store.engine import begin
from api.store.map import MapQuestions
from api.store.tables import cases, findings, verdicts
from cases.precision import Judged, Place
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
