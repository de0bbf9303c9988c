"""A consultation record (会商记录): who met about a case, and what they decided. Never changed, never removed."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Consultation:
    """One meeting.

    Attributes:
        id: random.
        held_at: aware UTC.
        participants: who took part: units, or people by their names.
        decision: what was decided.
        recorded_by: who wrote it down.
        recorded_at: aware UTC.
    """

    id: str
    held_at: datetime
    participants: tuple[str, ...]
    decision: str
    recorded_by: str
    recorded_at: datetime
