"""`jiexun inspect`: findings with evidence from one clip, folder or camera, without a database or a service."""

import json
import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from api.city.city import City, load_city
from api.city.whole_picture import whole_picture_city
from api.errors import CityError, Problem
from api.work.opening import Reading, open_camera
from api.work.seeing import seeing
from inference.camera import CameraView
from inference.detector import SHIPPED_MODELS, OnnxDetector, current_model
from inference.evidence.album import check_out, write_album
from inference.evidence.spool import MemorySpool
from inference.findings import Finding
from inference.frame import Frame
from inference.pipeline import Inspector, Keeping
from inference.sources.video_file import VideoFile

logger = logging.getLogger(__name__)

SOURCE_CAMERA = "camera"
LONGEST = 7 * 86_400
"""Seconds; as in the city file."""


def inspect(
    source: Annotated[str, typer.Argument(help="A video file, a folder of pictures, or rtsp://host/path.")],
    *,
    city: Annotated[Path | None, typer.Option(help="City file; without it the whole picture is every zone.")] = None,
    camera: Annotated[str | None, typer.Option(help="Which camera of the city file this is.")] = None,
    out: Annotated[Path, typer.Option(help="Folder for the evidence.")] = Path("findings"),
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per finding and line.")] = False,
    dwell: Annotated[
        float | None, typer.Option(min=0, max=LONGEST, help="Seconds to stand, instead of every rule's own.")
    ] = None,
    patrol: Annotated[
        bool, typer.Option("--patrol", help="The camera moves: no rule applies yet, they all ask what stands.")
    ] = False,
    every: Annotated[
        float | None, typer.Option(min=0.04, max=LONGEST, help="Decode all, inspect a picture every so many s.")
    ] = None,
    hold_end: Annotated[float, typer.Option(min=0, max=LONGEST, help="Hold the last picture for so many s.")] = 0.0,
    started_at: Annotated[
        datetime | None, typer.Option(help="Time of the first picture; UTC unless the city file says otherwise.")
    ] = None,
    model: Annotated[Path | None, typer.Option(help="Model folder; without it the shipped one.")] = None,
) -> None:
    """Look for illegal parking, exposed garbage and stalls, and write the evidence."""
    place = _city(city, camera, dwell, patrol)
    name = _camera_of(place, camera)
    began = _began(source, started_at, place)
    reading = Reading(started_at=began, every=every, hold_end=hold_end, reconnect=False)
    check_out(out)
    frames = open_camera(source, name, reading)
    detector = OnnxDetector(model or current_model(SHIPPED_MODELS))
    spool, store = MemorySpool(), MemorySpool()
    keeping = Keeping(spool=spool, store=store, timezone=place.calendar.zone)
    inspector = Inspector(_watched(place, name), seeing(place, detector), keeping)
    found: list[Finding] = []
    seconds = frames.facts.seconds + hold_end if isinstance(frames, VideoFile) else None
    try:
        for frame in _with_progress(frames.frames(), seconds):
            new = inspector.look(frame).findings
            for finding in new:
                album = write_album(finding, store.get, out)
                if as_json:
                    _print_line(_record(finding, album))
            for ref in (ref for finding in new for ref in finding.evidence):
                store.discard(ref.sha256)
            found += new
    finally:
        frames.close()
    if not as_json:
        _print_table(found, out)


def _city(path: Path | None, camera: str | None, dwell: float | None, patrol: bool) -> City:
    if path is None:
        return whole_picture_city(camera or SOURCE_CAMERA, dwell, moving=patrol)
    place = load_city(path)
    if dwell is not None:
        place = place.with_dwell(dwell)
    return place.with_moving_cameras() if patrol else place


def _camera_of(place: City, camera: str | None) -> str:
    """The camera that was asked for, or the only one there is."""
    if camera is not None or len(place.views) == 1:
        return place.camera(camera or next(iter(place.views))).id
    sentence = f"has {len(place.views)} cameras; say with --camera which one this is: {', '.join(place.views)}"
    raise CityError([Problem(file=str(place.path), line=None, key="cameras", sentence=sentence)])


def _watched(place: City, camera: str) -> CameraView:
    view = place.view(camera)
    if view.moving:
        logger.warning("a moving camera: every rule so far asks since when something stands, so none applies to it")
    return view


def _began(source: str, started_at: datetime | None, place: City) -> datetime:
    """Aware UTC of the first picture: as told, or when a file was last written, or now."""
    if started_at is not None:
        local = started_at.replace(tzinfo=place.calendar.zone if place.path else UTC)
        return (started_at if started_at.tzinfo else local).astimezone(UTC)
    path = Path(source)
    if path.is_file():
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return datetime.now(UTC)


def _with_progress(frames: Iterator[Frame], seconds: float | None) -> Iterator[Frame]:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:.0f} s"), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task("inspecting", total=seconds)
        for frame in frames:
            yield frame
            progress.update(task, completed=frame.pts)


def _record(finding: Finding, album: dict[str, Path]) -> dict[str, object]:
    where = finding.where
    return {
        "kind": finding.kind.value,
        "camera": finding.camera,
        "first_seen": finding.first_seen.isoformat(),
        "last_seen": finding.last_seen.isoformat(),
        "seen_for": round(finding.seen_for, 3),
        "confidence": round(finding.confidence, 4),
        "object_class": finding.object_class,
        "box": [round(value, 1) for value in finding.box],
        "place": {"lat": where.lat, "lon": where.lon} if where else None,
        "zone": finding.zone,
        "rule": finding.rule,
        "key": finding.key,
        "evidence": {title: str(path) for title, path in album.items()},
    }


def _print_line(record: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n")
    sys.stdout.flush()


def _print_table(found: list[Finding], out: Path) -> None:
    console = Console()
    if not found:
        console.print("No findings.")
        return
    table = Table("kind", "what", "first seen (UTC)", "stood", "confidence", "box (pixels)", "zone", "evidence")
    for finding in found:
        table.add_row(
            finding.kind.value,
            finding.object_class,
            finding.first_seen.strftime("%Y-%m-%d %H:%M:%S"),
            f"{finding.seen_for:.0f} s",
            f"{finding.confidence:.2f}",
            " ".join(f"{value:.0f}" for value in finding.box),
            finding.zone,
            str(out / f"{finding.kind.value}-{finding.key[:12]}"),
        )
    console.print(table)
