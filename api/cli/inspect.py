"""`jiexun inspect`: findings with evidence from one clip, folder or camera, without a database or a service."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from api.city.city import City, load_city
from api.city.whole_picture import whole_picture_city
from api.cli.findings_output import FindingsOutput
from api.errors import CityError, Problem
from api.work.opening import Reading, open_camera
from api.work.patrol_run import PatrolOptions, PatrolRun, has_positions
from api.work.seeing import seeing
from inference.datum import Datum
from inference.detector import SHIPPED_MODELS, OnnxDetector, current_model
from inference.evidence.album import check_out
from inference.evidence.spool import MemorySpool
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
    patrol: Annotated[bool, typer.Option("--patrol", help="The camera moves; its place comes from a track.")] = False,
    track: Annotated[
        Path | None, typer.Option(help="Way of a moving camera: GPX, NMEA, CSV, or a GoPro's video; implies --patrol.")
    ] = None,
    offset: Annotated[
        float | None, typer.Option(min=-86_400, max=86_400, help="Seconds that the track's clock is ahead.")
    ] = None,
    mount: Annotated[
        str, typer.Option(help="Moving camera: metres high,degrees down,degrees wide,degrees right of the way.")
    ] = "",
    streets: Annotated[Path | None, typer.Option(help="GeoJSON of carriageways, no-stopping areas, bays, …")] = None,
    datum: Annotated[Datum, typer.Option(help="Coordinates of a GPX or CSV track.")] = Datum.WGS84,
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
    place = _city(city, camera, dwell, patrol or track is not None)
    name = _camera_of(place, camera)
    began = _began(source, started_at, place)
    check_out(out)
    shown = FindingsOutput(out, as_json=as_json)
    detector = OnnxDetector(model or current_model(SHIPPED_MODELS))
    if place.view(name).moving:
        options = PatrolOptions(
            track=track, offset=offset, datum=datum, mount=mount, streets=streets, started_at=began, every=every
        )
        _drive(source, name, place, detector, options, shown)
    else:
        reading = Reading(started_at=began, every=every, hold_end=hold_end, reconnect=False)
        _watch(source, name, place, detector, reading, shown)
    shown.finish()


def _watch(
    source: str, name: str, place: City, detector: OnnxDetector, reading: Reading, shown: FindingsOutput
) -> None:
    """Look through a fixed camera."""
    frames = open_camera(source, name, reading)
    keeping = Keeping(spool=MemorySpool(), store=shown.store, timezone=place.calendar.zone)
    inspector = Inspector(place.view(name), seeing(place, detector), keeping)
    seconds = frames.facts.seconds + reading.hold_end if isinstance(frames, VideoFile) else None
    try:
        for frame in _with_progress(frames.frames(), seconds):
            shown.take(inspector.look(frame).findings)
    finally:
        frames.close()


def _drive(
    source: str, name: str, place: City, detector: OnnxDetector, options: PatrolOptions, shown: FindingsOutput
) -> None:
    """Look through a camera that moves."""
    if options.track is None and not has_positions(source):
        logger.warning(
            "a moving camera, and nothing says where it was: what it saw has no place, so that no rule applies; "
            "give the way of the vehicle with --track"
        )
        return
    run = PatrolRun(source, name, place, detector, options, shown.store)
    for findings in run.findings(_with_progress(run.frames(), run.seconds)):
        shown.take(findings)
    logger.warning("%s", run.told())


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
