"""The list of cases as a file for people: in the words of their language, with the city's own times."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from fastapi import Request, Response
from starlette.responses import StreamingResponse

from api.access import Router
from api.case_table import COLUMNS, Filter, Value, every_case
from api.doors import Doors, TheDoors
from api.pages.choices import AnyKind, AnyState, chosen
from api.pages.language import Words
from api.pages.names import Names
from api.pages.rendering import words_for
from api.routes.case_tables import CSV, XLSX, Exports, as_file, fits_a_sheet, log_export, sheet
from api.routes.listing import Name
from api.spreadsheets import Cell, csv_lines, workbook
from cases.case import Case

router = Router(include_in_schema=False)


@router.get("/cases.csv")
def as_csv(
    request: Request, doors: TheDoors, who: Exports, state: AnyState = "", kind: AnyKind = "", department: Name = ""
) -> Response:
    """What the list shows, on all its pages."""
    which = _filter(state, kind, department)
    log_export(doors, who, which, CSV)
    lines = csv_lines(_rows(doors, words_for(request), every_case(doors.seen_by(who), which)))
    return StreamingResponse(lines, media_type=f"{CSV}; charset=utf-8", headers=as_file("cases.csv"))


@router.get("/cases.xlsx")
def as_xlsx(
    request: Request, doors: TheDoors, who: Exports, state: AnyState = "", kind: AnyKind = "", department: Name = ""
) -> Response:
    """The same as a workbook."""
    which = _filter(state, kind, department)
    fits_a_sheet(doors, who, which)
    log_export(doors, who, which, XLSX)
    t = words_for(request)
    return sheet(workbook(_rows(doors, t, every_case(doors.seen_by(who), which)), t("nav.cases")), "cases.xlsx")


def _filter(state: AnyState, kind: AnyKind, department: str) -> Filter:
    return Filter(states=(state,) if state else (), kind=chosen(kind), department=department or None)


def _rows(doors: Doors, t: Words, cases: Iterator[Case]) -> Iterator[Sequence[Cell]]:
    names = Names(city=doors.city, order=doors.order, language=t.language)
    yield [t(f"column.{name}") for name in COLUMNS]
    for case in cases:
        yield [_in_words(name, of(case), t, names) for name, of in COLUMNS.items()]


def _in_words(name: str, value: Value, t: Words, names: Names) -> Cell:
    if value is None:
        return None
    if isinstance(value, datetime):
        return t.time(value)
    if name in ("state", "kind", "source"):
        return t(f"{name}.{value}")
    named = {"department": names.department, "area": names.area, "camera": names.camera}.get(name)
    return named(str(value)) if named else value
