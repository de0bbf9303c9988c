"""`jiexun-train render`: a scenario becomes a clip and its truth."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from training.render.clip import render_frames
from training.render.errors import RenderError
from training.render.scenario import load
from training.render.video import encode


def render(
    scenario: Annotated[Path, typer.Argument(help="Scenario file (YAML), e.g. datasets/scenarios/kerb-day.yaml.")],
    out: Annotated[
        Path, typer.Option("--out", help="Folder for pictures, clip and truth; a stopped run goes on there.")
    ],
    quality: Annotated[int, typer.Option(min=0, max=51, help="x264 rate factor; lower is better and larger.")] = 28,
) -> None:
    """Render a street scenario to a clip with exact truth beside it. Needs the extra 'render'."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    try:
        plan = load(scenario)
        with Progress(*columns, console=console) as progress:
            frames = progress.add_task("rendering", total=plan.frames())
            truth = render_frames(plan, out, lambda done, _: progress.update(frames, completed=done))
            video = progress.add_task("encoding", total=plan.frames())
            clip = encode(plan, out, lambda done, _: progress.update(video, completed=done), quality=quality)
    except RenderError as error:
        console.print(str(error), style="red", markup=False, highlight=False)
        raise typer.Exit(2) from error
    typer.echo(f"{clip}\n{truth}")
