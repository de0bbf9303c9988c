"""A pass (巡查趟次): one drive of a vehicle, live or recorded, written down step by step with what it has seen."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Protocol

from cases.patrolling.coverage import SeenPart, joined
from cases.patrolling.roads import RoadMap
from inference.geo import LatLon
from inference.zones.hours import Calendar

PAUSE = timedelta(minutes=3)
"""Live pictures that come later than this after the last ones begin another pass."""


class PassKind(StrEnum):
    """How a pass came to us."""

    LIVE = "live"
    RECORDING = "recording"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackPoint:
    """Where a vehicle was.

    Attributes:
        at: aware UTC.
        place: WGS84.
        off_metres: how far the place may be off, about one standard deviation.
        speed: metres per second; None where nobody knows.
        heading: degrees clockwise from north; None where nobody knows.
        looked: a picture was inspected here.
        frame: SHA-256 of the picture that was sent, for live ones; None for recordings.
    """

    at: datetime
    place: LatLon
    off_metres: float
    speed: float | None = None
    heading: float | None = None
    looked: bool = False
    frame: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """One drive.

    Attributes:
        id: of the recording, or made of vehicle and time for a live one.
        vehicle: id of its camera.
        kind: live or recorded.
        started_at: aware UTC of its first picture.
        last_at: aware UTC of its last picture.
        position: seconds of a recording up to which everything is written down; 0 for live ones.
        pictures: how many were taken in.
        looks: how many of them were inspected.
        findings: how many there were.
        metres: length of the way.
        place: where it was last, WGS84.
        heading: of it there, degrees clockwise from north, where that is known.
        ended: nothing more comes.
    """

    id: str
    vehicle: str
    kind: PassKind
    started_at: datetime
    last_at: datetime
    position: float = 0.0
    pictures: int = 0
    looks: int = 0
    findings: int = 0
    metres: float = 0.0
    place: LatLon | None = None
    heading: float | None = None
    ended: bool = False

    def further(self, points: Sequence[TrackPoint], position: float, findings: int) -> "Pass":
        """The pass some pictures later.

        Args:
            points: where they were taken, in order of time.
            position: seconds of the recording that are now written down.
            findings: that came of them.
        """
        way = [*([self.place] if self.place else []), *(point.place for point in points)]
        return replace(
            self,
            last_at=max([self.last_at, *(point.at for point in points)]),
            position=max(self.position, position),
            pictures=self.pictures + len(points),
            looks=self.looks + sum(point.looked for point in points),
            findings=self.findings + findings,
            metres=self.metres + sum(one.metres_to(other) for one, other in pairwise(way)),
            place=points[-1].place if points else self.place,
            heading=points[-1].heading if points else self.heading,
        )

    def over(self, findings: int) -> "Pass":
        """The pass at its end, with the findings that came of what was still in sight."""
        return replace(self, findings=self.findings + findings, ended=True)

    def is_over(self, at: datetime) -> bool:
        """Whether a live picture taken at `at` belongs to another pass."""
        return self.ended or at - self.last_at > PAUSE


class PassBook(Protocol):
    """Passes, as one transaction sees and changes them."""

    def keep_pass(self, one: Pass, memory: bytes | None) -> None:
        """Write a new pass, or replace one, with the worker's own snapshot of it; without one, the last stays."""
        ...

    def keep_sites(self, saved: Mapping[str, bytes], gone: Collection[str]) -> None:
        """Write sites that are new or changed, by key, and remove those that are forgotten."""
        ...

    def add_track(self, pass_id: str, points: Sequence[TrackPoint]) -> None:
        """Write where it was. A time that is written already stays as it is."""
        ...

    def seen_parts(self, pass_id: str, day: date, stretches: Collection[str]) -> Mapping[str, SeenPart]:
        """What the pass has already seen of some stretches on a day, by stretch."""
        ...

    def keep_seen(self, pass_id: str, day: date, parts: Sequence[SeenPart], whole: Collection[str]) -> None:
        """Write what the pass has now seen of them; `whole` names the stretches that count as seen."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PassStep:
    """What one look of a pass adds; written down with its findings, as a whole.

    Attributes:
        after: the pass after it.
        memory: the worker's own snapshot after it; None where nothing was inspected.
        points: where its pictures were taken.
        seen: what it has seen of stretches.
        sites: the worker's own snapshots of sites that are new or changed, by key.
        forgotten: keys of sites that are no longer needed.
    """

    after: Pass
    memory: bytes | None = None
    points: tuple[TrackPoint, ...] = ()
    seen: tuple[SeenPart, ...] = ()
    sites: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    forgotten: tuple[str, ...] = ()

    def with_sites(self, saved: Mapping[str, bytes], gone: tuple[str, ...]) -> "PassStep":
        """The step with what it changes of sites."""
        return replace(self, sites=saved, forgotten=gone)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassLog:
    """Writes passes down.

    Attributes:
        roads: of the city.
        calendar: whose days the coverage is counted by.
    """

    roads: RoadMap
    calendar: Calendar = field(default_factory=Calendar)

    def write(self, book: PassBook, step: PassStep) -> None:
        """Write one step down. The same step once more changes nothing."""
        book.keep_pass(step.after, step.memory)
        book.keep_sites(step.sites, step.forgotten)
        book.add_track(step.after.id, step.points)
        by_day: dict[date, list[SeenPart]] = {}
        for part in step.seen:
            by_day.setdefault(part.last_at.astimezone(self.calendar.zone).date(), []).append(part)
        for day, parts in by_day.items():
            new = joined(parts)
            known = book.seen_parts(step.after.id, day, new.keys())
            now = [known[id].joined(part) if id in known else part for id, part in new.items()]
            changed = [part for part in now if part != known.get(part.stretch)]
            whole = {part.stretch for part in changed if part.is_whole(self.roads.by_id[part.stretch])}
            book.keep_seen(step.after.id, day, changed, whole)
