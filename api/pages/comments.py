"""Comments of observers, from the page of the case."""

from typing import Annotated

from fastapi import Form, Request, Response
from fastapi.responses import HTMLResponse

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import TheDoors
from api.moves import PlainText
from api.pages.cases import led_on
from api.routes.listing import CaseId
from cases.participation.commenting import comment as write_down

router = Router(include_in_schema=False)


@router.post("/cases/{case_id}/comments", response_class=HTMLResponse)
def comment(
    request: Request,
    doors: TheDoors,
    who: Annotated[Caller, needs(Right.COMMENT)],
    case_id: CaseId,
    text: Annotated[PlainText, Form(max_length=2000)],
) -> Response:
    """Say something about a case."""
    doors.seen_by(who).dossier(case_id)
    return led_on(
        request,
        doors,
        who,
        case_id,
        lambda: write_down(doors.store, case_id, by=who.label, text=text, clock=doors.clock)[0],
    )
