"""Everything counted."""

from fastapi import APIRouter

from api.doors import TheDoors
from api.problems import problems
from api.routes.records import SummaryRecord

router = APIRouter(prefix="/v1", tags=["cases"])


@router.get("/summary", summary="Count findings and cases", responses=problems(503))
def summary(doors: TheDoors) -> SummaryRecord:
    """Findings, cases, and cases by kind and state."""
    return SummaryRecord.model_validate(doors.store.summary())
