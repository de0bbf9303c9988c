"""Cases as tables: CSV and XLSX, streamed, every export in the audit log."""

from typing import Annotated, Any

from fastapi import Query
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.case_table import Filter, every_case, rows
from api.doors import Doors, TheDoors
from api.problems import problems
from api.routes.listing import Name
from api.spreadsheets import MOST_ROWS, csv_lines, workbook
from cases.audit.entry import Deed
from cases.states import CaseState
from inference.findings import ViolationKind

router = Router(prefix="/v1", tags=["cases"])

Exports = Annotated[Caller, needs(Right.EXPORT)]
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PIECE = 256 * 1024
States = Annotated[tuple[CaseState, ...], Query(description="any of these; none: all")]


def _bytes(media_type: str) -> dict[int | str, dict[str, Any]]:
    content = {media_type: {"schema": {"type": "string", "format": "binary"}}}
    return {200: {"description": "The table", "content": content}}


@router.get(
    "/cases.csv",
    summary="All cases as CSV",
    response_class=Response,
    responses={**_bytes(CSV), **problems(401, 403, 422, 503)},
)
def as_csv(
    doors: TheDoors,
    who: Exports,
    state: States = (),
    kind: ViolationKind | None = None,
    department: Name | None = None,
) -> Response:
    """Every case that you see, newest first, streamed. UTF-8 with a byte order mark; times in UTC."""
    which = Filter(states=state, kind=kind, department=department)
    log_export(doors, who, which, CSV)
    lines = csv_lines(rows(every_case(doors.seen_by(who), which)))
    return StreamingResponse(lines, media_type=f"{CSV}; charset=utf-8", headers=as_file("cases.csv"))


@router.get(
    "/cases.xlsx",
    summary="All cases as a workbook",
    response_class=Response,
    responses={**_bytes(XLSX), **problems(401, 403, 422, 503)},
)
def as_xlsx(
    doors: TheDoors,
    who: Exports,
    state: States = (),
    kind: ViolationKind | None = None,
    department: Name | None = None,
) -> Response:
    """The same as an XLSX, at most 1,048,575 cases."""
    which = Filter(states=state, kind=kind, department=department)
    fits_a_sheet(doors, who, which)
    log_export(doors, who, which, XLSX)
    return sheet(workbook(rows(every_case(doors.seen_by(who), which)), "cases"), "cases.xlsx")


def fits_a_sheet(doors: Doors, who: Caller, which: Filter) -> None:
    """Raises 422 where there are more cases than a sheet has rows."""
    found = doors.seen_by(who).cases(states=which.states, kind=which.kind, department=which.department, limit=1).total
    if found > MOST_ROWS:
        raise HTTPException(422, f"{found} cases are more than a sheet holds; choose a state, or take CSV")


def log_export(doors: Doors, who: Caller, which: Filter, media_type: str) -> None:
    """Write down who takes out what, before the first byte leaves."""
    payload = {"as": media_type, **which.told()}
    doors.store.record(Deed(actor=who.label, what="cases.exported", object="cases", payload=payload))


def sheet(file: Any, name: str) -> Response:
    """The answer that hands out a workbook and then forgets it."""
    pieces = iter(lambda: file.read(PIECE), b"")
    return StreamingResponse(pieces, media_type=XLSX, headers=as_file(name), background=BackgroundTask(file.close))


def as_file(name: str) -> dict[str, str]:
    """Headers under which a browser keeps it as a file."""
    return {"Content-Disposition": f'attachment; filename="{name}"'}
