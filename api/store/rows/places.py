"""Places in rows."""

from collections.abc import Mapping
from typing import Any

from inference.geo import LatLon

Row = Mapping[Any, Any]


def place_columns(place: LatLon | None) -> dict[str, float | None]:
    """The two columns of a place."""
    return {"lat": place.lat if place else None, "lon": place.lon if place else None}


def place_from(row: Row) -> LatLon | None:
    """A place from its two columns."""
    return None if row["lat"] is None else LatLon(lat=row["lat"], lon=row["lon"])
