"""Whether a finding and a case are about the same matter: by place, kind and time, never by a tracker's id."""

from datetime import timedelta
from typing import NamedTuple

from cases.case import Case
from cases.city import MergeRules
from inference.detections import Box
from inference.findings import Finding


class Likeness(NamedTuple):
    """How alike they are; the greater one is the better match."""

    in_picture: bool  # a place in one camera's picture says more than a place on the map
    closeness: float  # 0..1


def likeness(finding: Finding, case: Case, rules: MergeRules) -> Likeness | None:
    """How alike a finding and a case are, or None where they are different matters.

    A fixed camera that has already seen the case decides alone, by the place in its picture: two vehicles side by side
    are two cases, however near they are on the ground. All other sources go by distance on the ground and time.
    """
    if finding.kind is not case.kind:
        return None
    if finding.camera not in rules.patrols and finding.camera in case.cameras:
        return _in_picture(finding, case, rules)
    return _on_map(finding, case, rules)


def overlap(one: Box, other: Box) -> float:
    """Intersection over union of two boxes, 0..1.

    >>> overlap((0, 0, 10, 10), (0, 0, 10, 5))
    0.5
    """
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    common = width * height
    return common / (_area(one) + _area(other) - common)


def gap(finding: Finding, case: Case) -> timedelta:
    """Time between what the finding saw and what the case has seen; zero where they overlap."""
    return max(finding.first_seen - case.last_seen, case.first_seen - finding.last_seen, timedelta(0))


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _in_picture(finding: Finding, case: Case, rules: MergeRules) -> Likeness | None:
    same_zone = (seen for seen in case.sightings if (seen.camera, seen.zone) == (finding.camera, finding.zone))
    best = max((overlap(finding.box, seen.box) for seen in same_zone), default=0.0)
    return Likeness(True, best) if best >= rules.same_place_overlap else None


def _on_map(finding: Finding, case: Case, rules: MergeRules) -> Likeness | None:
    if finding.where is None or case.place is None or gap(finding, case) > rules.within:
        return None
    metres = finding.where.metres_to(case.place)
    return Likeness(False, 1 - metres / rules.radius_metres) if metres <= rules.radius_metres else None
