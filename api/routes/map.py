"""Cases on a map, as GeoJSON (RFC 7946)."""

from typing import Annotated, Literal

from fastapi import Query, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import TheDoors
from api.problems import problems
from api.routes.listing import Name
from cases.overview import PlacedCase
from cases.states import CaseState
from inference.findings import ViolationKind
from inference.geo import LatLon

router = Router(prefix="/v1", tags=["cases"])

GEOJSON = "application/geo+json"


class Point(BaseModel):
    """A place: longitude, then latitude, degrees WGS84."""

    model_config = ConfigDict(frozen=True)

    type: Literal["Point"] = "Point"
    coordinates: tuple[float, float]


class Feature(BaseModel):
    """One case."""

    model_config = ConfigDict(frozen=True)

    type: Literal["Feature"] = "Feature"
    id: str
    geometry: Point
    properties: dict[str, str | bool | None]


class FeatureCollection(BaseModel):
    """Cases, newest first. `numberMatched` counts all that lie there, `numberReturned` those that are given."""

    model_config = ConfigDict(frozen=True)

    type: Literal["FeatureCollection"] = "FeatureCollection"
    numberMatched: int
    numberReturned: int
    features: tuple[Feature, ...]


Box = Annotated[
    str | None,
    Query(
        max_length=200,
        description="west,south,east,north in degrees; without it everywhere",
        examples=["121.46,31.22,121.49,31.24"],
    ),
]


@router.get(
    "/cases.geojson",
    summary="Cases on a map",
    response_class=Response,
    responses={200: {"model": FeatureCollection, "content": {GEOJSON: {}}}, **problems(401, 403, 422, 503)},
)
def on_map(
    doors: TheDoors,
    who: Annotated[Caller, needs(Right.SEE_CASES)],
    bbox: Box = None,
    state: Annotated[tuple[CaseState, ...], Query(description="any of these; none: all")] = (),
    kind: ViolationKind | None = None,
    department: Name | None = None,
    limit: Annotated[int, Query(ge=1, le=5000, description="how many at most")] = 1000,
) -> Response:
    """Cases with a place, in a box of the map, of the given states, kind and department."""
    page = doors.seen_by(who).placed_cases(
        corners=_corners(bbox) if bbox else None, states=state, kind=kind, department=department, limit=limit
    )
    features = tuple(_feature(case) for case in page.items)
    answer = FeatureCollection(numberMatched=page.total, numberReturned=len(features), features=features)
    return Response(answer.model_dump_json(), media_type=GEOJSON)


def _corners(bbox: str) -> tuple[LatLon, LatLon]:
    try:
        west, south, east, north = (float(part) for part in bbox.split(","))
        low, high = LatLon(lat=south, lon=west), LatLon(lat=north, lon=east)
    except ValueError:
        raise _wrong("must be west,south,east,north in degrees, e.g. 121.46,31.22,121.49,31.24") from None
    if low.lat > high.lat or low.lon > high.lon:
        raise _wrong("must begin with its south-west corner: west,south,east,north")
    return low, high


def _feature(case: PlacedCase) -> Feature:
    times = {"opened_at": case.opened_at, "deadline_at": case.deadline_at}
    return Feature(
        id=case.id,
        geometry=Point(coordinates=(case.place.lon, case.place.lat)),
        properties={
            "number": case.number,
            "kind": case.kind,
            "state": case.state,
            "department": case.department,
            "overdue": case.overdue_at is not None,
            **{name: at.isoformat() if at else None for name, at in times.items()},
        },
    )


def _wrong(sentence: str) -> RequestValidationError:
    return RequestValidationError(
        [{"type": "value_error", "loc": ("query", "bbox"), "msg": sentence, "ctx": {"error": sentence}}]
    )
