"""A stay: one object seen standing in one place, since when, and how sure that is."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from statistics import median

from pydantic import Base64Bytes

from inference.detections import Box
from inference.evidence.kept import KeptPicture
from inference.stays.families import Family, family_named

CONFIDENCES_KEPT = 48


class Glimpse(StrEnum):
    """What one look shows of a stay's place."""

    DETECTED = "detected"
    HELD = "held"  # not detected, but the place looks as it did
    HIDDEN = "hidden"  # something stands in front, or the place is outside the picture: unknown, not empty
    EMPTY = "empty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """One object that stands in one place.

    Boxes are fractions of the camera's reference picture, so that they outlive zoom, shake and changes of resolution.

    Attributes:
        key: stable name, derived from camera, family, place and first sight; never a tracker id.
        family: name of the family of classes it belongs to.
        anchor: where it stands.
        seen_within: the part of the reference picture that could be seen when the anchor was taken.
        first_seen: aware UTC of the first sight in this place.
        last_seen: aware UTC of the last sight (detected or held).
        votes: detector classes with the sum of their confidences; at least one.
        confidences: of the last detections, 0..1; at least one.
        detections: looks in which it was detected.
        held: looks in which only its appearance showed that it is still there.
        hidden: looks since the last sight in which the place could not be judged.
        empties: looks since the last sight in which the place was visibly empty.
        empty_since: aware UTC of the first of them.
        odd_since: aware UTC since which another object seems to stand in the same place.
        attended: looks in which a person was at it.
        patch: its appearance.
        grey: the patch is of a picture without colour, by infrared.
        first, best: pictures kept as evidence, where a zone watches the place.
        reported: rules that have already made a finding of this stay.
    """

    key: str
    family: str
    anchor: Box
    seen_within: Box
    first_seen: datetime
    last_seen: datetime
    votes: dict[str, float]
    confidences: tuple[float, ...]
    detections: int = 1
    held: int = 0
    hidden: int = 0
    empties: int = 0
    empty_since: datetime | None = None
    odd_since: datetime | None = None
    attended: int = 0
    patch: Base64Bytes | None = None
    grey: bool = False
    first: KeptPicture | None = None
    best: KeptPicture | None = None
    reported: tuple[str, ...] = ()

    @property
    def thresholds(self) -> Family:
        """The thresholds of its family."""
        return family_named(self.family)

    @property
    def object_class(self) -> str:
        """What it is, by the weighted vote of all detections."""
        return max(self.votes, key=lambda name: (self.votes[name], name))

    @property
    def confidence(self) -> float:
        """Median confidence of the recent detections, 0..1."""
        return median(self.confidences)

    @property
    def detected_share(self) -> float:
        """Share of the sights that were detections and not only likeness, 0..1."""
        return self.detections / (self.detections + self.held)

    def after_detection(self, *, at: datetime, name: str, confidence: float) -> "Stay":
        """The stay after it was detected again."""
        return replace(
            self,
            last_seen=at,
            detections=self.detections + 1,
            hidden=0,
            empties=0,
            empty_since=None,
            votes=self.votes | {name: self.votes.get(name, 0.0) + confidence},
            confidences=(*self.confidences, confidence)[-CONFIDENCES_KEPT:],
        )

    def after(self, glimpse: Glimpse, at: datetime) -> "Stay":
        """The stay after a look that did not detect it."""
        if glimpse is Glimpse.HELD:
            return replace(self, last_seen=at, held=self.held + 1, hidden=0, empties=0, empty_since=None)
        if glimpse is Glimpse.EMPTY:
            return replace(self, empties=self.empties + 1, empty_since=self.empty_since or at)
        return replace(self, hidden=self.hidden + 1)


def stay_key(camera: str, family: str, anchor: Box, first_seen: datetime) -> str:
    """Name of a stay: the same object first seen at the same time in the same place has the same name in any replay."""
    place = ",".join(f"{value:.3f}" for value in anchor)
    text = f"{camera}|{family}|{place}|{first_seen.isoformat(timespec='milliseconds')}"
    return hashlib.sha256(text.encode()).hexdigest()[:24]
