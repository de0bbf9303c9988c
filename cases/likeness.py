"""Whether an arrival and a case are about the same matter: by place, code and time, never by a tracker's id."""

from collections.abc import Sequence
from datetime import timedelta
from math import hypot
from typing import NamedTuple

from cases.arrival import Arrival
from cases.case import Case, Sighting
from cases.merging import MOST_WIDER_METRES, MergeRules
from inference.detections import Box
from inference.findings import ViolationKind

SITE_WIDTHS = 2.5
"""Standard deviations between two places that are one site."""

LEAST_OFF_METRES = 1.0
"""Of any place that patrols give."""


class Likeness(NamedTuple):
    """How alike they are; the greater one is the better match."""

    in_picture: bool  # a place in one camera's picture says more than a place on the map
    closeness: float  # 0..1


def likeness(arrival: Arrival, case: Case, rules: MergeRules, *, within: timedelta | None = None) -> Likeness | None:
    """How alike an arrival and a case are, or None where they are different matters.

    A fixed camera that has already seen the case decides alone, by the place in its picture: two vehicles side by side
    are two cases, however near on the ground. Patrols among themselves go by the site: its place with its error.
    All other sources go by distance on the ground, widened by what the places may be off, and time.

    Args:
        arrival: what comes in.
        case: the case it may be about.
        rules: the city's.
        within: the longest time between them, in place of the code's own.
    """
    seen = arrival.sighting
    if seen is not None and seen.camera not in rules.patrols and seen.camera in case.cameras:
        return _in_picture(seen, case, rules) if arrival.kind is case.kind else None
    if not same_matter(arrival, case):
        return None
    if seen is not None and seen.off_metres is not None:
        passed = [other for other in case.sightings if other.off_metres is not None]
        if passed:
            return _at_site(arrival, seen, case, passed, rules, within)
    return _on_map(arrival, case, rules, within)


def same_matter(arrival: Arrival, case: Case) -> bool:
    """Whether both have the same event code, or, where one has none, the same kind."""
    if arrival.code is not None and case.code is not None:
        return arrival.code == case.code
    return arrival.kind is not None and arrival.kind is case.kind


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


def gap(arrival: Arrival, case: Case) -> timedelta:
    """Time between what the arrival tells of and what the case has seen; zero where they overlap."""
    return max(arrival.first_seen - case.last_seen, case.first_seen - arrival.last_seen, timedelta(0))


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _in_picture(seen: Sighting, case: Case, rules: MergeRules) -> Likeness | None:
    same_zone = (other for other in case.sightings if (other.camera, other.zone) == (seen.camera, seen.zone))
    best = max((overlap(seen.box, other.box) for other in same_zone), default=0.0)
    return Likeness(True, best) if best >= rules.same_place_overlap else None


def _at_site(
    arrival: Arrival,
    seen: Sighting,
    case: Case,
    passed: Sequence[Sighting],
    rules: MergeRules,
    within: timedelta | None,
) -> Likeness | None:
    """Whether a patrol has found what patrols found before. Vehicles are told apart by the sites, not by the place."""
    if arrival.kind is ViolationKind.ILLEGAL_PARKING or gap(arrival, case) > _longest(arrival, case, rules, within):
        return None
    best = max((_closeness(seen, other) for other in passed), default=0.0)
    return Likeness(False, best) if best > 0 else None


def _closeness(one: Sighting, other: Sighting) -> float:
    """1 in the same place, 0 where both errors do not explain the distance."""
    if one.place is None or other.place is None:
        return 0.0
    off = max(hypot(one.off_metres or 0.0, other.off_metres or 0.0), LEAST_OFF_METRES)
    reach = min(SITE_WIDTHS * off, MOST_WIDER_METRES)
    return max(0.0, 1 - one.place.metres_to(other.place) / reach)


def _longest(arrival: Arrival, case: Case, rules: MergeRules, within: timedelta | None) -> timedelta:
    return rules.nearness(arrival.code or case.code).within if within is None else within


def _on_map(arrival: Arrival, case: Case, rules: MergeRules, within: timedelta | None) -> Likeness | None:
    near = rules.nearness(arrival.code or case.code)
    if arrival.place is None or case.place is None or gap(arrival, case) > _longest(arrival, case, rules, within):
        return None
    radius = near.radius_metres + rules.wider_by(arrival.off_metres, case.off_metres)
    metres = arrival.place.metres_to(case.place)
    return Likeness(False, 1 - metres / radius) if metres <= radius else None
