"""The audit log: what was done, by whom, to what; above all who looked at which original."""

from typing import Annotated

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.access import Router
from api.doors import TheDoors
from api.pages.rendering import page
from api.routes.audit import Before, SeesAudit, entries_about
from api.routes.listing import Name
from cases.errors import CaseNotFound

router = Router(include_in_schema=False)

A_PAGE = 50
WHATS = ("evidence.viewed", "camera.viewed", "case.", "verdict.", "filing.", "account.", "key.", "camera.drawn")
WHATS_LATER = ("model.changed", "evidence.purged", "track.purged", "contact.purged", "service.purged", "case.exported")


@router.get("/audit", response_class=HTMLResponse)
def audit(
    request: Request,
    doors: TheDoors,
    who: SeesAudit,
    what: Name = "",
    actor: Name = "",
    case: Name = "",
    before: Annotated[Before, None] = None,
) -> HTMLResponse:
    """The newest entries, or those that were asked for."""
    trouble = ""
    try:
        found = entries_about(doors, who, what=what, actor=actor, case=case.strip(), before=before, limit=A_PAGE)
    except CaseNotFound as error:
        found, trouble = (), str(error)
    return page(
        request,
        "audit.html",
        found=found,
        what=what,
        actor=actor,
        case_named=case,
        whats=(*WHATS, *WHATS_LATER),
        trouble=trouble,
        older=found[-1].sequence if len(found) == A_PAGE else None,
    )
