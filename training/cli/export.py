"""`jiexun-train export`: from a checkpoint to a model folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from inference.detector.manifest import Layout
from training.cli.options import SourcesOption, VehiclesOption, listings_of
from training.dataset import LabelledPicture, read_pictures
from training.evaluation import VEHICLES
from training.scored_pictures import from_listing

CALIBRATION_PICTURES = 64


def export(
    weights: Annotated[Path, typer.Argument(help="Torch checkpoint, or a model folder that carries its weights.")],
    out: Annotated[Path, typer.Option(help="New model folder, NAME/VERSION.")],
    data: Annotated[
        Path, typer.Option(help="A frozen version, or a list of val pictures: all figures come from them.")
    ],
    sources: SourcesOption = None,
    layout: Annotated[Layout, typer.Option(help="Which head of the checkpoint.")] = Layout.CHANNELS_FIRST,
    precision: Annotated[float, typer.Option(min=0.01, max=0.999, help="That thresholds are chosen for.")] = 0.9,
    vehicles_from: VehiclesOption = 0.08,
    trained_on: Annotated[str, typer.Option(help="The training data, in words, for the card.")] = "",
    int8: Annotated[
        Path | None, typer.Option(help="List of training pictures: write int8 graphs too, calibrated on 64 of them.")
    ] = None,
    licence: Annotated[str, typer.Option(help="Of the weights, SPDX.")] = "AGPL-3.0-or-later",
) -> None:
    """Write a model folder: graphs that equal the checkpoint, thresholds, figures, manifest and card. Or refuse."""
    from training.export import ExportPlan  # torch takes seconds to import; --help must not
    from training.export import export as write_model

    version = f"{out.parent.name}/{out.name}"
    _, val, labelled = listings_of(data, sources)
    plan = ExportPlan(
        weights=weights,
        out=out,
        layout=layout,
        pictures=from_listing(val, labelled),
        least_heights=dict.fromkeys(VEHICLES, vehicles_from),
        precision=precision,
        licence=licence,
        trained_on=trained_on,
        measured_on=f"{data.name}; vehicles of at least {vehicles_from:.0%} of the picture's height",
        calibration=_some(read_pictures(listings_of(int8, sources)[0], labelled)) if int8 is not None else (),
        command=f"jiexun-train evaluate --data {data.name} --vehicles-from {vehicles_from} --model models/{version}",
    )
    manifest = write_model(plan)
    Console().print(
        f"{manifest.name} {manifest.version}: {len(manifest.graphs)} graphs in {out}; {manifest.runs} is what runs"
    )


def _some(pictures: Sequence[LabelledPicture]) -> tuple[Path, ...]:
    return tuple(picture.path for picture in pictures[:: max(1, len(pictures) // CALIBRATION_PICTURES)])
