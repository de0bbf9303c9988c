"""`jiexun-train render`: a scenario becomes a clip and its truth, a patrol drive one clip for each pass."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from training.render.clip import Report, frame_path, render_frames
from training.render.drive import Drive
from training.render.drive_clip import dry_drive, pass_name, render_drive
from training.render.errors import RenderError
from training.render.reading import load_any
from training.render.scenario import Scenario
from training.render.stills import render_stills
from training.render.video import encode, reel_of, reel_of_pass


def render(
    out: Annotated[
        Path, typer.Option("--out", help="Folder for pictures, clip and truth; a stopped run goes on there.")
    ],
    scenario: Annotated[
        Path | None, typer.Argument(help="Scenario file (YAML), e.g. datasets/scenarios/kerb-day.yaml.")
    ] = None,
    quality: Annotated[int, typer.Option(min=0, max=51, help="x264 rate factor; lower is better and larger.")] = 28,
    dry: Annotated[
        bool, typer.Option("--dry", help="Patrol drives: only tracks and truth, no pictures; needs no Blender.")
    ] = False,
    stills: Annotated[
        int | None, typer.Option(min=1, help="Instead of a scenario: so many training pictures with labels.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the first street of --stills.")] = 1,
) -> None:
    """Render a street scenario to a clip with exact truth beside it, or training pictures. Needs make render-setup."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    try:
        with Progress(*columns, console=console) as progress:
            if stills is not None:
                written = [render_stills(stills, out, seed, _bar(progress, "rendering"))]
            elif scenario is None:
                raise RenderError("Nothing to render: name a scenario file, or say --stills.")
            else:
                written = _scenario(scenario, out, progress, quality, dry=dry)
    except RenderError as error:
        console.print(str(error), style="red", markup=False, highlight=False)
        raise typer.Exit(2) from error
    typer.echo("\n".join(str(path) for path in written))


def _bar(progress: Progress, what: str) -> Report:
    task = progress.add_task(what, total=None)
    return lambda done, total: progress.update(task, completed=done, total=total)


def _scenario(path: Path, out: Path, progress: Progress, quality: int, *, dry: bool) -> list[Path]:
    plan = load_any(path)
    if isinstance(plan, Scenario):
        if dry:
            raise RenderError(f"{path} has a fixed camera: --dry is for patrol drives.")
        return _clip(plan, out, progress, quality)
    if dry:
        return [dry_drive(plan, out, _bar(progress, "projecting"))]
    return _passes(plan, out, progress, quality)


def _clip(plan: Scenario, out: Path, progress: Progress, quality: int) -> list[Path]:
    truth = render_frames(plan, out, _bar(progress, "rendering"))
    reel = reel_of(plan, [frame_path(out, k) for k in range(plan.frames())])
    return [encode(reel, out / f"{plan.name}.mp4", _bar(progress, "encoding"), quality=quality), truth]


def _passes(plan: Drive, out: Path, progress: Progress, quality: int) -> list[Path]:
    written = [render_drive(plan, out, _bar(progress, "rendering"))]
    for number, run in enumerate(plan.passes, 1):
        name = pass_name(number)
        reel = reel_of_pass(plan, run, [frame_path(out / name, k) for k in range(plan.frames(run))])
        written.append(encode(reel, out / f"{name}.mp4", _bar(progress, f"encoding {name}"), quality=quality))
    return written
