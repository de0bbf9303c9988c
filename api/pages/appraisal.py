"""Appraisal: the league table of a month, its trend, and the cases behind each figure."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.access import Router
from api.doors import Doors, TheDoors
from api.moves import Reason
from api.pages.rendering import page
from api.routes.appraisal import Appraises, Month, SeesAppraisal, members_seen_by
from api.routes.listing import Name
from cases.appraisal.desk import Table
from cases.appraisal.league import Unit
from cases.appraisal.period import PERIOD_MOVES, PeriodAct, months_before
from cases.errors import AppraisalError

router = Router(include_in_schema=False)

TREND_MONTHS = 6
MonthQuery = Annotated[str, Query(max_length=10)]


@router.get("/appraisal", response_class=HTMLResponse)
def appraisal(
    request: Request, doors: TheDoors, _: SeesAppraisal, month: MonthQuery = "", by: Unit = Unit.DEPARTMENT
) -> HTMLResponse:
    """The table of a month, the present one unless another is asked for."""
    return _table_page(request, doors, month or doors.appraisal.this_month(), by)


@router.get("/appraisal/{month}/cases", response_class=HTMLResponse)
def members(
    request: Request,
    doors: TheDoors,
    who: SeesAppraisal,
    month: Month,
    unit: Name,
    among: Name,
    by: Unit = Unit.DEPARTMENT,
) -> HTMLResponse:
    """The cases behind one figure."""
    found = members_seen_by(who, doors, month, by, unit, among)
    return page(request, "appraisal_cases.html", month=month, by=by, unit=unit, among=among, found=found)


@router.post("/appraisal/{month}/moves", response_class=HTMLResponse)
def move(
    request: Request,
    doors: TheDoors,
    who: Appraises,
    month: Month,
    act: Annotated[PeriodAct, Form()],
    reason: Annotated[Reason, Form()] = "",
) -> Response:
    """Publish a month, publish it again, or lock it."""
    try:
        doors.appraisal.move(month, act, by=who.label, reason=reason)
    except AppraisalError as refused:
        return _table_page(request, doors, month, Unit.DEPARTMENT, refused=str(refused))
    return RedirectResponse(f"/appraisal?month={month}", 303)


def _table_page(request: Request, doors: Doors, month: str, by: Unit, *, refused: str = "") -> HTMLResponse:
    desk = doors.appraisal
    table = desk.table(month, by)
    earlier = [desk.table(one, by) for one in months_before(month, TREND_MONTHS - 1)]
    return page(
        request,
        "appraisal.html",
        status=409 if refused else 200,
        table=table,
        by=by,
        units=tuple(Unit),
        indicators=tuple(table.scheme.points),
        months=(*(one.period.month for one in earlier), month),
        trends=_trends([*earlier, table]),
        moves=tuple(act for act, step in PERIOD_MOVES.items() if step.before is table.period.state),
        needs_reason={act: step.needs_reason for act, step in PERIOD_MOVES.items()},
        refused=refused,
    )


def _trends(tables: Sequence[Table]) -> dict[str, list[float | None]]:
    """Points of each unit of the last table, month by month."""
    by_month = [{one.unit: one.points for one in table.standings} for table in tables]
    return {one.unit: [points.get(one.unit) for points in by_month] for one in tables[-1].standings}
