"""Verification (核实): somebody of the grid goes and looks whether what people report is there, before it is filed."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from cases.errors import MoveRefused
from inference.geo import LatLon


class VerificationResult(StrEnum):
    """What was found on the spot."""

    EXIST = "exist"
    NOT_EXIST = "not_exist"
    UNABLE = "unable"
    """Nobody could get there, or the place was not found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """One task.

    Attributes:
        id: random.
        case_id: the case that waits for it.
        assignee: who is asked: the nearest of the grid staff; None where the city knows nobody, so anybody may answer.
        rank: of the source, 0 is most urgent; tasks are shown in this order, then by their due time.
        place: WGS84, where to look; None where only the address is known.
        address: where to look, in words.
        created_at: aware UTC.
        due_at: aware UTC.
        result: what was found; None while nobody has answered.
        answered_by: who answered.
        answered_at: aware UTC.
        note: in their words.
    """

    id: str
    case_id: str
    assignee: str | None
    rank: int
    place: LatLon | None
    address: str
    created_at: datetime
    due_at: datetime
    result: VerificationResult | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None
    note: str = ""

    def answered(self, result: VerificationResult, *, by: str, at: datetime, note: str) -> "Verification":
        """The task, done.

        Raises:
            MoveRefused: it was answered before, somebody else was asked, or a result that needs words has none.
        """
        if self.result is not None:
            raise MoveRefused(f"this verification was answered by {self.answered_by} already; look at the case")
        if result is not VerificationResult.EXIST and not note.strip():
            raise MoveRefused("say what you found on the spot, or why you could not look")
        return replace(self, result=result, answered_by=by, answered_at=at, note=note.strip())
