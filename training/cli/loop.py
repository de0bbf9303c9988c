"""`jiexun-train loop`: from exported verdicts to a candidate with its gate report."""

from pathlib import Path
from typing import Annotated

import typer

from inference.detector import current_model
from training.cli.gate import REFUSED, REGRESSION


def loop(
    verdicts: Annotated[Path, typer.Argument(help="Folder that `jiexun verdicts export` wrote.")],
    parent: Annotated[Path, typer.Option(help="Frozen version of the champion's data; its val split decides.")],
    out: Annotated[Path, typer.Option(help="Folder of this turn; an interrupted one is taken up again.")],
    champion: Annotated[Path | None, typer.Option(help="Model folder with weights; otherwise the current one.")] = None,
    datasets: Annotated[Path, typer.Option(help="Folder of all data sets.")] = Path("datasets"),
    regression: Annotated[Path, typer.Option(help="Fixed pictures with labels, YOLO data.yaml.")] = REGRESSION,
    epochs: Annotated[int, typer.Option(min=1)] = 3,
    image_side: Annotated[int, typer.Option(min=64, help="Pixels of the square that pictures are fitted into.")] = 384,
    batch: Annotated[int, typer.Option(min=1)] = 16,
    freeze: Annotated[int, typer.Option(min=0, help="Layers from the input on that stay as they are.")] = 10,
    repeats: Annotated[int, typer.Option(min=1, help="How often a picture with a verdict is shown in an epoch.")] = 3,
    replay: Annotated[int, typer.Option(min=0, help="Pictures of the parent's train split in an epoch.")] = 400,
    threads: Annotated[int, typer.Option(min=1)] = 2,
    seed: Annotated[int, typer.Option(min=0)] = 1,
) -> None:
    """Freeze, tune, export and gate in one go; exit status 1 and the reasons where the gate refuses."""
    from training.loop import LoopPlan  # torch takes seconds to import; --help must not
    from training.loop import loop as turn

    done = turn(
        LoopPlan(
            verdicts=verdicts,
            parent=parent,
            champion=champion or current_model(Path("models")),
            out=out,
            datasets=datasets,
            regression=regression,
            epochs=epochs,
            image_side=image_side,
            batch=batch,
            freeze=freeze,
            repeats=repeats,
            replay=replay,
            threads=threads,
            seed=seed,
        )
    )
    typer.echo(f"data: {done.version}\ncandidate: {done.candidate}")
    for why in done.report.reasons:
        typer.echo(f"refused: {why}")
    typer.echo(f"{'passed' if done.report.passed else 'refused'}: {out / 'gate' / 'gate.md'}")
    if not done.report.passed:
        raise typer.Exit(REFUSED)
