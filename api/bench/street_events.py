"""What comes out of a clip in the end: which object stood where it must not.

Ways of watching that follow objects from picture to picture get the plainest rule there is: a track that has stayed
where it was for the zone's dwell is an event.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from inference.detections import Box
from inference.findings import ViolationKind
from inference.rules.rule import Dwell
from inference.stays.families import LIGHT_VEHICLES, VEHICLES
from inference.zones.zone import Zone, ZoneKind

MOVED = 0.15
"""Of its width: an object whose centre is further than that from where it stood has moved."""

FORBIDS: Mapping[ZoneKind, tuple[ViolationKind, frozenset[str]]] = {
    ZoneKind.NO_PARKING: (ViolationKind.ILLEGAL_PARKING, VEHICLES.classes | LIGHT_VEHICLES.classes),
    ZoneKind.NO_STALLS: (ViolationKind.STALL_ENCROACHMENT, frozenset({"stall"})),
    ZoneKind.KEEP_CLEAN: (ViolationKind.EXPOSED_GARBAGE, frozenset({"garbage", "bin_overflow"})),
}
PERMITS = (ZoneKind.PERMITTED_BAY, ZoneKind.PERMITTED_MARKET, ZoneKind.COLLECTION_POINT)


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """Something of a kind that stood in a zone for too long."""

    kind: str
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How events agree with the truth."""

    right: int
    wrong: int
    missed: int

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 1 where nothing was to be found and nothing was."""
        return 2 * self.right / whole if (whole := 2 * self.right + self.wrong + self.missed) else 1.0


def score(found: Iterable[Event], truth: Iterable[Event]) -> Score:
    """Each event of the truth is met once; a second one of the same kind and zone is a double, and wrong."""
    said, true = Counter(found), Counter(truth)
    right = (said & true).total()
    return Score(right=right, wrong=said.total() - right, missed=true.total() - right)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """An object that a tracker knows by a number; the box in fractions of the picture."""

    id: int
    name: str
    box: Box


@dataclass(slots=True)
class _Stood:
    centre: tuple[float, float]
    since: float
    told: bool = False


@dataclass(slots=True)
class StandingTracks:
    """Makes events of tracks.

    Attributes:
        zones: of the camera.
        events: so far, with the second of the clip.
    """

    zones: tuple[Zone, ...]
    events: list[tuple[float, Event]] = field(default_factory=list[tuple[float, Event]])
    _stood: dict[int, _Stood] = field(default_factory=dict[int, _Stood])

    def see(self, at: float, objects: Iterable[Tracked]) -> None:
        """Take in what the tracker says of the picture at second `at`."""
        for each in objects:
            left, top, right, bottom = each.box
            centre = ((left + right) / 2, (top + bottom) / 2)
            stood = self._stood.get(each.id)
            if stood is None or _apart(stood.centre, centre) > MOVED * (right - left):
                self._stood[each.id] = _Stood(centre, at)
                continue
            if not stood.told and (event := self._event(each, at - stood.since)) is not None:
                stood.told = True
                self.events.append((at, event))

    def _event(self, each: Tracked, seconds: float) -> Event | None:
        left, _, right, bottom = each.box
        contact = ((left + right) / 2, bottom)
        if any(zone.kind in PERMITS and zone.covers(contact) for zone in self.zones):
            return None
        for zone in self.zones:
            kind, classes = FORBIDS.get(zone.kind, (None, frozenset[str]()))
            if kind is None or each.name not in classes or not zone.covers(contact):
                continue
            if seconds >= Dwell().seconds(kind, zone, each.name):
                return Event(kind.value, zone.id)
        return None


def _apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    return ((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5
