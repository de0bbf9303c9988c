"""How to reach whoever reported: shown to those who judge and dispatch, with a reason, and every look is logged."""

from typing import Annotated

from fastapi import Form, Request, Response
from fastapi.responses import HTMLResponse

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import TheDoors
from api.moves import PlainText
from api.pages.cases import case_page
from api.pages.rendering import page
from api.routes.listing import CaseId
from cases.audit.entry import Deed

router = Router(include_in_schema=False)

Reason = Annotated[PlainText, Form(max_length=200)]


@router.post("/cases/{case_id}/contacts", response_class=HTMLResponse)
def contacts(
    request: Request,
    doors: TheDoors,
    who: Annotated[Caller, needs(Right.JUDGE, Right.DISPATCH)],
    case_id: CaseId,
    reason: Reason = "",
) -> Response:
    """Names and telephone numbers of the reporters of one case. The look is logged in the same transaction."""
    case = doors.seen_by(who).dossier(case_id).case
    if not reason:
        return case_page(request, doors, who, case_id, status=422, trouble="no_reason")
    with doors.store.transaction() as book:
        found = book.contacts_of(case_id)
        book.record(Deed(actor=who.label, what="contact.viewed", object=case_id, payload={"why": reason}))
    return page(request, "contacts.html", case=case, found=found)
