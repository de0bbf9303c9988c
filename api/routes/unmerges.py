"""Taking a wrong merge apart."""

from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import TheDoors
from api.moves import Reason, Version
from api.problems import problems
from api.routes.listing import CaseId
from api.routes.records import CaseRecord
from cases.unmerging import Unmerging

router = Router(prefix="/v1", tags=["cases"])


class UnmergeRequest(BaseModel):
    """Why it is another matter, and which version of the case you saw."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    version: Version
    reason: Reason


@router.post(
    "/cases/{case_id}/unmerge/{key}",
    status_code=201,
    summary="Give a finding or report a case of its own",
    responses=problems(400, 401, 403, 404, 409, 413, 422, 503),
)
def unmerge(
    doors: TheDoors,
    who: Annotated[Caller, needs(Right.JUDGE)],
    case_id: CaseId,
    key: Annotated[str, Path(pattern=r"^[!-~]{1,128}$", description="of the finding or report", examples=["9f" * 16])],
    body: UnmergeRequest,
) -> CaseRecord:
    """The new case. Nothing is deleted: both histories name the other case."""
    case = doors.seen_by(who).dossier(case_id).case
    desk = Unmerging(doors.store, doors.order, clock=doors.clock, new_id=doors.new_id)
    new = desk.separate(case.id, key, version=body.version, by=who.label, reason=body.reason)
    return CaseRecord.model_validate(new)
