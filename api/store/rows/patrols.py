"""Rows of passes and of their tracks."""

from dataclasses import fields
from typing import Any

from api.store.rows.places import Row, place_columns, place_from
from cases.patrolling.coverage import SeenPart
from cases.patrolling.passes import Pass, PassKind, TrackPoint
from inference.geo import LatLon

_OF_A_PASS = [field.name for field in fields(Pass) if field.name not in ("kind", "place")]
_OF_A_POINT = [field.name for field in fields(TrackPoint) if field.name != "place"]
"""Columns that hold what the pass or point holds under the same name."""


def pass_row(one: Pass) -> dict[str, Any]:
    """The columns of a pass, without the worker's memory."""
    return {
        **{name: getattr(one, name) for name in _OF_A_PASS},
        **place_columns(one.place),
        "kind": one.kind.value,
    }


def pass_from(row: Row) -> Pass:
    """A pass from its row."""
    return Pass(
        **{name: row[name] for name in _OF_A_PASS},
        kind=PassKind(row["kind"]),
        place=place_from(row),
    )


def point_row(point: TrackPoint, pass_id: str) -> dict[str, Any]:
    """The columns of a point of a track."""
    named = {name: getattr(point, name) for name in _OF_A_POINT}
    return {**named, "pass_id": pass_id, "lat": point.place.lat, "lon": point.place.lon}


def point_from(row: Row) -> TrackPoint:
    """A point of a track from its row."""
    return TrackPoint(**{name: row[name] for name in _OF_A_POINT}, place=LatLon(lat=row["lat"], lon=row["lon"]))


def seen_part_from(row: Row) -> SeenPart:
    """What a pass has seen of a stretch, from its row."""
    return SeenPart(stretch=row["stretch"], mask=row["mask"], first_at=row["first_at"], last_at=row["last_at"])
