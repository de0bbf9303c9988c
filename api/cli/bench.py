"""`jiexun bench`: what the path costs on this machine, as ratios measured side by side in one run."""

import json
import os
import shlex
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.table import Table

from api.bench.figures import DETECT_LIMIT, MEMORY_LIMIT_MB, Cost, Figures, figures
from api.bench.full_size import DEMO_CITY
from api.bench.measuring import measure
from api.bench.memory import peak_of_inspect
from api.bench.street_clip import write_street_clip
from api.city.city import load_city
from api.cli.bench_cameras import cameras
from api.cli.bench_patrol import patrol
from api.cli.bench_progress import progress
from api.cli.bench_store import store
from api.cli.speech import screen
from inference.detector import SHIPPED_MODELS, OnnxDetector, current_model


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One clip: its name, its figures, and megabytes of `jiexun inspect` at the worst moment."""

    clip: str
    figures: Figures
    peak_mb: float


bench = typer.Typer(invoke_without_command=True)
bench.command()(store)
bench.command()(cameras)
bench.command()(patrol)


@bench.callback()
def path(
    context: typer.Context,
    *,
    clip: Annotated[
        Path | None, typer.Option(help="Video of a fixed camera; without it a drawn street and the demo's clips.")
    ] = None,
    model: Annotated[Path | None, typer.Option(help="Model folder; without it the shipped one.")] = None,
    seconds: Annotated[int, typer.Option(min=1, max=3600, help="How long to measure each clip.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of tables.")] = False,
) -> None:
    """Measure what the path costs on this machine, as ratios; `store`, `cameras` and `patrol` measure other things."""
    if context.invoked_subcommand is not None:
        return
    folder = model or current_model(SHIPPED_MODELS)
    detector = OnnxDetector(folder)
    with TemporaryDirectory(prefix="jiexun-bench-") as drawn, progress() as step:
        measured: list[Measured] = []
        for path in [clip] if clip else _own_clips(Path(drawn), step):
            samples = measure(path, detector, seconds=seconds, told=step(f"measuring {path.name}"))
            step(f"memory of inspect on {path.name}")(0.0)
            peak_mb = peak_of_inspect(path, folder)
            measured.append(Measured(clip=path.name, figures=figures(samples), peak_mb=peak_mb))
    again = _command(clip, model, seconds)
    name = f"{detector.manifest.name} {detector.manifest.version}"
    if as_json:
        machine = {"cores": os.cpu_count(), "model": name, "command": f"{again} --json"}
        limits = {"detect_over_bare": DETECT_LIMIT, "peak_mb": MEMORY_LIMIT_MB}
        said = {**machine, "limits": limits, "clips": [asdict(one) for one in measured]}
        typer.echo(json.dumps(said, ensure_ascii=False, allow_nan=False))
        return
    for one in measured:
        _show(one)
    screen().print(f"Model {name}. Milliseconds of one core, medians. Again: {again}", soft_wrap=True)


def _own_clips(folder: Path, step: Callable[[str], Callable[[float], None]]) -> Iterator[Path]:
    yield write_street_clip(folder / "drawn-street.mp4", step("drawing a street, 1080p"))
    city = load_city(DEMO_CITY)
    fixed = [Path(city.address(part.id, os.environ)) for part in city.file.cameras if not part.moving]
    yield from (path for path in fixed if path.is_file())


def _command(clip: Path | None, model: Path | None, seconds: int) -> str:
    options = [part for name, path in (("--clip", clip), ("--model", model)) if path for part in (name, str(path))]
    return shlex.join(["jiexun", "bench", *options, "--seconds", str(seconds)])


def _show(one: Measured) -> None:
    told, console = one.figures, screen()
    console.print(_path_table(one))
    table = Table("what", "measured", "divided by, or for each")
    table.add_row(
        "detect(frame)",
        f"{told.detect_over_bare:.3f} x ({_kept(told.detect_over_bare, DETECT_LIMIT)})",
        f"bare session.run on the same pixels, {told.bare_ms:.1f} ms",
    )
    table.add_row("read all, decode key pictures", f"{told.key_packets_ms:.2f} ms", "picture of the stream")
    table.add_row("read and decode all", f"{told.all_packets_ms:.2f} ms", "picture of the stream")
    table.add_row("read and decode all", f"{told.all_over_key_packets:.1f} x", "read all, decode key pictures")
    table.add_row(
        "peak memory of inspect",
        f"{one.peak_mb / MEMORY_LIMIT_MB:.2f} x ({_kept(one.peak_mb, MEMORY_LIMIT_MB)})",
        f"{MEMORY_LIMIT_MB} MB; it is {one.peak_mb:.0f} MB",
    )
    why = ("every key picture inspected", "gated as on this clip", "nothing moves: forced looks only")
    for assumed, carried in zip(why, told.cameras, strict=True):
        table.add_row(
            f"cameras, {assumed}",
            f"{carried.per_core:.0f}",
            f"core, at {carried.gated_share:.0%} gated and a key picture every {told.key_interval:.1f} s",
        )
    console.print(table)


def _path_table(one: Measured) -> Table:
    told = one.figures
    title = f"{one.clip}: path of a key picture ({told.samples} measured, {told.objects:.1f} objects in each)"
    table = Table("stage", "ms of one core", "share of the path", "x bare session.run", title=title)
    for stage, cost in told.path.items():
        table.add_row(stage.replace("_", " "), *_cells(cost))
    table.add_section()
    table.add_row("all: an inspected picture", *_cells(told.whole))
    table.add_row("read and gate: a gated picture", *_cells(told.gated))
    return table


def _cells(cost: Cost) -> tuple[str, str, str]:
    return f"{cost.ms:.2f}", f"{cost.share:.1%}", f"{cost.over_bare:.3f}"


def _kept(value: float, limit: float) -> str:
    return f"at most {limit:g}: {'kept' if value <= limit else 'BROKEN'}"
