"""An announcement (公告): what an area's residents should know, from one moment to another."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cases.errors import MoveRefused

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """One announcement.

    Attributes:
        id: random.
        area: code of the area whose residents see it, those of all areas inside it included.
        title: one line.
        text: all of it.
        shown_from: aware UTC.
        shown_until: aware UTC, first instant at which it is no longer shown.
        written_by: for people inside.
        written_at: aware UTC.
        withdrawn_by: who took it back early; None while nobody has.
        withdrawn_at: aware UTC.

    Raises:
        MoveRefused: it says nothing, or is never shown, or for longer than a year.
    """

    id: str
    area: str
    title: str
    text: str
    shown_from: datetime
    shown_until: datetime
    written_by: str
    written_at: datetime
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None

    def __post_init__(self) -> None:
        if not self.title.strip() or not self.text.strip():
            raise MoveRefused("write a title and a text")
        if not self.shown_from < self.shown_until <= self.shown_from + LONGEST:
            raise MoveRefused("let the announcement end after it begins, and within a year")

    @property
    def last_instant(self) -> datetime:
        """The last second at which it is shown, for people: the end of a day, not the beginning of the next."""
        return self.shown_until - timedelta(seconds=1)

    def is_shown(self, at: datetime) -> bool:
        """Whether residents of its area see it."""
        return self.withdrawn_at is None and self.shown_from <= at < self.shown_until

    def taken_back(self, *, by: str, at: datetime) -> "Announcement":
        """The announcement, which nobody sees any more."""
        return replace(self, withdrawn_by=by, withdrawn_at=at)
