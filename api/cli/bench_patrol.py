"""`jiexun bench patrol`: how much faster than real time one core inspects the recording of a patrol."""

import json
import os
import shlex
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from api.bench.patrol import BEGAN, LIMIT, measure_patrol, write_way
from api.bench.street_clip import write_street_clip
from api.cli.speech import screen
from inference.detector import SHIPPED_MODELS, OnnxDetector, current_model
from inference.sources.video_file import VideoFile

DRAWN_SECONDS = 55.0


def patrol(
    *,
    clip: Annotated[Path | None, typer.Option(help="Recording; without it a drawn street, 1080p.")] = None,
    track: Annotated[
        Path | None, typer.Option(help="Its track; without it one that drives for 40 s and stands for 15 s in turn.")
    ] = None,
    speed: Annotated[float, typer.Option(min=1, max=40, help="Metres per second of the track that is made up.")] = 8.0,
    model: Annotated[Path | None, typer.Option(help="Model folder; without it the shipped one.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of sentences.")] = False,
) -> None:
    """Inspect a recording by the metre, and compare its length with the processor time that it took."""
    detector = OnnxDetector(model or current_model(SHIPPED_MODELS))
    with TemporaryDirectory(prefix="jiexun-bench-") as folder:
        path = clip or write_street_clip(Path(folder) / "street.mp4", lambda _: None, seconds=DRAWN_SECONDS)
        seconds = VideoFile(path, camera="bench", started_at=BEGAN).facts.seconds
        cost = measure_patrol(path, track or write_way(Path(folder) / "way.csv", seconds, speed), detector)
    given = [
        part
        for name, value in (("--clip", clip), ("--track", track), ("--model", model))
        if value
        for part in (name, str(value))
    ]
    again = shlex.join(["jiexun", "bench", "patrol", *given, "--speed", f"{speed:g}"])
    if as_json:
        said = {"cores": os.cpu_count(), "limit": LIMIT, "command": f"{again} --json"}
        typer.echo(json.dumps({**said, **asdict(cost), "times_real_time": cost.times_real_time}, allow_nan=False))
        return
    kept = "kept" if cost.times_real_time >= LIMIT else "BROKEN"
    screen().print(
        f"{cost.seconds:.0f} s of recording, {cost.metres:.0f} m, {cost.pictures} pictures inspected in "
        f"{cost.processor_seconds:.1f} s of processor time: {cost.times_real_time:.1f} x real time per core "
        f"(at least {LIMIT:g} x: {kept}). Again: {again}",
        soft_wrap=True,
    )
