"""What lies under and beside the cases on a map, as GeoJSON (RFC 7946): areas, cameras and patrol vehicles."""

from typing import Annotated, Any

import shapely
from fastapi import Response
from pydantic import BaseModel, ConfigDict

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import Doors, TheDoors
from api.problems import problems
from api.routes.map import GEOJSON
from api.routes.patrol_map import visible_vehicles
from cases.patrolling.passes import Pass

router = Router(prefix="/v1", tags=["map"])

Geometry = dict[str, Any]
"""As RFC 7946 writes one."""


class LayerFeature(BaseModel):
    """One thing on the map."""

    model_config = ConfigDict(frozen=True)

    type: str = "Feature"
    id: str
    geometry: Geometry
    properties: dict[str, str | bool | None]


class Layer(BaseModel):
    """All things of one kind."""

    model_config = ConfigDict(frozen=True)

    type: str = "FeatureCollection"
    features: tuple[LayerFeature, ...]


def _layer_answers() -> dict[int | str, dict[str, Any]]:
    return {200: {"model": Layer, "content": {GEOJSON: {}}}, **problems(401, 403, 503)}


@router.get("/areas.geojson", summary="Areas on a map", response_class=Response, responses=_layer_answers())
def areas(doors: TheDoors, _: Annotated[Caller, needs(Right.SEE_CASES)]) -> Response:
    """District, streets, communities and grid cells that the city has drawn, the largest first."""
    drawn = [(area, area.shape) for area in doors.order.grid.areas.values() if area.shape is not None]
    english = {code: name.en for code, name in doors.city.areas.items()}
    features = tuple(
        LayerFeature(
            id=area.code,
            geometry=shapely.geometry.mapping(shape),
            properties={
                "name": area.name,
                "name_en": english.get(area.code),
                "level": area.level.value,
                "parent": area.parent,
            },
        )
        for area, shape in sorted(drawn, key=lambda one: (-one[1].area, one[0].code))
    )
    return _layer(features)


@router.get("/cameras.geojson", summary="Cameras on a map", response_class=Response, responses=_layer_answers())
def cameras(doors: TheDoors, who: Annotated[Caller, needs(Right.SEE_CAMERAS)]) -> Response:
    """Cameras that stand somewhere, and lie within your areas."""
    return _layer(tuple(_camera_features(doors, who)))


def _camera_features(doors: Doors, who: Caller) -> list[LayerFeature]:
    found: list[LayerFeature] = []
    for part in doors.cameras_seen_by(who):
        if part.position is None:
            continue
        memory = doors.store.camera_memory(part.id)
        found.append(
            LayerFeature(
                id=part.id,
                geometry={"type": "Point", "coordinates": (part.position.lon, part.position.lat)},
                properties={
                    "name": part.name.zh,
                    "name_en": part.name.en,
                    "last_picture": memory.captured_at.isoformat() if memory else None,
                },
            )
        )
    return found


@router.get(
    "/patrols/vehicles.geojson", summary="Vehicles on a map", response_class=Response, responses=_layer_answers()
)
def vehicles(doors: TheDoors, who: Annotated[Caller, needs(Right.SEE_CAMERAS)]) -> Response:
    """Patrol vehicles in your areas that ever sent a picture, where they were last; `live` while a pass goes on."""
    last = [doors.store.patrols.latest(vehicle) for vehicle in visible_vehicles(doors, who)]
    found = [vehicle_feature(doors, one) for one in last if one is not None]
    return _layer(tuple(feature for feature in found if feature is not None))


def vehicle_feature(doors: Doors, one: Pass) -> LayerFeature | None:
    """Where the vehicle of a pass is; None where it has no place yet."""
    if one.place is None:
        return None
    name = next(part.name for part in doors.city.file.cameras if part.id == one.vehicle)
    return LayerFeature(
        id=one.vehicle,
        geometry={"type": "Point", "coordinates": (one.place.lon, one.place.lat)},
        properties={
            "name": name.zh,
            "name_en": name.en,
            "at": one.last_at.isoformat(),
            "live": not one.is_over(doors.clock()),
        },
    )


def _layer(features: tuple[LayerFeature, ...]) -> Response:
    return Response(Layer(features=features).model_dump_json(), media_type=GEOJSON)
