"""Patrols on the map: where vehicles are, which streets were seen on a day, and a pass played again."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

from fastapi import Path, Query, Request
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.city.part import Day
from api.doors import Doors, TheDoors
from api.pages.rendering import page, words_for
from api.routes.patrol_map import day_of, visible_vehicles
from cases.patrolling.coverage import coverage_of
from cases.patrolling.passes import Pass
from inference.findings import ViolationKind

router = Router(include_in_schema=False)

SeesPatrols = Annotated[Caller, needs(Right.SEE_CAMERAS)]
PassId = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,100}$")]
MOST_PASSES = 200


@router.get("/patrols", response_class=HTMLResponse)
def patrols(
    request: Request, doors: TheDoors, who: SeesPatrols, day: Annotated[Day | None, Query()] = None
) -> HTMLResponse:
    """Vehicles, the coverage of a day by cell, its passes, and who is on duty."""
    chosen, today = day_of(doors, day), day_of(doors, None)
    now = doors.clock()
    covered = coverage_of(doors.city.roads, doors.store.patrols.seen_on(chosen))
    vehicles = visible_vehicles(doors, who)
    return page(
        request,
        "patrols.html",
        day=chosen,
        today=today,
        covered=covered,
        cells=sorted(covered.cells.values(), key=lambda cell: (cell.share, cell.cell)),
        passes=passes_of(doors, vehicles, chosen),
        vehicles={vehicle: doors.store.patrols.latest(vehicle) for vehicle in vehicles},
        crews=[crew for crew in doors.city.roster.on_duty(now) if crew.vehicle in vehicles],
        has_roads=bool(doors.city.roads.stretches),
    )


@router.get("/patrols/passes/{pass_id}", response_class=HTMLResponse)
def replay(request: Request, doors: TheDoors, who: SeesPatrols, pass_id: PassId) -> HTMLResponse:
    """One pass on the map, with a slider through its time and what it found."""
    t = words_for(request)
    kinds = {kind.value: t(f"kind.{kind.value}") for kind in ViolationKind}
    return page(request, "patrol_pass.html", one=visible_pass(doors, who, pass_id), kinds=kinds)


def visible_pass(doors: Doors, who: Caller, pass_id: str) -> Pass:
    """A pass of a vehicle that somebody may see.

    Raises:
        HTTPException: 404 where there is none.
    """
    known = doors.store.patrols.one(pass_id)
    if known is None or known[0].vehicle not in visible_vehicles(doors, who):
        raise HTTPException(404, "there is no pass of this name; look it up on the page of patrols")
    return known[0]


def passes_of(doors: Doors, vehicles: tuple[str, ...], day: date) -> tuple[Pass, ...]:
    """The passes that began on a day of the city's calendar, the last first."""
    begin = datetime.combine(day, time(0), tzinfo=doors.city.calendar.zone)
    found = doors.store.patrols.passes(since=_utc(begin), until=_utc(begin + timedelta(days=1)), limit=MOST_PASSES)
    return tuple(one for one in found if one.vehicle in vehicles)


def _utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC)
