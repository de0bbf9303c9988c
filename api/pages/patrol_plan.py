"""The plan of patrols: the next tour of each vehicle on the map, with its GPX file."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import Doors, TheDoors
from api.pages.rendering import page
from api.patrols.planning import PlanAsked, planned
from api.routes.patrol_map import visible_vehicles
from cases.errors import PlanRefused
from cases.patrolling.gpx import gpx_of
from cases.patrolling.tours import Tour

router = Router(include_in_schema=False)

Plans = Annotated[Caller, needs(Right.COMMAND)]
At = Annotated[datetime | None, Query(description="local time of the city where it has no zone")]
ITERATIONS = 600
"""Of the solver, for somebody who waits for a page: within a per cent of the command's answer on a district."""


@router.get("/patrols/plan", response_class=HTMLResponse)
def plan(request: Request, doors: TheDoors, who: Plans, at: At = None) -> HTMLResponse:
    """The tours that begin at a time."""
    begins, refused, made = _begins(doors, at), "", ()
    try:
        made = _tours(doors, who, begins, None)
    except PlanRefused as error:
        refused = str(error)
    local = begins.astimezone(doors.city.calendar.zone)
    lines = [[[round(p.lat, 6), round(p.lon, 6)] for p in tour.line] for tour in made]
    crews = {crew.vehicle: crew for crew in doors.city.roster.on_duty(begins)}
    return page(request, "patrol_plan.html", at=local, made=made, lines=lines, refused=refused, crews=crews)


@router.get("/patrols/plan/{vehicle}.gpx")
def gpx(doors: TheDoors, who: Plans, vehicle: str, at: At = None) -> Response:
    """The tour of one vehicle as a file for its navigation device."""
    made = _tours(doors, who, _begins(doors, at), vehicle)
    file = gpx_of(made[0], vehicle)
    return Response(
        file, media_type="application/gpx+xml", headers={"Content-Disposition": f'attachment; filename="{vehicle}.gpx"'}
    )


def _tours(doors: Doors, who: Caller, begins: datetime, vehicle: str | None) -> tuple[Tour, ...]:
    """Tours of the vehicles that somebody may see, planned together, so that a file is what the page shows."""
    seen = visible_vehicles(doors, who)
    if vehicle is not None and vehicle not in seen:
        raise HTTPException(404, "there is no vehicle of this name in your areas; look it up on the page of patrols")
    made = planned(doors.city, doors.store, PlanAsked(at=begins, iterations=ITERATIONS))
    shown = tuple(tour for tour in made if tour.vehicle.id in seen)
    if vehicle is None:
        return shown
    mine = tuple(tour for tour in shown if tour.vehicle.id == vehicle)
    if not mine:
        raise PlanRefused("this vehicle has no crew on duty then; choose another hour or change patrol.crews")
    return mine


def _begins(doors: Doors, at: datetime | None) -> datetime:
    if at is None:
        return doors.clock()
    if not 1970 < at.year < 9999:
        raise HTTPException(422, "choose a time of our years")
    return (at if at.tzinfo else at.replace(tzinfo=doors.city.calendar.zone)).astimezone(UTC)
