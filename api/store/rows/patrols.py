"""Rows of passes, of their tracks and of recordings."""

from dataclasses import fields
from typing import Any

from api.store.rows.places import Row, place_columns, place_from
from cases.patrolling.coverage import SeenPart
from cases.patrolling.passes import Pass, PassKind, TrackPoint
from cases.patrolling.recording import Announced, Recording, RecordingState
from inference.datum import Datum
from inference.geo import LatLon

_OF_A_PASS = [field.name for field in fields(Pass) if field.name not in ("kind", "place")]
_OF_A_POINT = [field.name for field in fields(TrackPoint) if field.name != "place"]
_OF_A_RECORDING = ("id", "vehicle", "name", "started_at", "created_at", "reason", "finished_at")
"""Columns that hold what the pass, point or recording holds under the same name."""


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


def recording_row(recording: Recording) -> dict[str, Any]:
    """The columns of a recording."""
    return {
        **{name: getattr(recording, name) for name in _OF_A_RECORDING},
        **_announced_columns("video", recording.video),
        **_announced_columns("track", recording.track),
        "coordinates": recording.coordinates.value,
        "state": recording.state.value,
    }


def recording_from(row: Row) -> Recording:
    """A recording from its row."""
    return Recording(
        **{name: row[name] for name in _OF_A_RECORDING},
        video=_announced_from("video", row),
        track=_announced_from("track", row) if row["track_bytes"] is not None else None,
        coordinates=Datum(row["coordinates"]),
        state=RecordingState(row["state"]),
    )


def _announced_columns(part: str, announced: Announced | None) -> dict[str, Any]:
    return {
        f"{part}_suffix": announced.suffix if announced else None,
        f"{part}_bytes": announced.size_bytes if announced else None,
        f"{part}_sha256": announced.sha256 if announced else None,
    }


def _announced_from(part: str, row: Row) -> Announced:
    return Announced(suffix=row[f"{part}_suffix"], size_bytes=row[f"{part}_bytes"], sha256=row[f"{part}_sha256"])
