"""Everything counted."""

from typing import Annotated

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import TheDoors
from api.problems import problems
from api.routes.records import SummaryRecord

router = Router(prefix="/v1", tags=["cases"])


@router.get("/summary", summary="Count findings and cases", responses=problems(401, 403, 503))
def summary(doors: TheDoors, who: Annotated[Caller, needs(Right.SEE_CASES)]) -> SummaryRecord:
    """Findings, cases, and cases by kind and state."""
    return SummaryRecord.model_validate(doors.seen_by(who).summary())
