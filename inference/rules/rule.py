"""What rules are given and what they give back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from inference.camera import CameraView
from inference.findings import ViolationKind
from inference.stays.book import Entry
from inference.stays.stay import Stay
from inference.zones.zone import Zone, ZoneKind

LEAST_STANDING = timedelta(seconds=10)
"""Two pictures of a standing violation lie at least this far apart (GA/T 832-2014)."""
LEAST_DETECTIONS = 3
LEAST_DETECTED_SHARE = 0.4
LEAST_SURE = 2
"""Detections at or above the class's own threshold: nothing rests on one frame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dwell:
    """Seconds that an object must stand before it counts, by violation; a zone may say otherwise.

    The defaults follow practice: 3-5 minutes for parking, 5 minutes for trade, two looks 10 minutes apart for garbage.
    """

    by_kind: dict[ViolationKind, float] = field(
        default_factory=lambda: {
            ViolationKind.ILLEGAL_PARKING: 180.0,
            ViolationKind.EXPOSED_GARBAGE: 600.0,
            ViolationKind.STALL_ENCROACHMENT: 300.0,
        }
    )
    override: float | None = None

    def seconds(self, kind: ViolationKind, zone: Zone, object_class: str) -> float:
        """The dwell for an object of `object_class` in `zone`, never below what evidence needs."""
        if self.override is not None:
            wanted = self.override
        else:
            wanted = zone.dwell.of(object_class) if zone.dwell is not None else self.by_kind[kind]
        return max(wanted, LEAST_STANDING.total_seconds())


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One look at one camera, as rules see it.

    Attributes:
        camera: with its zones.
        at: aware UTC capture time.
        entries: every stay and what this look showed of it.
        opens_at: confidence per class that counts as sure.
    """

    camera: CameraView
    at: datetime
    entries: Sequence[Entry]
    opens_at: dict[str, float]

    def zones(self, *kinds: ZoneKind) -> tuple[Zone, ...]:
        """The camera's zones of these kinds."""
        return tuple(zone for zone in self.camera.zones if zone.kind in kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """A stay that a rule watches: it counts towards a finding of `kind` in `zone` since `counts_from`."""

    kind: ViolationKind
    zone: Zone
    stay: Stay
    counts_from: datetime
    dwell: float

    @property
    def due(self) -> datetime:
        """When it may become a finding."""
        return self.counts_from + timedelta(seconds=self.dwell)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """A rule is satisfied: this concern, and the other stays that belong to the same violation."""

    concern: Concern
    rule: str
    with_stays: tuple[Stay, ...] = ()


class Rule(Protocol):
    """One violation."""

    @property
    def kind(self) -> ViolationKind:
        """What it finds."""
        ...

    def concerns(self, scene: Scene) -> Iterator[Concern]:
        """Stays that stand where they must not, whether or not long enough yet."""
        ...

    def check(self, scene: Scene) -> Iterator[Grounds]:
        """Stays that satisfy the rule in this look."""
        ...


def is_sure(stay: Stay, opens_at: dict[str, float], least: int = LEAST_DETECTIONS) -> bool:
    """Whether enough of what was seen of a stay was seen by the detector, and clearly enough."""
    sure = sum(confidence >= opens_at.get(stay.object_class, 1.0) for confidence in stay.confidences)
    return stay.detections >= least and sure >= LEAST_SURE and stay.detected_share >= LEAST_DETECTED_SHARE
