"""`jiexun-train train`: from pictures and a checkpoint to checkpoints."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from training.cli.options import SourcesOption, listings_of
from training.freeze.manifest import FILE
from training.plan import TrainingPlan


def train(
    data: Annotated[Path, typer.Option(help="A frozen version, or a folder with train.txt, val.txt and the pictures.")],
    weights: Annotated[Path, typer.Option(help="Checkpoint to start from, or a model folder that carries weights.")],
    out: Annotated[Path, typer.Option(help="Folder of the run; an interrupted run there is taken up again.")],
    sources: SourcesOption = None,
    image_side: Annotated[int, typer.Option(min=64, help="Pixels of the square that pictures are fitted into.")] = 512,
    epochs: Annotated[int, typer.Option(min=1)] = 20,
    hours: Annotated[float | None, typer.Option(min=0.01, help="End after this wall time, instead of epochs.")] = None,
    batch: Annotated[int, typer.Option(min=1)] = 16,
    freeze: Annotated[int, typer.Option(min=0, help="Layers from the input on that stay as they are.")] = 0,
    threads: Annotated[int, typer.Option(min=1)] = 2,
    wide_share: Annotated[float, typer.Option(min=0, max=1, help="Share of batches in the wide input's shape.")] = 0.5,
    device: Annotated[str, typer.Option(help="cpu, or the number of an accelerator.")] = "cpu",
    seed: Annotated[int, typer.Option(min=0)] = 1,
) -> None:
    """Train from a checkpoint; every epoch leaves one."""
    from training.train import train as run  # torch takes seconds to import; --help must not

    train_list, val_list, labelled = listings_of(data, sources)
    plan = TrainingPlan(
        listings=(train_list, val_list),
        sources=labelled,
        weights=weights,
        out=out,
        image_side=image_side,
        epochs=epochs,
        hours=hours,
        batch=batch,
        freeze=freeze,
        threads=threads,
        wide_share=wide_share,
        device=device,
        data_version=data.name if (data / FILE).is_file() else None,
        seed=seed,
    )
    Console().print(f"last checkpoint: {run(plan)}")
