"""The book of one camera's stays: what has not moved, since when."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from inference.detections import Box
from inference.frame import ImageBGR
from inference.stays.appearance import is_grey, patch_of
from inference.stays.boxes import anybody_at, covered_by_any, in_pixels
from inference.stays.families import PEOPLE
from inference.stays.matching import PICTURE, Candidate, Match, Place, match, place_of
from inference.stays.places import (
    HIDING_SHARE,
    careless_matches,
    glimpse_of,
    is_duplicate,
    light_changed,
    shows_another,
)
from inference.stays.registration import View
from inference.stays.stay import Glimpse, Stay, stay_key

ANCHOR_LOOKS = 5
"""Detections over which an anchor is averaged before it is fixed: box noise goes, creeping does not pass."""
UNCONFIRMED_LOOKS = 3
"""Looks in which something that was detected once must be detected again, or it never stood there."""
FLUKE_SHARE = 0.25
"""A place that keeps its looks while the detector sees nothing there: what opened the stay was a mistake."""
FORGET_AFTER = timedelta(hours=24)
"""A place that could not be judged for so long is forgotten."""
UNWATCHED_AFTER = timedelta(minutes=10)
"""After a pause in watching longer than this, a box alone does not prove that it is the same object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A stay that is over, and when its place was first seen empty or taken by another object."""

    stay: Stay
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What one look showed of one stay: its box in fractions of the picture, where it was detected."""

    stay: Stay
    glimpse: Glimpse
    box: Box | None = None
    confidence: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Now:
    """One look: what every step of entering it needs."""

    seen: Sequence[Candidate]
    view: View
    picture: ImageBGR
    at: datetime
    grey: bool
    light_changed: bool

    def can_compare(self, stay: Stay) -> bool:
        """Whether looking different means something: the light is that in which the stay's appearance was learnt."""
        return not self.light_changed and stay.grey == self.grey


class StayBook:
    """Keeps the stays of one camera, one look after the other.

    Args:
        camera: identifier, part of every stay's key.
        opens_at: confidence per class from which a detection may open a stay.
        keeps_at: confidence that is enough to see a known stay again.
        stays: remembered from before a restart.
        last_look: when the camera was last looked at before a restart.
    """

    def __init__(
        self,
        camera: str,
        opens_at: dict[str, float],
        keeps_at: float,
        stays: Sequence[Stay] = (),
        last_look: datetime | None = None,
    ) -> None:
        """Open the book, empty or with remembered `stays`."""
        self.camera = camera
        self.stays: tuple[Stay, ...] = tuple(stays)
        self.last_look = last_look
        self.opens_at = opens_at
        self.keeps_at = keeps_at

    def look(
        self, candidates: Sequence[Candidate], view: View, picture: ImageBGR, at: datetime
    ) -> tuple[list[Entry], list[Ended]]:
        """Enter one look.

        Args:
            candidates: what was detected, in fractions of the picture.
            view: where the camera looks.
            picture: the inspected picture, of any size.
            at: aware UTC capture time.

        Returns:
            What the look shows of every stay that goes on (new ones included), and the stays that ended.
        """
        size_wh = (picture.shape[1], picture.shape[0])
        seen = [replace(c, patch=patch_of(picture, in_pixels(c.box, size_wh))) for c in candidates]
        places = [place_of(stay, view) for stay in self.stays]
        matches = {m.stay: m for m in match(places, seen, self.keeps_at)}
        matches |= careless_matches(places, matches, seen, picture)
        grey = is_grey(picture)
        replaced: set[int] = set()
        if self.last_look is not None and at - self.last_look > UNWATCHED_AFTER:
            comparable = {i: m for i, m in matches.items() if self.stays[i].grey == grey}
            replaced = {i for i, m in comparable.items() if shows_another(self.stays[i], seen[m.candidate])}
            matches = {i: m for i, m in matches.items() if i not in replaced}
        changed = light_changed(places, matches, seen, picture)
        now = _Now(seen=seen, view=view, picture=picture, at=at, grey=grey, light_changed=changed)
        entries, ended = self._enter(places, matches, now)
        taken = {self.stays[i].key for i in replaced}
        ended += [Ended(stay=entry.stay, at=at) for entry in entries if entry.stay.key in taken]
        entries = [entry for entry in entries if entry.stay.key not in taken]
        used = {pair.candidate for pair in matches.values()}
        entries += [self._opened(c, now, at) for i, c in enumerate(seen) if i not in used and self._opens(c)]
        people = [c.box for c in seen if c.family is PEOPLE]
        entries = [_attended(entry, people, view) for entry in entries]
        self.stays = tuple(e.stay for e in entries)
        self.last_look = at
        return entries, ended

    def amend(self, stays: Sequence[Stay]) -> None:
        """Put back stays to which evidence or reports were added; the rest stays as it is."""
        by_key = {stay.key: stay for stay in stays}
        self.stays = tuple(by_key.get(stay.key, stay) for stay in self.stays)

    def clear(self) -> None:
        """Forget all stays, because the camera looks elsewhere now."""
        self.stays = ()

    def _enter(self, places: Sequence[Place], matches: dict[int, Match], now: _Now) -> tuple[list[Entry], list[Ended]]:
        detected = [self.stays[index] for index in matches]
        results: list[Entry | Ended] = []
        for index, place in enumerate(places):
            pair = matches.get(index)
            if pair is not None:
                results += self._detected(place, pair, now)
            else:
                results.append(_undetected(place, is_duplicate(place.stay, detected), now))
        entries = [result for result in results if isinstance(result, Entry)]
        return entries, [result for result in results if isinstance(result, Ended)]

    def _opens(self, candidate: Candidate) -> bool:
        return candidate.confidence >= self.opens_at.get(candidate.name, 1.0)

    def _opened(self, c: Candidate, now: _Now, since: datetime) -> Entry:
        anchor = now.view.to_reference(c.box)
        stay = Stay(
            key=stay_key(self.camera, c.family.name, anchor, since),
            family=c.family.name,
            anchor=anchor,
            seen_within=now.view.to_reference(PICTURE),
            first_seen=since,
            last_seen=now.at,
            votes={c.name: c.confidence},
            confidences=(c.confidence,),
            patch=c.patch,
            grey=now.grey,
        )
        return Entry(stay=stay, glimpse=Glimpse.DETECTED, box=c.box, confidence=c.confidence)

    def _detected(self, place: Place, pair: Match, now: _Now) -> list[Entry | Ended]:
        stay, c = place.stay, now.seen[pair.candidate]
        others = [o.box for i, o in enumerate(now.seen) if i != pair.candidate]
        clear = pair.whole and covered_by_any(c.box, others) < HIDING_SHARE
        strange = clear and now.can_compare(stay) and shows_another(stay, c)
        if strange and stay.odd_since is not None:  # twice in a row: another object has taken the place
            return [Ended(stay=stay, at=stay.odd_since), self._opened(c, now, stay.odd_since)]
        stay = replace(stay, odd_since=now.at if strange else None)
        learns = clear and not strange
        after = stay.after_detection(at=now.at, name=c.name, confidence=c.confidence)
        if learns and c.patch is not None:
            after = replace(after, patch=c.patch, grey=now.grey)
        if learns and after.detections <= ANCHOR_LOOKS and _wholly_inside(c.box, place.window):
            after = replace(after, anchor=_blended(stay.anchor, now.view.to_reference(c.box), after.detections))
        return [Entry(stay=after, glimpse=Glimpse.DETECTED, box=c.box, confidence=c.confidence)]


def _undetected(place: Place, duplicate: bool, now: _Now) -> Entry | Ended:
    stay = place.stay
    glimpse = Glimpse.EMPTY if duplicate else glimpse_of(place, now.seen, now.picture)
    if glimpse is Glimpse.EMPTY and not now.can_compare(stay):
        glimpse = Glimpse.HIDDEN
    after = stay.after(glimpse, now.at)
    if stay.detections == 1:
        over = after.empties >= 1 or after.held + after.hidden >= UNCONFIRMED_LOOKS
    else:
        over = after.empties >= stay.thresholds.empties
    fluke = after.detected_share < FLUKE_SHARE
    if over or fluke or now.at - after.last_seen > FORGET_AFTER:
        return Ended(stay=after, at=after.empty_since or after.last_seen)
    return Entry(stay=after, glimpse=glimpse)


def _attended(entry: Entry, people: Sequence[Box], view: View) -> Entry:
    """Count a look in which a person stands at the object."""
    here = anybody_at(view.to_picture(entry.stay.anchor), people)
    in_sight = entry.glimpse in (Glimpse.DETECTED, Glimpse.HELD)
    if not (here and in_sight) or entry.stay.family == PEOPLE.name:
        return entry
    return replace(entry, stay=replace(entry.stay, attended=entry.stay.attended + 1))


def _wholly_inside(box: Box, window: Box) -> bool:
    margin = 0.01
    return (
        box[0] > window[0] + margin
        and box[1] > window[1] + margin
        and box[2] < window[2] - margin
        and box[3] < window[3] - margin
    )


def _blended(anchor: Box, box: Box, looks: int) -> Box:
    x1, y1, x2, y2 = (a + (b - a) / looks for a, b in zip(anchor, box, strict=True))
    return x1, y1, x2, y2
