"""Findings: all of them as a table with pictures, and one with its evidence."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from api.doors import TheDoors
from api.pages.choices import AnyKind, PageNumber, chosen
from api.pages.rendering import page
from api.pages.verification import verify_finding
from api.routes.listing import Name

router = APIRouter(include_in_schema=False)

A_PAGE = 25


@router.get("/findings", response_class=HTMLResponse)
def findings(
    request: Request, doors: TheDoors, kind: AnyKind = "", camera: Name = "", number: PageNumber = 1
) -> HTMLResponse:
    """A table, newest first."""
    found = doors.store.findings(kind=chosen(kind), camera=camera or None, limit=A_PAGE, offset=(number - 1) * A_PAGE)
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
def finding(request: Request, doors: TheDoors, key: Annotated[str, Path(max_length=256)]) -> HTMLResponse:
    """One finding; its evidence is verified while the page is made."""
    filed = doors.store.finding(key)
    if filed is None:
        raise HTTPException(404, "there is no such finding; look it up in the list of findings")
    return page(
        request,
        "finding.html",
        filed=filed,
        finding=filed.finding,
        case=doors.store.dossier(filed.case_id).case,
        verification=verify_finding(filed.finding, doors.evidence),
    )
