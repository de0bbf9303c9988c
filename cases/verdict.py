"""A verdict: what a person says of a finding. It decides over a candidate, and later teaches the detector."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import isfinite

from cases.errors import MoveRefused
from inference.detections import Box
from inference.findings import Finding


class Ruling(StrEnum):
    """What the person says."""

    CONFIRM = "confirm"
    REJECT = "reject"
    CORRECT = "correct"


class RejectReason(StrEnum):
    """Why a finding is none. Only `WRONG_CLASS` and `NOT_THERE` say that the detector was wrong."""

    PERMITTED = "permitted"
    MOVING = "moving"
    DUPLICATE = "duplicate"
    WRONG_CLASS = "wrong_class"
    POOR_PICTURE = "poor_picture"
    NOT_THERE = "not_there"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a reviewer says of a case, or of one finding in it.

    Attributes:
        ruling: a correction confirms that something is there, but not what or where the finding says.
        why: needed to reject, and only then given.
        note: in the reviewer's words.
        right_box: where it really is, in pixels of the finding's last panorama.
        right_class: what it really is.
        finding: key of the finding that is meant; None for all of the case.
        blind: the reviewer did not see what others said.
        released: the picture may be used for training.

    Raises:
        MoveRefused: it contradicts itself.
    """

    ruling: Ruling
    why: RejectReason | None = None
    note: str = ""
    right_box: Box | None = None
    right_class: str | None = None
    finding: str | None = None
    blind: bool = False
    released: bool = False

    def __post_init__(self) -> None:
        if (self.ruling is Ruling.REJECT) is (self.why is None):
            raise MoveRefused("to reject a finding, say which of the reasons applies; otherwise give none")
        corrected = self.right_box is not None or self.right_class is not None
        if corrected is not (self.ruling is Ruling.CORRECT):
            raise MoveRefused("to correct a finding, give the right box or class; otherwise give none")
        if self.right_box is not None and not _has_area(self.right_box):
            raise MoveRefused("the right box has no area: give x1 y1 x2 y2 in pixels, x1 < x2 and y1 < y2")

    @property
    def reason(self) -> str:
        """Why, for the history of the case. `OTHER` explains nothing by itself."""
        return self.note.strip() or (self.why if self.why and self.why is not RejectReason.OTHER else "")

    def of(self, findings: Sequence[Finding], *, by: str, at: datetime) -> "tuple[Verdict, ...]":
        """The verdicts that it makes on the findings of a case; none where people reported it and no camera saw it.

        Raises:
            MoveRefused: the finding that is meant is none of them, or must be named.
        """
        meant = [finding for finding in findings if self.finding in (None, finding.key)]
        if not meant and self.finding is not None:
            raise MoveRefused(f"the case has no finding {self.finding}; look at it again")
        if self.ruling is Ruling.CORRECT and len(meant) != 1:
            raise MoveRefused(f"the case has {len(meant)} findings: name the one that is corrected")
        return tuple(Verdict(finding=finding.key, judgement=self, by=by, at=at) for finding in meant)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one person said of one finding. Never changed, never removed; a finding may have several.

    Attributes:
        finding: its key.
        judgement: what was said.
        by: who said it.
        at: aware UTC.
    """

    finding: str
    judgement: Judgement
    by: str
    at: datetime


def _has_area(box: Box) -> bool:
    x1, y1, x2, y2 = box
    return all(map(isfinite, box)) and 0 <= x1 < x2 and 0 <= y1 < y2
