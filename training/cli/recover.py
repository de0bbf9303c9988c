"""`jiexun-train recover`: trainable weights out of a model folder whose checkpoint is lost."""

from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console

from training.cli.options import SourcesOption, listings_of
from training.dataset import read_pictures
from training.looks import read_pixels

PICTURES = 200


def recover(
    model: Annotated[Path, typer.Argument(help="Model folder, NAME/VERSION.")],
    data: Annotated[Path, typer.Option(help="List of training pictures; 200 of them are looked at.")],
    architecture: Annotated[str, typer.Option(help="That the model was trained in.")] = "yolo26n",
    sources: SourcesOption = None,
    seed: Annotated[int, typer.Option(min=0)] = 1,
) -> None:
    """Put the weights of a served graph back into a form that can be trained; refused unless both see the same."""
    from training.recovery import recover as run  # torch takes seconds to import; --help must not

    listing, _, labelled = listings_of(data, sources)
    listed = read_pictures(listing, labelled)
    chosen = np.random.default_rng(seed).permutation(len(listed))[:PICTURES]
    parity = run(model, architecture, [read_pixels(listed[index].path) for index in chosen])
    Console().print(
        f"{model}: {parity.objects} objects compared, boxes overlap by at least {parity.iou:.4f}, "
        f"confidences differ by at most {parity.confidence_apart:.5f}"
    )
