"""Observers (deputies, resident units) say something about a case: it stands in its history, and moves nothing."""

from cases.case import Case
from cases.dossier import Change
from cases.errors import MoveRefused
from cases.history import Entry
from cases.ports import Clock, Store
from cases.states import Act


def comment(store: Store, case_id: str, *, by: str, text: str, clock: Clock) -> tuple[Case, Entry]:
    """Write a comment down. Nobody has to have seen the latest version: whatever happened meanwhile, it holds.

    Args:
        store: where cases are kept.
        case_id: about which case.
        by: who says it; shown to other observers as well.
        text: what they say.
        clock: now.

    Returns:
        The case, and the line that was written: what others have written meanwhile is not the observer's to see.

    Raises:
        CaseNotFound: there is no such case.
        MoveRefused: it says nothing.
    """
    if not text.strip():
        raise MoveRefused("say something, or leave it")
    with store.transaction() as book:
        case = book.dossier(case_id).case
        entry = Entry(at=clock(), actor=by, act=Act.COMMENT, before=case.state, after=case.state, reason=text.strip())
        return book.write(Change(case=case, entries=(entry,))), entry
