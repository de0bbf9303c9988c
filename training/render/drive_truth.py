"""The exact truth of a patrol drive: poses, boxes, what stands where on the map, which finding is due in which pass."""

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from shapely.geometry import MultiPoint, Point, Polygon

from inference.findings import ViolationKind
from training.render import truth
from training.render.camera import Camera
from training.render.drive import Drive, Pass, Ride
from training.render.errors import ScenarioError
from training.render.geometry import apply

Rows = list[dict[str, Any]]
Show = Callable[[Camera, float], truth.Sight]
"""Shows the street to a camera at a time (seconds of the scenario) and says how much of an actor it sees."""


def frame_row(drive: Drive, groups: truth.Groups, run: Pass, ride: Ride, number: int, show: Show) -> dict[str, Any]:
    """The truth of one picture; `number` counts from the beginning of the pass."""
    at = number / drive.fps
    camera = ride.camera(at)
    now = run.starts + at
    things = truth.objects_at(drive, groups, camera, now, show(camera, now), drive.place.whereabouts())
    x, y = ride.place(at)
    for thing in things:
        thing["metres"] = round(math.dist((x, y), thing["ground"]), 2)
    return {"at": round(at, 3), "camera": pose(drive, ride, at), "objects": things}


def pose(drive: Drive, ride: Ride, at: float) -> dict[str, float]:
    """Where the camera was and looked, to be compared with what is computed from the track and the picture."""
    (x, y), (heading, pitch), ground = ride.place(at), ride.aim(at), drive.place.whereabouts()
    where = ground.at(x, y)
    return {
        "lat": round(where.lat, 7),
        "lon": round(where.lon, 7),
        "height": drive.camera.height,
        "heading": round(ground.compass(heading), 3),
        "pitch": round(math.degrees(pitch), 3),
        "course": round(ground.compass(ride.course(at)), 3),
        "speed": round(ride.speed(at), 3),
    }


def header(drive: Drive, groups: truth.Groups) -> dict[str, Any]:
    """What does not change from pass to pass."""
    ground = drive.place.whereabouts()
    camera = drive.camera
    zones = [
        {
            "id": z.id,
            "kind": z.kind,
            "dwell_seconds": z.dwell,
            "polygon": [_lat_lon(drive, *p) for p in z.polygon],
        }
        for z in drive.zones
    ]
    return {
        "drive": drive.name,
        "about": drive.about,
        "start": drive.start.isoformat(),
        "fps": drive.fps,
        "size": [camera.width, camera.height_px],
        "camera": {
            "height": camera.height, "pitch": camera.pitch, "yaw": camera.yaw, "fov": camera.fov,
        },
        "origin": {"lat": ground.origin.lat, "lon": ground.origin.lon, "bearing": ground.bearing},
        "zones": zones,
        "classes": {name: groups.class_of(name) for name in groups.names()},
    }  # fmt: skip


def sites(drive: Drive, groups: truth.Groups, passes: Sequence[Rows]) -> Rows:
    """Everything that stands in the same place during at least one whole pass: one thing to find, or to leave alone.

    `footprint` is the convex outline on the ground, WGS84; `passes` are those whose pictures show it well enough.
    """
    made: dict[tuple[str, float, float], dict[str, Any]] = {}
    for number, (run, rows) in enumerate(zip(drive.passes, passes, strict=True), 1):
        for name in groups.names():
            before, after = run.starts, run.starts + run.seconds
            since, place = groups.still_since(name, after), groups.ground(name, after)
            if since is None or place is None or since > before or not groups.present(name, before):
                continue
            key = (name, round(place[0], 2), round(place[1], 2))
            site = made.setdefault(key, _site(drive, groups, name, after, place, since))
            if _views(drive, rows, name) >= 1:
                site["passes"].append(number)
    return list(made.values())


def _site(
    drive: Drive, groups: truth.Groups, name: str, at: float, place: tuple[float, float], since: float
) -> dict[str, Any]:
    outline = MultiPoint(
        [tuple(xy) for p in groups.present(name, at) for xy in apply(p.matrix(at), p.points(p.variant(at)))[:, :2]]
    ).convex_hull.simplify(0.02)
    corners = list(outline.exterior.coords)[:-1] if isinstance(outline, Polygon) else [place]
    return {
        "id": name,
        "class": groups.class_of(name),
        "lat_lon": _lat_lon(drive, *place),
        "footprint": [_lat_lon(drive, x, y) for x, y in corners],
        "zones": [z.id for z in drive.zones if Polygon(z.polygon).covers(Point(place))],
        "since": (drive.start + timedelta(seconds=since)).isoformat(),
        "passes": list[int](),
    }


def _lat_lon(drive: Drive, x: float, y: float) -> list[float]:
    place = drive.place.whereabouts().at(x, y)
    return [round(place.lat, 7), round(place.lon, 7)]


def _views(drive: Drive, rows: Rows, name: str) -> int:
    """In how many pictures of a pass it is near enough and hidden little enough to be recognised."""
    return sum(
        thing["id"] == name and thing["visible"] >= drive.due.seen and thing["metres"] <= drive.due.metres
        for row in rows
        for thing in row["objects"]
    )


def due(drive: Drive, passes: Sequence[Rows], found: Rows) -> Rows:
    """The findings that must come, with the pass that makes them due.

    Rubbish and stalls are due in the first pass with enough views; vehicles in the first pass that sees them at the
    same place long enough after an earlier one did.

    Raises:
        ScenarioError: an expected object is never seen so.
    """
    by_name: dict[str, Rows] = defaultdict(list)
    for site in found:
        by_name[site["id"]].append(site)
    rows: Rows = []
    for expected in drive.expected:
        inside = [s for s in by_name[expected.object] if expected.zone in s["zones"]]
        parked = expected.kind is ViolationKind.ILLEGAL_PARKING and expected.zone not in drive.due.no_stopping
        known = [n for site in inside if (n := _due_in(drive, passes, site, parked=parked)) is not None]
        if not known:
            raise ScenarioError(
                f"'{expected.object}' is not seen in '{expected.zone}' often enough: correct its place or the passes."
            )
        rows.append({
            "kind": str(expected.kind), "object": expected.object, "zone": expected.zone,
            "lat_lon": inside[0]["lat_lon"], "since": inside[0]["since"], "due_in_pass": min(known),
        })  # fmt: skip
    return rows


def _due_in(drive: Drive, passes: Sequence[Rows], site: dict[str, Any], *, parked: bool) -> int | None:
    """The pass in which a site becomes a finding; `parked`: it must be seen again some minutes later."""
    seen: list[int] = site["passes"]
    if not parked:
        return next((n for n in seen if _views(drive, passes[n - 1], site["id"]) >= drive.due.views), None)
    starts = {n: drive.passes[n - 1].starts for n in seen}
    return next((n for n in seen if starts[n] - starts[seen[0]] >= drive.due.minutes_apart * 60), None)
