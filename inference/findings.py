"""A finding: a rule is satisfied, and there is evidence for it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from inference.detections import Box
from inference.geo import LatLon


class ViolationKind(StrEnum):
    """What a finding can be about."""

    ILLEGAL_PARKING = "illegal_parking"
    EXPOSED_GARBAGE = "exposed_garbage"
    STALL_ENCROACHMENT = "stall_encroachment"


class EvidenceRole(StrEnum):
    """What a piece of evidence is for. GA/T 832: two panoramas at least 10 s apart, and the target itself.

    `AFTER` shows the place when a camera looked again (核查); no finding has one.
    """

    FIRST = "first"
    LAST = "last"
    AFTER = "after"
    BEST = "best"
    CROP = "crop"
    OVERLAY = "overlay"
    ORIGINAL = "original"
    MANIFEST = "manifest"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRef:
    """One stored piece of evidence, named by what it contains.

    Attributes:
        role: what it shows.
        sha256: hex digest of the stored bytes; also their name in the evidence store.
        media_type: e.g. `image/jpeg`, `video/h264`.
        size_bytes: length of the stored bytes.
        captured_at: aware UTC time of the frame it comes from.
        of: the `role` of the panorama that an overlay, an original or a public copy belongs to.
    """

    role: EvidenceRole
    sha256: str
    media_type: str
    size_bytes: int
    captured_at: datetime
    of: EvidenceRole | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One violation that the camera is sure enough about to open a case.

    Attributes:
        key: stable name of the event: the same stay under the same rule has the same key after any restart or replay.
        kind: what it is.
        camera: camera or vehicle that saw it.
        first_seen: aware UTC, since when the object has not moved.
        last_seen: aware UTC, the observation that satisfied the rule.
        seen_for: seconds for which it counts: standing time inside the zone's hours, not frames.
        confidence: 0..1, median over the observations.
        object_class: what stands there, by weighted vote of all observations.
        box: pixels of the last panorama.
        where: WGS84 of the ground contact, where the camera is calibrated or has a position.
        zone: identifier of the zone.
        rule: name and version of the rule, with the dwell it required.
        evidence: what was stored.
        uncertainty: metres, one standard deviation of `where` (east and north together); None for a fixed camera.
    """

    key: str
    kind: ViolationKind
    camera: str
    first_seen: datetime
    last_seen: datetime
    seen_for: float
    confidence: float
    object_class: str
    box: Box
    where: LatLon | None
    zone: str
    rule: str
    evidence: tuple[EvidenceRef, ...]
    uncertainty: float | None = None
