"""Findings as programs read them."""

from typing import Annotated

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import TheDoors
from api.problems import problems
from api.routes.listing import Limit, Name, Offset
from api.routes.records import FiledFindingRecord, PageRecord
from inference.findings import ViolationKind

router = Router(prefix="/v1", tags=["findings"])


@router.get("/findings", summary="List findings, newest first", responses=problems(401, 403, 422, 503))
def findings(
    doors: TheDoors,
    who: Annotated[Caller, needs(Right.SEE_CASES)],
    kind: ViolationKind | None = None,
    camera: Name | None = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> PageRecord[FiledFindingRecord]:
    """Findings with their evidence and the case that each belongs to."""
    page = doors.seen_by(who).findings(kind=kind, camera=camera, limit=limit, offset=offset)
    items = tuple(FiledFindingRecord.of(filed) for filed in page.items)
    return PageRecord[FiledFindingRecord](items=items, total=page.total, limit=limit, offset=offset)
