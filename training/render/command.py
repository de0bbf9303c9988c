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
from training.render.video import encode, reel_of, reel_of_pass


def render(
    scenario: Annotated[Path, typer.Argument(help="Scenario file (YAML), e.g. datasets/scenarios/kerb-day.yaml.")],
    out: Annotated[
        Path, typer.Option("--out", help="Folder for pictures, clip and truth; a stopped run goes on there.")
    ],
    quality: Annotated[int, typer.Option(min=0, max=51, help="x264 rate factor; lower is better and larger.")] = 28,
    dry: Annotated[
        bool, typer.Option("--dry", help="Patrol drives: only tracks and truth, no pictures; needs no Blender.")
    ] = False,
) -> None:
    """Render a street scenario to a clip with exact truth beside it. Needs the extra 'render'."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    try:
        plan = load_any(scenario)
        with Progress(*columns, console=console) as progress:
            if isinstance(plan, Scenario):
                if dry:
                    raise RenderError(f"{scenario} has a fixed camera: --dry is for patrol drives.")
                written = _clip(plan, out, progress, quality)
            elif dry:
                written = [dry_drive(plan, out, _bar(progress, "projecting"))]
            else:
                written = _passes(plan, out, progress, quality)
    except RenderError as error:
        console.print(str(error), style="red", markup=False, highlight=False)
        raise typer.Exit(2) from error
    typer.echo("\n".join(str(path) for path in written))


def _bar(progress: Progress, what: str) -> Report:
    task = progress.add_task(what, total=None)
    return lambda done, total: progress.update(task, completed=done, total=total)


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
