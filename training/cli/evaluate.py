"""`jiexun-train evaluate`: figures of a model folder on labelled pictures."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from inference.detector import OnnxDetector, current_model
from inference.detector.manifest import Numbers
from training.cli.options import SourcesOption, VehiclesOption, listings_of
from training.evaluation import CURVE_FLOOR, VEHICLES, Evaluation
from training.letterboxed import Letterboxed
from training.report.compose import compose
from training.report.document import write_report
from training.report.figures import EvaluationReport
from training.scored_pictures import ScoredPicture, from_listing, from_yolo


def evaluate(
    data: Annotated[Path, typer.Option(help="A frozen version, a list of pictures (val.txt), or a YOLO data.yaml.")],
    model: Annotated[Path | None, typer.Option(help="Model folder; otherwise the current one.")] = None,
    sources: SourcesOption = None,
    vehicles_from: VehiclesOption = 0.0,
    numbers: Annotated[
        Numbers | None, typer.Option(help="Which of the model's graphs; otherwise those that its manifest runs.")
    ] = None,
    precision: Annotated[float, typer.Option(min=0.01, max=0.999, help="For the thresholds in the report.")] = 0.9,
    report: Annotated[Path | None, typer.Option(help="New folder for a report with pictures of mistakes.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Score a model folder on labelled pictures, only on classes that their source labelled."""
    detector = OnnxDetector(model or current_model(Path("models")), floor=CURVE_FLOOR, numbers=numbers)
    scored = _pictures(data, sources)
    least_heights: dict[str, float] = dict.fromkeys(VEHICLES, vehicles_from)
    evaluation = Evaluation(detector, least_heights=least_heights)
    evaluation.see(track(scored, description="pictures", console=Console(stderr=True)))
    manifest = detector.manifest
    figures = EvaluationReport(
        model=f"{manifest.name}/{manifest.version}",
        pictures=len(scored),
        classes={name: evaluation.score(name, manifest.opens_at[name]) for name in detector.names},
    )
    if report is not None:
        by_input = _by_input(detector, scored, least_heights)
        write_report(compose(evaluation, manifest, figures, by_input=by_input, precision=precision), report)
        Console(stderr=True).print(f"report: {report / 'report.html'}", soft_wrap=True, markup=False)
    if as_json:
        typer.echo(figures.as_json())
    else:
        Console().print(figures.as_table())


def _pictures(data: Path, sources: Path | None) -> tuple[ScoredPicture, ...]:
    if data.suffix in {".yaml", ".yml"}:
        return from_yolo(data)
    _, listing, labelled = listings_of(data, sources)
    return from_listing(listing, labelled)


def _by_input(
    detector: OnnxDetector, pictures: Sequence[ScoredPicture], least_heights: dict[str, float]
) -> dict[str, dict[str, float | None]]:
    found: dict[str, dict[str, float | None]] = {}
    for graph in detector.graphs:
        alone = Letterboxed.of_graph(graph, names=detector.names, floor=CURVE_FLOOR, nms_iou=detector.manifest.nms_iou)
        evaluation = Evaluation(alone, least_heights=least_heights)
        size = f"{graph.input_wh[1]}×{graph.input_wh[0]}"
        evaluation.see(track(pictures, description=f"pictures at {size}", console=Console(stderr=True)))
        found[size] = {name: evaluation.ap50(name) for name in detector.names}
    return found
