"""`jiexun-train`: from labelled pictures to a model folder."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from inference.detector import OnnxDetector, current_model
from inference.detector.manifest import Layout
from inference.errors import InferenceError
from training.errors import TrainingError
from training.evaluation import CURVE_FLOOR, VEHICLES, Evaluation
from training.evaluation_report import EvaluationReport
from training.render.command import render
from training.scored_pictures import from_listing, from_yolo
from training.sources import read_sources

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
complaints = Console(stderr=True)

SourcesOption = Annotated[Path, typer.Option("--sources", help="What each source of pictures labels.")]
VehiclesOption = Annotated[
    float, typer.Option(min=0, max=1, help="Leave out vehicles lower than this share of the picture.")
]
STREET_SOURCES = Path("datasets/street/sources.yaml")


@app.callback()
def _about() -> None:
    """From labelled pictures to a model folder that the product serves."""


@app.command("evaluate")
def evaluate_command(
    data: Annotated[Path, typer.Option(help="A list of pictures (val.txt), or a YOLO data.yaml.")],
    model: Annotated[Path | None, typer.Option(help="Model folder; otherwise the current one.")] = None,
    sources: SourcesOption = STREET_SOURCES,
    vehicles_from: VehiclesOption = 0.0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Score a model folder on labelled pictures, only on classes that their source labelled."""
    folder = model or current_model(Path("models"))
    detector = OnnxDetector(folder, floor=CURVE_FLOOR)
    scored = from_yolo(data) if data.suffix in {".yaml", ".yml"} else from_listing(data, read_sources(sources))
    evaluation = Evaluation(detector, least_heights=dict.fromkeys(VEHICLES, vehicles_from))
    evaluation.see(track(scored, description="pictures", console=complaints))
    opens_at = detector.manifest.opens_at
    scores = {name: evaluation.score(name, opens_at[name]) for name in detector.names}
    report = EvaluationReport(
        model=f"{detector.manifest.name}/{detector.manifest.version}", pictures=len(scored), classes=scores
    )
    if as_json:
        typer.echo(report.as_json())
    else:
        Console().print(report.as_table())


@app.command("export")
def export_command(
    weights: Annotated[Path, typer.Argument(help="Torch checkpoint.")],
    out: Annotated[Path, typer.Option(help="New model folder, NAME/VERSION.")],
    data: Annotated[Path, typer.Option(help="List of val pictures: parity, thresholds and figures come from them.")],
    sources: SourcesOption = STREET_SOURCES,
    layout: Annotated[Layout, typer.Option(help="Which head of the checkpoint.")] = Layout.CHANNELS_FIRST,
    precision: Annotated[float, typer.Option(min=0.01, max=0.999, help="That thresholds are chosen for.")] = 0.9,
    vehicles_from: VehiclesOption = 0.08,
    trained_on: Annotated[str, typer.Option(help="The training data, in words, for the card.")] = "",
    licence: Annotated[str, typer.Option(help="Of the weights, SPDX.")] = "AGPL-3.0-or-later",
) -> None:
    """Write a model folder: graphs that equal the checkpoint, thresholds, figures, manifest and card. Or refuse."""
    from training.export import ExportPlan, export  # torch takes seconds to import; --help must not

    version = f"{out.parent.name}/{out.name}"
    plan = ExportPlan(
        weights=weights,
        out=out,
        layout=layout,
        pictures=from_listing(data, read_sources(sources)),
        least_heights=dict.fromkeys(VEHICLES, vehicles_from),
        precision=precision,
        licence=licence,
        trained_on=trained_on,
        measured_on=f"{data.name}; vehicles of at least {vehicles_from:.0%} of the picture's height",
        command=f"jiexun-train evaluate --data {data.name} --vehicles-from {vehicles_from} --model models/{version}",
    )
    manifest = export(plan)
    Console().print(f"{manifest.name} {manifest.version}: {len(manifest.graphs)} graphs in {out}")


@app.command("train")
def train_command(
    data: Annotated[Path, typer.Option(help="Folder with train.txt, val.txt and the pictures.")],
    weights: Annotated[Path, typer.Option(help="Checkpoint to start from.")],
    out: Annotated[Path, typer.Option(help="Folder of the run; an interrupted run there is taken up again.")],
    sources: SourcesOption = STREET_SOURCES,
    image_side: Annotated[int, typer.Option(min=64, help="Pixels of the square that pictures are fitted into.")] = 512,
    epochs: Annotated[int, typer.Option(min=1)] = 20,
    hours: Annotated[float | None, typer.Option(min=0.01, help="End after this wall time, instead of epochs.")] = None,
    batch: Annotated[int, typer.Option(min=1)] = 16,
    freeze: Annotated[int, typer.Option(min=0, help="Layers from the input on that stay as they are.")] = 0,
    threads: Annotated[int, typer.Option(min=1)] = 2,
    seed: Annotated[int, typer.Option(min=0)] = 1,
) -> None:
    """Train from a checkpoint; every epoch leaves one."""
    from training.train import TrainingPlan, train  # torch takes seconds to import; --help must not

    plan = TrainingPlan(
        listings=(data / "train.txt", data / "val.txt"),
        sources=read_sources(sources),
        weights=weights,
        out=out,
        image_side=image_side,
        epochs=epochs,
        hours=hours,
        batch=batch,
        freeze=freeze,
        threads=threads,
        seed=seed,
    )
    Console().print(f"last checkpoint: {train(plan)}")


app.command("render")(render)


def main() -> None:
    """Run the command line; a refusal is one sentence and exit status 2."""
    try:
        app()
    except (TrainingError, InferenceError) as error:
        complaints.print(f"jiexun-train: {error}", style="red", soft_wrap=True)
        raise SystemExit(2) from error


if __name__ == "__main__":
    main()
