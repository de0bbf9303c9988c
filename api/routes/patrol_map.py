"""What the maps of patrols show, as GeoJSON and JSON."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Path, Query, Response
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.city.part import Day
from api.doors import Doors, TheDoors
from api.problems import problems
from api.routes.records import Record
from cases.patrolling.coverage import SeenStretch
from cases.patrolling.roads import Stretch
from inference.findings import ViolationKind

router = Router(prefix="/v1", tags=["patrols"])

SeesPatrols = Annotated[Caller, needs(Right.SEE_CAMERAS)]
GEOJSON = "application/geo+json"
MOST_FINDINGS = 1000
"""Of one pass."""


class VehicleRecord(Record):
    """Where a vehicle was last; `live` while its pass goes on."""

    vehicle: str
    name: str
    name_en: str
    lat: float
    lon: float
    heading: float | None
    at: datetime
    live: bool
    pass_id: str


class PlaceRecord(Record):
    """A point of a track; `looked`: a picture was inspected here. `off_metres`: how far the place may be off."""

    at: datetime
    lat: float
    lon: float
    off_metres: float
    speed: float | None
    heading: float | None
    looked: bool


class FoundRecord(Record):
    """What a pass found, where."""

    key: str
    kind: ViolationKind
    case_id: str
    at: datetime
    lat: float
    lon: float
    off_metres: float | None


class TrackRecord(Record):
    """Part of a track; `after` asks for what follows where `more` is true."""

    points: tuple[PlaceRecord, ...]
    more: bool
    found: tuple[FoundRecord, ...]


def day_of(doors: Doors, day: date | None) -> date:
    """A day of the city's calendar; today where none is named."""
    return day or doors.clock().astimezone(doors.city.calendar.zone).date()


def visible_vehicles(doors: Doors, who: Caller) -> tuple[str, ...]:
    """The moving cameras that somebody may see: those in their areas."""
    areas = who.reach.areas
    return tuple(part.id for part in doors.city.file.cameras if part.moving and (areas is None or part.area in areas))


@router.get(
    "/patrols.geojson",
    summary="Coverage of a day",
    response_class=Response,
    responses={200: {"content": {GEOJSON: {"schema": {"type": "object"}}}}, **problems(401, 403, 422, 503)},
)
def coverage(doors: TheDoors, _: SeesPatrols, day: Annotated[Day | None, Query()] = None) -> Response:
    """Every stretch of road, with how many passes have seen it on a day of the city's calendar, and when last."""
    seen, last = doors.store.patrols.seen_on(day_of(doors, day)), doors.store.patrols.seen_last()
    features = [_feature(stretch, seen.get(stretch.id), last.get(stretch.id)) for stretch in doors.city.roads.stretches]
    return JSONResponse({"type": "FeatureCollection", "features": features}, media_type=GEOJSON)


@router.get("/patrols/vehicles", summary="Where vehicles are", responses=problems(401, 403, 503))
def vehicles(doors: TheDoors, who: SeesPatrols) -> list[VehicleRecord]:
    """The last place of every vehicle that ever sent a picture."""
    names = {part.id: part.name for part in doors.city.file.cameras}
    found = [doors.store.patrols.latest(vehicle) for vehicle in visible_vehicles(doors, who)]
    return [
        VehicleRecord(
            vehicle=one.vehicle,
            name=names[one.vehicle].zh,
            name_en=names[one.vehicle].en,
            lat=one.place.lat,
            lon=one.place.lon,
            heading=one.heading,
            at=one.last_at,
            live=not one.is_over(doors.clock()),
            pass_id=one.id,
        )
        for one in found
        if one is not None and one.place is not None
    ]


@router.get(
    "/patrols/passes/{pass_id}/track", summary="The track of a pass", responses=problems(401, 403, 404, 422, 503)
)
def track(
    doors: TheDoors,
    who: SeesPatrols,
    pass_id: Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,100}$", examples=["patrol-1-20260302T013000000000"])],
    after: Annotated[datetime | None, Query(description="with a zone")] = None,
    limit: Annotated[int, Query(ge=1, le=5000)] = 5000,
) -> TrackRecord:
    """Where it was, in order of time, and what it found on the whole way."""
    known = doors.store.patrols.one(pass_id)
    if known is None or known[0].vehicle not in visible_vehicles(doors, who):
        raise HTTPException(404, "there is no pass of this name; look it up on the page of patrols")
    if after is not None and after.utcoffset() is None:
        raise HTTPException(422, "`after` must have a zone, such as 2026-03-01T08:00:00Z")
    one = known[0]
    points = doors.store.patrols.track(pass_id, after=after, limit=limit)
    on_the_way = one.started_at, one.last_at
    findings = doors.seen_by(who).findings(camera=one.vehicle, seen=on_the_way, limit=MOST_FINDINGS).items
    return TrackRecord(
        points=tuple(
            PlaceRecord(
                at=p.at,
                lat=p.place.lat,
                lon=p.place.lon,
                off_metres=p.off_metres,
                speed=p.speed,
                heading=p.heading,
                looked=p.looked,
            )
            for p in points
        ),
        more=len(points) == limit,
        found=tuple(
            FoundRecord(
                key=filed.finding.key,
                kind=filed.finding.kind,
                case_id=filed.case_id,
                at=filed.finding.last_seen,
                lat=filed.finding.where.lat,
                lon=filed.finding.where.lon,
                off_metres=filed.finding.uncertainty,
            )
            for filed in findings
            if filed.finding.where is not None
        ),
    )


def _feature(stretch: Stretch, seen: SeenStretch | None, last: datetime | None) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": stretch.id,
        "geometry": {"type": "LineString", "coordinates": [[round(p.lon, 7), round(p.lat, 7)] for p in stretch.line]},
        "properties": {
            "cell": stretch.cell,
            "metres": round(stretch.metres, 1),
            "passes": seen.passes if seen else 0,
            "seen_at": seen.last_at.isoformat() if seen else None,
            "last_seen_at": last.isoformat() if last else None,
        },
    }
