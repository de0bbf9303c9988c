"""Which detection is which standing object: by box and by appearance, compared where both can be seen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from inference.detections import Box, Detection
from inference.stays.appearance import likeness
from inference.stays.boxes import apart, area, clipped, covered_by_any, covered_share, overlap, shift
from inference.stays.families import PEOPLE, VEHICLES, Family, family_of
from inference.stays.registration import View
from inference.stays.stay import Stay

PICTURE: Box = (0.0, 0.0, 1.0, 1.0)
LEAST_VISIBLE = 0.25
"""Share of an anchor that must lie inside the picture for the place to be judged at all."""
APPEARANCE_OVERLAP = 0.35
"""A box may jitter down to this intersection over union while its appearance says that it is the same object."""
ONE_OBJECT = 0.80
"""Boxes of different families that overlap by so much are one object that the detector cannot name."""
PIECE_INSIDE, PIECE_LEAST, PIECE_LIFT = 0.90, 0.25, 0.15
"""A vehicle's box inside a surer one that is no speck and ends above its foot (by a share of its height) is a piece of
that vehicle: one that stands in front reaches down further, one behind would be hidden."""
SAME_PLACE = 0.50
"""Two stays of a family whose anchors overlap by so much cannot both be right; the older one is."""
PART_INSIDE, PART_LEAST, PART_COVERED = 0.75, 0.15, 0.5
"""A half-hidden object: its box lies inside the place, is not a speck, and something covers the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One detection in fractions of the picture at hand, with its family and appearance."""

    box: Box
    confidence: float
    name: str
    family: Family
    patch: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A stay and the detection that shows it. `whole`: the object is not half hidden, its looks may be learnt."""

    stay: int
    candidate: int
    score: float
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A stay's place in one look, in fractions of the picture at hand.

    Attributes:
        stay: what stands there.
        window: the part of the picture that could also be seen when the stay's anchor was taken.
        expected: where its object must be; None where too little of the place is inside.
    """

    stay: Stay
    window: Box
    expected: Box | None


def candidates_of(detections: Sequence[Detection], size_wh: tuple[int, int]) -> list[Candidate]:
    """Detections of known families as fractions, one per object: the surest box wins, whatever it calls the object.

    A detector that wavers between the names of a family (a car at .3, a bus at .3, in one box) is surer of the object
    than of either name: their confidences add up as those of independent witnesses, 1 - (1 - a)(1 - b).
    """
    width, height = size_wh
    kept: list[Candidate] = []
    names: list[set[str]] = []
    for d in sorted(detections, key=lambda d: -d.confidence):
        family = family_of(d.name)
        if family is None:
            continue
        box = (d.box[0] / width, d.box[1] / height, d.box[2] / width, d.box[3] / height)
        same = next((i for i, other in enumerate(kept) if _same_object(box, family, other)), None)
        if same is None:
            kept.append(Candidate(box=box, confidence=d.confidence, name=d.name, family=family))
            names.append({d.name})
        elif kept[same].family is family and d.name not in names[same]:
            together = 1 - (1 - kept[same].confidence) * (1 - d.confidence)
            kept[same] = replace(kept[same], confidence=together)
            names[same].add(d.name)
    return kept


def _same_object(box: Box, family: Family, other: Candidate) -> bool:
    if PEOPLE in (family, other.family) and family is not other.family:
        return False  # a rider is not the motorcycle
    if apart(box, other.box):
        return False
    if family is other.family is VEHICLES and _is_piece(box, other.box):
        return True
    return overlap(box, other.box) >= (family.merge if other.family is family else ONE_OBJECT)


def _is_piece(box: Box, whole: Box) -> bool:
    return (
        whole[3] - box[3] >= PIECE_LIFT * (whole[3] - whole[1])
        and area(box) >= PIECE_LEAST * area(whole)
        and area(clipped(box, whole)) >= PIECE_INSIDE * area(box)
    )


def place_of(stay: Stay, view: View) -> Place:
    """Where a stay's place lies in the picture at hand."""
    window = clipped(PICTURE, view.to_picture(stay.seen_within))
    whole = view.to_picture(stay.anchor)
    seen = clipped(whole, window)
    return Place(stay=stay, window=window, expected=seen if area(seen) >= LEAST_VISIBLE * area(whole) > 0 else None)


def match(places: Sequence[Place], candidates: Sequence[Candidate], keeps_at: float) -> list[Match]:
    """Pair stays with detections, best pairs first, each at most once.

    Args:
        places: of what stands.
        candidates: what was detected.
        keeps_at: confidence that is enough to recognise an object that is known to stand.
    """
    pairs: list[Match] = []
    for s, place in enumerate(places):
        for c, candidate in enumerate(candidates):
            if place.expected is None or apart(place.expected, candidate.box):
                continue
            if candidate.family.name == place.stay.family and candidate.confidence >= keeps_at:
                pair = _pair(s, place, place.expected, c, candidates)
                if pair is not None:
                    pairs.append(pair)
    pairs = [pair for pair in pairs if not any(_goes_first(other, pair, places) for other in pairs)]
    taken_stays: set[int] = set()
    taken_candidates: set[int] = set()
    chosen: list[Match] = []
    for pair in sorted(pairs, key=lambda pair: (-pair.score, pair.stay, pair.candidate)):
        if pair.stay not in taken_stays and pair.candidate not in taken_candidates:
            chosen.append(pair)
            taken_stays.add(pair.stay)
            taken_candidates.add(pair.candidate)
    return chosen


def in_one_place(a: Stay, b: Stay) -> bool:
    """Whether two stays, compared where both could be seen, stand where only one object can stand."""
    window = clipped(a.seen_within, b.seen_within)
    return overlap(clipped(a.anchor, window), clipped(b.anchor, window)) >= SAME_PLACE


def _goes_first(other: Match, pair: Match, places: Sequence[Place]) -> bool:
    """Whether `other` gives the same detection to an older stay in the same place: the older one is the object."""
    if other.candidate != pair.candidate or other.stay == pair.stay or not other.whole:
        return False
    older, younger = places[other.stay].stay, places[pair.stay].stay
    return older.first_seen < younger.first_seen and in_one_place(older, younger)


def _pair(s: int, place: Place, expected: Box, c: int, candidates: Sequence[Candidate]) -> Match | None:
    candidate, stay = candidates[c], place.stay
    box = clipped(candidate.box, place.window)
    family = stay.thresholds
    together = overlap(expected, box)
    if together >= APPEARANCE_OVERLAP and shift(expected, box) <= family.shift:
        alike = likeness(stay.patch, candidate.patch) if stay.patch and candidate.patch else 0.0
        if together >= family.overlap or alike >= family.alike:
            return Match(stay=s, candidate=c, score=together + 0.3 * candidate.confidence + 0.2 * alike, whole=True)
    inside = covered_share(box, expected)
    if inside >= PART_INSIDE and area(box) >= PART_LEAST * area(expected):
        others = [o.box for i, o in enumerate(candidates) if i != c]
        rest = covered_by_any(expected, [*others, box]) - covered_by_any(expected, [box])
        hidden_part = 1 - covered_share(expected, box)
        if hidden_part > 0 and rest >= PART_COVERED * hidden_part:
            return Match(stay=s, candidate=c, score=0.3 * inside * candidate.confidence, whole=False)
    return None
