"""The exact truth beside a clip: what is where, since when it stands still, which finding is due when."""

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from shapely.geometry import Point, Polygon

from inference.zones.zone import ZoneKind
from training.render.camera import Camera
from training.render.cast import Player
from training.render.errors import ScenarioError
from training.render.geometry import Points, apply
from training.render.scenario import Scenario, StreetPlan, ZoneSpec
from training.render.street import PAVEMENT
from training.render.whereabouts import Whereabouts

_PERMITS = {ZoneKind.PERMITTED_BAY, ZoneKind.PERMITTED_MARKET, ZoneKind.COLLECTION_POINT}
_STEP = 0.5  # seconds
Sight = Callable[[str, Points], float]  # (actor, its points in the street) → share of it that the camera sees


class Groups:
    """Actors by their name in the truth: a stall is cart, table, goods and parasol."""

    def __init__(self, players: Sequence[Player]) -> None:
        self._members: dict[str, list[Player]] = defaultdict(list)
        for player in players:
            if player.detector_class() is not None:
                self._members[player.name].append(player)

    def names(self) -> list[str]:
        """All objects, in the order of the scenario."""
        return list(self._members)

    def present(self, name: str, at: float) -> list[Player]:
        """The parts of an object that are in the street."""
        return [p for p in self._members[name] if p.present(at)]

    def class_of(self, name: str) -> str:
        """The detector's class."""
        return self._members[name][0].detector_class() or ""

    def still_since(self, name: str, at: float) -> float | None:
        """Since when the object stands: since its first part stood. None while any part moves or none is there."""
        times = [p.track.still_since(at) for p in self.present(name, at)]
        known = [t for t in times if t is not None]
        return min(known) if known and len(known) == len(times) else None

    def ground(self, name: str, at: float) -> tuple[float, float] | None:
        """Where its first part stands, metres."""
        parts = self.present(name, at)
        return (parts[0].track.pose(at).x, parts[0].track.pose(at).y) if parts else None


def due(scenario: Scenario, groups: Groups) -> list[dict[str, Any]]:
    """The findings that must come, with the second since when and the second from which on.

    Raises:
        ScenarioError: an expected object does not stand in its zone for the dwell before the clip ends.
    """
    zones = {z.id: z for z in scenario.zones}
    rows: list[dict[str, Any]] = []
    for expected in scenario.expected:
        zone = zones[expected.zone]
        since = counts_since(scenario, groups, expected.object, zone)
        if since is None or zone.dwell is None:
            raise ScenarioError(
                f"'{expected.object}' does not stand in '{zone.id}' long enough: correct its path or the dwell."
            )
        row = {"kind": str(expected.kind), "object": expected.object, "zone": zone.id}
        rows.append(row | {"since": round(since, 2), "due": round(since + zone.dwell, 2)})
    return rows


def counts_since(scenario: Scenario, groups: Groups, name: str, zone: ZoneSpec) -> float | None:
    """Since which second an object counts that stands in a zone, in its hours and under no permit, for its dwell.

    None where it never does so before the clip ends.
    """
    permits = [z for z in scenario.zones if z.kind in _PERMITS]
    free_from = 0.0  # nobody has seen what stood there before the clip began
    for step in range(int(scenario.seconds / _STEP)):
        at = step * _STEP
        still, ground, now = (
            groups.still_since(name, at),
            groups.ground(name, at),
            scenario.start + timedelta(seconds=at),
        )
        if still is None or ground is None:
            continue
        if not _in_force(zone, ground, now) or any(_in_force(permit, ground, now) for permit in permits):
            free_from = at + _STEP
        elif zone.dwell is not None and at - max(still, free_from) >= zone.dwell:
            return max(still, free_from)
    return None


def _in_force(zone: ZoneSpec, ground: tuple[float, float], at: datetime) -> bool:
    return bool(Polygon(zone.polygon).covers(Point(ground))) and zone.schedule().stretch(at).in_force


def objects_at(
    scenario: StreetPlan,
    groups: Groups,
    camera: Camera,
    at: float,
    sight: Sight,
    whereabouts: Whereabouts | None = None,
) -> list[dict[str, Any]]:
    """What the picture at a time shows: boxes in pixels, clipped to the picture; hidden parts belong to the box."""
    rows: list[dict[str, Any]] = []
    for name in groups.names():
        parts = groups.present(name, at)
        ground = groups.ground(name, at)
        if not parts or ground is None:
            continue
        shapes = [(p, apply(p.matrix(at), p.points(p.variant(at)))) for p in parts]
        box = camera.box(np.concatenate([points for _, points in shapes]))
        inside = camera.clipped(box) if box else None
        if inside is None:
            continue
        seen = [(sight(p.actor.id, points), len(points)) for p, points in shapes]
        since = groups.still_since(name, at)
        rows.append({
            "id": name,
            "box": [round(v, 1) for v in inside],
            "visible": round(sum(s * n for s, n in seen) / sum(n for _, n in seen), 2),
            "ground": [round(v, 2) for v in ground],
            "zones": [z.id for z in scenario.zones if Polygon(z.polygon).covers(Point(ground))],
            **_on_the_map(whereabouts, ground),
            "still_since": None if since is None else round(since, 2),
        })  # fmt: skip
    return rows


def _on_the_map(whereabouts: Whereabouts | None, ground: tuple[float, float]) -> dict[str, list[float]]:
    """WGS84 of a point in the street, where the scenario says where the street is."""
    if whereabouts is None:
        return {}
    place = whereabouts.at(*ground)
    return {"lat_lon": [round(place.lat, 7), round(place.lon, 7)]}


def header(scenario: Scenario, groups: Groups, camera: Camera) -> dict[str, Any]:
    """Everything that does not change from picture to picture. Zones are in fractions of the picture."""
    zones = [
        {
            "id": z.id,
            "kind": z.kind,
            "dwell_seconds": z.dwell,
            **({"hours": list(z.hours)} if z.hours else {}),
            **({"queue": True} if z.queue else {}),
            "polygon": [list(p) for p in camera.polygon(z.polygon, PAVEMENT if z.raised else 0.0)],
            "ground": [list(p) for p in z.polygon],
        }
        for z in scenario.zones
    ]
    return {
        "clip": f"{scenario.name}.mp4",
        "about": scenario.about,
        "start": scenario.start.isoformat(),
        "seconds": scenario.seconds,
        "fps": scenario.fps,
        "size": [camera.width, camera.height],
        "zones": zones,
        "findings": due(scenario, groups),
        "classes": {name: groups.class_of(name) for name in groups.names()},
    }


def write(path: Path, head: dict[str, Any], frames: Sequence[dict[str, Any]]) -> None:
    """Write the truth as JSON: one key of the head to a line, then one picture to a line."""
    lines = [f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in head.items()]
    rows = ",\n  ".join(json.dumps(frame, ensure_ascii=False) for frame in frames)
    lines.append(f'"frames": [\n  {rows}\n ]')
    path.write_text("{\n " + ",\n ".join(lines) + "\n}\n", encoding="utf-8")
