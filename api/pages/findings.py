"""Findings: all of them as a table with pictures, and one with its evidence."""

from datetime import datetime
from typing import Annotated

from fastapi import Path, Request
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import Doors, TheDoors
from api.pages.choices import AnyKind, PageNumber, chosen
from api.pages.rendering import page
from api.pages.verification import verify_finding
from api.routes.listing import Name
from inference.findings import Finding

router = Router(include_in_schema=False)

SeesCases = Annotated[Caller, needs(Right.SEE_CASES)]
A_PAGE = 25


@router.get("/findings", response_class=HTMLResponse)
def findings(
    request: Request, doors: TheDoors, who: SeesCases, kind: AnyKind = "", camera: Name = "", number: PageNumber = 1
) -> HTMLResponse:
    """A table, newest first."""
    seen, offset = doors.seen_by(who), (number - 1) * A_PAGE
    found = seen.findings(kind=chosen(kind), camera=camera or None, limit=A_PAGE, offset=offset)
    return page(
        request,
        "findings.html",
        found=found,
        kind_chosen=kind,
        camera=camera,
        number=number,
        pages=-(-found.total // A_PAGE),
    )


@router.get("/findings/{key}", response_class=HTMLResponse)
def finding(
    request: Request, doors: TheDoors, who: SeesCases, key: Annotated[str, Path(max_length=256)]
) -> HTMLResponse:
    """One finding; its evidence is verified while the page is made."""
    seen, whole = doors.seen_by(who), doors.store.finding(key)
    filed = seen.finding(key)
    if filed is None or whole is None:
        raise HTTPException(404, "there is no such finding; look it up in the list of findings")
    return page(
        request,
        "finding.html",
        filed=filed,
        finding=filed.finding,
        case=seen.dossier(filed.case_id).case,
        verification=verify_finding(whole.finding, doors.evidence),
        purged_at=_purged_at(doors, whole.finding),
    )


def _purged_at(doors: Doors, finding: Finding) -> datetime | None:
    """When its evidence was deleted because its time was over; None where it was not."""
    found = [doors.store.purging.when_purged(ref.sha256) for ref in finding.evidence]
    return max((at for at in found if at is not None), default=None)
