"""Watching cases (关注): who watches one is told of every step."""

from typing import Annotated

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import TheDoors
from api.problems import problems
from api.routes.listing import CaseId, Limit, Offset
from api.routes.records import CaseRecord, PageRecord

router = Router(prefix="/v1", tags=["cases"])

SeesCases = Annotated[Caller, needs(Right.SEE_CASES)]


@router.get("/watched", summary="List the cases that you watch", responses=problems(401, 403, 422, 503))
def watched(doors: TheDoors, who: SeesCases, limit: Limit = 50, offset: Offset = 0) -> PageRecord[CaseRecord]:
    """Those that you began to watch last before all others."""
    found = doors.seen_by(who).watched(who.id, limit=limit, offset=offset)
    items = tuple(CaseRecord.model_validate(case) for case in found.items)
    return PageRecord[CaseRecord](items=items, total=found.total, limit=limit, offset=offset)


@router.put("/cases/{case_id}/watch", status_code=204, summary="Watch a case", responses=problems(401, 403, 404, 503))
def watch(doors: TheDoors, who: SeesCases, case_id: CaseId) -> None:
    """From now on every step of it gives you a notice. Doing so again changes nothing."""
    doors.seen_by(who).dossier(case_id)  # what is beyond their reach does not exist for them
    with doors.store.transaction() as book:
        book.watch(case_id, who.id, by=who.label, at=doors.clock())


@router.delete(
    "/cases/{case_id}/watch", status_code=204, summary="Watch a case no more", responses=problems(401, 403, 404, 503)
)
def unwatch(doors: TheDoors, who: SeesCases, case_id: CaseId) -> None:
    """No more notices. Doing so again changes nothing."""
    doors.seen_by(who).dossier(case_id)
    with doors.store.transaction() as book:
        book.unwatch(case_id, who.id, by=who.label)
