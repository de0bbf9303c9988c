"""The book of one camera's stays: what has not moved, since when."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from inference.detections import Box
from inference.frame import ImageBGR
from inference.stays.appearance import likeness, patch_of
from inference.stays.boxes import contact, covered_by_any
from inference.stays.families import PEOPLE
from inference.stays.matching import Candidate, Match, common_window, expected_box, match
from inference.stays.registration import View
from inference.stays.stay import Glimpse, Stay, stay_key

ANCHOR_LOOKS = 5
"""Detections over which an anchor is averaged before it is fixed: box noise goes, creeping does not pass."""
HIDING_SHARE = 0.25
"""Share of a place that something must cover for the place to count as hidden."""
FORGET_AFTER = timedelta(hours=24)
"""A place that could not be judged for so long is forgotten."""
UNWATCHED_AFTER = timedelta(minutes=10)
"""After a pause in watching longer than this, a box alone does not prove that it is the same object."""
FLUKE_LOOKS, FLUKE_SHARE = 6, 0.25
"""A place that keeps its looks while the detector sees nothing there: what opened the stay was a mistake."""
LIGHT_CHANGED_SHARE = 0.5
"""When more than this share of the places changes its looks in one look, the light has changed and not the street."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A stay that is over, and when its place was first seen empty or taken by another object."""

    stay: Stay
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What one look showed of one stay."""

    stay: Stay
    glimpse: Glimpse
    box: Box | None = None
    confidence: float = 0.0


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
        self._opens_at = opens_at
        self._keeps_at = keeps_at

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
        seen = [replace(c, patch=patch_of(picture, _in_pixels(c.box, picture))) for c in candidates]
        unwatched = self.last_look is not None and at - self.last_look > UNWATCHED_AFTER
        matches = {m.stay: m for m in match(self.stays, seen, view, self._keeps_at)}
        light_changed = self._light_changed(matches, seen, view, picture)
        entries: list[Entry] = []
        ended: list[Ended] = []
        used: set[int] = set()
        for index, stay in enumerate(self.stays):
            pair = matches.get(index)
            if pair is not None and not (unwatched and _other_object(stay, seen[pair.candidate])):
                used.add(pair.candidate)
                entry, over = self._detected(stay, pair, seen, view, at, light_changed)
            else:
                entry, over = self._undetected(stay, seen, view, picture, at, light_changed)
            if entry is not None:
                entries.append(entry)
            if over is not None:
                ended.append(over)
        entries += [self._opened(c, view, at) for i, c in enumerate(seen) if i not in used and self._opens(c)]
        people = [c.box for c in seen if c.family is PEOPLE]
        entries = [_attended(entry, people, view) for entry in entries]
        self.stays = tuple(e.stay for e in entries)
        self.last_look = at
        return entries, ended

    def amend(self, stays: Sequence[Stay]) -> None:
        """Put back stays to which evidence or reports were added; the rest stays as it is."""
        by_key = {stay.key: stay for stay in stays}
        self.stays = tuple(by_key.get(stay.key, stay) for stay in self.stays)

    def clear(self) -> tuple[Stay, ...]:
        """End all stays, because the camera looks elsewhere now."""
        stays, self.stays = self.stays, ()
        return stays

    def _opens(self, candidate: Candidate) -> bool:
        return candidate.confidence >= self._opens_at.get(candidate.name, 1.0)

    def _opened(self, c: Candidate, view: View, at: datetime) -> Entry:
        anchor = view.to_reference(c.box)
        stay = Stay(
            key=stay_key(self.camera, c.family.name, anchor, at),
            family=c.family.name,
            anchor=anchor,
            seen_within=view.to_reference((0.0, 0.0, 1.0, 1.0)),
            first_seen=at,
            last_seen=at,
            last_detected=at,
            votes={c.name: c.confidence},
            confidences=(c.confidence,),
            patch=c.patch,
        )
        return Entry(stay=stay, glimpse=Glimpse.DETECTED, box=c.box, confidence=c.confidence)

    def _detected(
        self, stay: Stay, pair: Match, seen: Sequence[Candidate], view: View, at: datetime, light_changed: bool
    ) -> tuple[Entry, Ended | None]:
        c = seen[pair.candidate]
        others = [o.box for i, o in enumerate(seen) if i != pair.candidate]
        clear = pair.whole and covered_by_any(c.box, others) < HIDING_SHARE
        if clear and not light_changed and _other_object(stay, c):
            if stay.odd_since is not None:  # twice in a row: somebody else has taken the place
                return self._replaced(stay, c, view, at)
            stay = replace(stay, odd_since=at)
            clear = False  # do not learn the stranger's looks yet
        else:
            stay = replace(stay, odd_since=None)
        after = stay.after_detection(at=at, name=c.name, confidence=c.confidence, patch=c.patch if clear else None)
        if clear and after.detections <= ANCHOR_LOOKS and _wholly_inside(c.box, common_window(stay, view)):
            after = replace(after, anchor=_blended(stay.anchor, view.to_reference(c.box), after.detections))
        return Entry(stay=after, glimpse=Glimpse.DETECTED, box=c.box, confidence=c.confidence), None

    def _replaced(self, stay: Stay, c: Candidate, view: View, at: datetime) -> tuple[Entry, Ended]:
        since = stay.odd_since or at
        entry = self._opened(c, view, at)
        key = stay_key(self.camera, stay.family, entry.stay.anchor, since)
        return replace(entry, stay=replace(entry.stay, key=key, first_seen=since)), Ended(stay=stay, at=since)

    def _undetected(
        self,
        stay: Stay,
        seen: Sequence[Candidate],
        view: View,
        picture: ImageBGR,
        at: datetime,
        light_changed: bool,
    ) -> tuple[Entry | None, Ended | None]:
        glimpse = _glimpse(stay, seen, view, picture)
        if glimpse is Glimpse.EMPTY and light_changed:
            glimpse = Glimpse.HIDDEN
        after = stay.after(glimpse, at)
        enough = 1 if stay.detections == 1 else stay.thresholds.empties
        if after.empties >= enough:
            return None, Ended(stay=after, at=after.empty_since or at)
        fluke = after.held >= FLUKE_LOOKS and after.detected_share < FLUKE_SHARE
        if fluke or at - after.last_seen > FORGET_AFTER:
            return None, Ended(stay=after, at=after.last_seen)
        return Entry(stay=after, glimpse=glimpse), None

    def _light_changed(
        self, matches: dict[int, Match], seen: Sequence[Candidate], view: View, picture: ImageBGR
    ) -> bool:
        """Whether most of the well-known places look different at once."""
        known = [(i, s) for i, s in enumerate(self.stays) if s.detections > 1 and s.patch]
        if len(known) < 3:
            return False
        changed = 0
        for index, stay in known:
            pair = matches.get(index)
            if pair is not None:
                changed += _other_object(stay, seen[pair.candidate])
            else:
                changed += _glimpse(stay, seen, view, picture) is Glimpse.EMPTY
        return changed > LIGHT_CHANGED_SHARE * len(known)


def _glimpse(stay: Stay, seen: Sequence[Candidate], view: View, picture: ImageBGR) -> Glimpse:
    """What a place shows where its object was not detected."""
    expected = expected_box(stay, view)
    if expected is None or view.lost:
        return Glimpse.HIDDEN
    patch = patch_of(picture, _in_pixels(expected, picture))
    if patch is not None and stay.patch is not None and likeness(stay.patch, patch) >= stay.thresholds.alike:
        return Glimpse.HELD
    if covered_by_any(expected, [c.box for c in seen]) >= HIDING_SHARE:
        return Glimpse.HIDDEN
    return Glimpse.EMPTY


def _attended(entry: Entry, people: Sequence[Box], view: View) -> Entry:
    """Count a look in which a person stands at the object: feet within half its size around its box."""
    x1, y1, x2, y2 = view.to_picture(entry.stay.anchor)
    reach_x, reach_y = (x2 - x1) / 2, (y2 - y1) / 2
    near = (x1 - reach_x, y1 - reach_y, x2 + reach_x, y2 + reach_y)
    here = any(near[0] <= x <= near[2] and near[1] <= y <= near[3] for x, y in map(contact, people))
    in_sight = entry.glimpse in (Glimpse.DETECTED, Glimpse.HELD)
    if not (here and in_sight) or entry.stay.family == PEOPLE.name:
        return entry
    return replace(entry, stay=replace(entry.stay, attended=entry.stay.attended + 1))


def _other_object(stay: Stay, candidate: Candidate) -> bool:
    """Whether a box that fits shows something that looks quite different."""
    if stay.patch is None or candidate.patch is None:
        return False
    return likeness(stay.patch, candidate.patch) < stay.thresholds.replaced


def _in_pixels(box: Box, picture: ImageBGR) -> Box:
    height, width = picture.shape[:2]
    return box[0] * width, box[1] * height, box[2] * width, box[3] * height


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
