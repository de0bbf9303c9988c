"""What a stay's place looks like in one look, whatever the detector says."""

from collections.abc import Mapping, Sequence

from inference.frame import ImageBGR
from inference.stays.appearance import likeness, patch_of
from inference.stays.boxes import clipped, covered_by_any, in_pixels, overlap
from inference.stays.matching import SAME_PLACE, Candidate, Match, Place, in_one_place
from inference.stays.stay import Glimpse, Stay

HIDING_SHARE = 0.25
"""Share of a place that something must cover for the place to count as hidden."""
CARELESS_OVERLAP = 0.40
"""Where a place looks as it did, a box that overlaps it by so much is a careless box of the object standing there."""
LIGHT_CHANGED_SHARE = 0.5
"""When more than this share of the places changes its looks in one look, the light has changed and not the street."""
LIGHT_LEAST_PLACES = 3


def looks_the_same(place: Place, picture: ImageBGR) -> bool:
    """Whether a stay's place shows what it showed when the object was last clearly seen."""
    stay = place.stay
    if place.expected is None or stay.patch is None:
        return False
    patch = patch_of(picture, in_pixels(place.expected, (picture.shape[1], picture.shape[0])))
    return patch is not None and likeness(stay.patch, patch) >= stay.thresholds.alike


def shows_another(stay: Stay, candidate: Candidate) -> bool:
    """Whether a box that fits shows something that looks quite different."""
    if stay.patch is None or candidate.patch is None:
        return False
    return likeness(stay.patch, candidate.patch) < stay.thresholds.replaced


def glimpse_of(place: Place, seen: Sequence[Candidate], picture: ImageBGR) -> Glimpse:
    """What a place shows where its object was not detected."""
    if place.expected is None:
        return Glimpse.HIDDEN
    if looks_the_same(place, picture):
        return Glimpse.HELD
    if covered_by_any(place.expected, [c.box for c in seen]) >= HIDING_SHARE:
        return Glimpse.HIDDEN
    return Glimpse.EMPTY


def careless_matches(
    places: Sequence[Place], matches: Mapping[int, Match], seen: Sequence[Candidate], picture: ImageBGR
) -> dict[int, Match]:
    """Pairs of stays that `matches` left out and boxes that fit no stay.

    A box is a careless one of the object that stands in a place where the place itself has not changed, or where
    something else covers a part of it, which pulls the box about.
    """
    taken = {pair.candidate for pair in matches.values()}
    found: dict[int, Match] = {}
    for index, place in enumerate(places):
        if index in matches or place.expected is None:
            continue
        overlaps = [
            (overlap(place.expected, clipped(c.box, place.window)), i)
            for i, c in enumerate(seen)
            if i not in taken and c.family.name == place.stay.family
        ]
        score, candidate = max(overlaps, default=(0.0, -1))
        if score < CARELESS_OVERLAP:
            continue
        others = [c.box for i, c in enumerate(seen) if i != candidate]
        pulled = score >= SAME_PLACE and covered_by_any(place.expected, others) >= HIDING_SHARE
        if pulled or looks_the_same(place, picture):
            found[index] = Match(stay=index, candidate=candidate, score=score, whole=False)
            taken.add(candidate)
    return found


def is_duplicate(stay: Stay, detected: Sequence[Stay]) -> bool:
    """Whether an older stay of the family that was detected in this look stands in the same place."""
    return any(
        other.family == stay.family and other.first_seen < stay.first_seen and in_one_place(other, stay)
        for other in detected
    )


def light_changed(
    places: Sequence[Place], matches: Mapping[int, Match], seen: Sequence[Candidate], picture: ImageBGR
) -> bool:
    """Whether most of the well-known places look different at once."""
    known = [(i, p) for i, p in enumerate(places) if p.stay.detections > 1 and p.stay.patch]
    if len(known) < LIGHT_LEAST_PLACES:
        return False
    changed = 0
    for index, place in known:
        pair = matches.get(index)
        if pair is not None:
            changed += shows_another(place.stay, seen[pair.candidate])
        else:
            changed += glimpse_of(place, seen, picture) is Glimpse.EMPTY
    return changed > LIGHT_CHANGED_SHARE * len(known)
