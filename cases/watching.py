"""Watching (关注): somebody, such as a leader, is told of every step of a case as it is made (全程跟踪)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from cases.case import Case
from cases.dossier import Change
from cases.escalation import Audience, Notice


class WatchBook(Protocol):
    """What watching needs of a transaction."""

    def watch(self, case_id: str, person: str, *, by: str, at: datetime) -> bool:
        """Begin to watch; False where they watch already."""
        ...

    def unwatch(self, case_id: str, person: str, *, by: str) -> bool:
        """Watch no more; False where they did not."""
        ...


def told_to_watchers(change: Change, case: Case, watchers: Sequence[str]) -> tuple[Notice, ...]:
    """A notice for every watcher of every line that a change adds to the history.

    Args:
        change: as it was asked for.
        case: the case as it was written, with its version.
        watchers: identifiers of those who watch it.
    """
    return tuple(
        Notice(
            id=f"{case.id}/{case.version}/{place}/{entry.act}/watcher/{person}",
            case_id=case.id,
            audience=Audience.WATCHER,
            name=person,
            about=entry.act.value,
            at=entry.at,
        )
        for place, entry in enumerate(change.entries)
        for person in watchers
    )
