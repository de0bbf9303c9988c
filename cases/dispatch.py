"""A delivery that has arrived dispatches its case (派遣)."""

from datetime import datetime

from cases.dossier import Change
from cases.filing import Filing, Matter
from cases.moving import move
from cases.ports import CaseBook
from cases.states import Act, CaseState


def dispatch(book: CaseBook, filing: Filing, *, by: str, at: datetime) -> None:
    """Move the case that a delivery has brought on, unless somebody has moved it already."""
    case = book.dossier(filing.case_id).case
    if filing.matter is Matter.CASE and case.state is CaseState.FILED:
        reason = f"delivered to {filing.department} by {filing.channel}"
        moved, entry = move(case, Act.DISPATCH, by=by, at=at, reason=reason)
        book.write(Change(case=moved, entries=(entry,)))
