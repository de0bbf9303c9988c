"""`jiexun bench cameras`: cameras for each core, ours and others', on one clip in one run."""

import json
import os
import shlex
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.table import Table

from api.bench.contest import Contest, contest
from api.bench.contest_picture import picture
from api.bench.full_size import DEMO_CITY, truth_of, write_full_size
from api.bench.rivals import DecodeOnly, EveryFrameTracked
from api.city.city import load_city
from api.cli.bench_progress import progress
from api.cli.speech import screen
from inference.detector import SHIPPED_MODELS, current_model

CLIP = DEMO_CITY.parent / "kerb-day.mp4"
LIMITS = {"times_yolo": 40.0, "of_decode_only": 0.5}
"""What is promised: forty times `YOLO.track` at an F1 that is not below its own, and half of the decode-only limit."""


def cameras(
    *,
    seconds: Annotated[float, typer.Option(min=36, max=72, help="How much of the demo's kerb clip.")] = 72,
    trainer: Annotated[
        Path | None, typer.Option(help="Python of the training environment; without it YOLO.track is left out.")
    ] = None,
    live: Annotated[bool, typer.Option(help="Measure latency and two workers as well, on the clock.")] = True,
    out: Annotated[Path | None, typer.Option(help="Folder for the report: cameras.json and cameras.svg.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Measure cameras a core carries: decode only, jiexun, 5 fps with motion regions, YOLO.track on every picture."""
    model = current_model(SHIPPED_MODELS)
    with TemporaryDirectory(prefix="jiexun-bench-") as folder, progress() as step:
        here = Path(folder)
        clip = write_full_size(CLIP, here / "kerb-1080p25.mp4", step("encoding 1080p, 25 fps"), seconds=seconds)
        found = contest(
            clip,
            truth_of(CLIP, seconds),
            load_city(DEMO_CITY),
            model,
            seconds=seconds,
            folder=here,
            trainer=trainer.absolute() if trainer else None,
            live=live,
            step=step,
        )
    said = {"cores": os.cpu_count(), "command": _command(seconds, trainer, live), "limits": LIMITS, **asdict(found)}
    text = json.dumps(said, ensure_ascii=False, allow_nan=False)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "cameras.json").write_text(f"{text}\n", encoding="utf-8")
        (out / "cameras.svg").write_text(picture(found), encoding="utf-8")
    if as_json:
        typer.echo(text)
        return
    _show(found)
    screen().print(f"Again: {said['command']}", soft_wrap=True)


def _command(seconds: float, trainer: Path | None, live: bool) -> str:
    options = ["--seconds", f"{seconds:g}", *(["--trainer", str(trainer)] if trainer else [])]
    return shlex.join(["jiexun", "bench", "cameras", *options, *([] if live else ["--no-live"])])


def _show(found: Contest) -> None:
    table = Table("way of watching", "cameras a core", "ours / it", "detector runs", "found", "wrong", "missed", "F1")
    for line in found.lines:
        ratio = found.times(line.name)
        told = line.score
        events = (f"{told.right}", f"{told.wrong}", f"{told.missed}", f"{told.f1:.2f}") if told else ("-",) * 4
        table.add_row(line.name, f"{line.cameras_per_core:.1f}", f"{ratio:.2f}", f"{line.looks}", *events)
    screen().print(table)
    lines = [f"{found.detect_ratio:.0%} of our key pictures got behind the gate; {found.camera_mb:.1f} MB a camera."]
    yolo, limit = found.times(EveryFrameTracked.name), found.times(DecodeOnly.name)
    if yolo is not None:
        lines.append(f"{yolo:.0f} times YOLO.track ({_kept(yolo >= LIMITS['times_yolo'])}).")
    if limit is not None:
        lines.append(f"{limit:.2f} of the decode-only limit ({_kept(limit >= LIMITS['of_decode_only'])}).")
    if found.latency:
        lines.append(f"Condition met to case in the database: {max(found.latency):.1f} s at most.")
    if found.scaling is not None:
        lines.append(f"Two workers get {found.scaling:.2f} of twice what one gets done, on the clock.")
    for line in lines:
        screen().print(line)


def _kept(kept: bool) -> str:
    return "promised, kept" if kept else "promised, BROKEN"
