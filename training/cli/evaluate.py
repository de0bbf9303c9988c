"""`jiexun-train evaluate`: figures of a model folder on labelled pictures."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from inference.detector import OnnxDetector, current_model
from training.cli.options import SourcesOption, VehiclesOption, listings_of
from training.evaluation import CURVE_FLOOR, VEHICLES, Evaluation
from training.evaluation_report import EvaluationReport
from training.scored_pictures import from_listing, from_yolo


def evaluate(
    data: Annotated[Path, typer.Option(help="A frozen version, a list of pictures (val.txt), or a YOLO data.yaml.")],
    model: Annotated[Path | None, typer.Option(help="Model folder; otherwise the current one.")] = None,
    sources: SourcesOption = None,
    vehicles_from: VehiclesOption = 0.0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Score a model folder on labelled pictures, only on classes that their source labelled."""
    folder = model or current_model(Path("models"))
    detector = OnnxDetector(folder, floor=CURVE_FLOOR)
    if data.suffix in {".yaml", ".yml"}:
        scored = from_yolo(data)
    else:
        _, val, labelled = listings_of(data, sources)
        scored = from_listing(val, labelled)
    evaluation = Evaluation(detector, least_heights=dict.fromkeys(VEHICLES, vehicles_from))
    evaluation.see(track(scored, description="pictures", console=Console(stderr=True)))
    opens_at = detector.manifest.opens_at
    scores = {name: evaluation.score(name, opens_at[name]) for name in detector.names}
    report = EvaluationReport(
        model=f"{detector.manifest.name}/{detector.manifest.version}", pictures=len(scored), classes=scores
    )
    if as_json:
        typer.echo(report.as_json())
    else:
        Console().print(report.as_table())
