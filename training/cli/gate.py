"""`jiexun-train gate`: may this model take the place of the one that serves?"""

from pathlib import Path
from time import monotonic
from typing import Annotated

import typer

from inference.detector import current_model
from training.cli.options import VehiclesOption, listings_of
from training.errors import GateError
from training.evaluation import VEHICLES
from training.freeze.manifest import FILE
from training.gate.gate import GatePictures, contender, hold_against
from training.gate.report import GateReport
from training.scored_pictures import from_listing, from_yolo

REFUSED = 1


def gate(
    challenger: Annotated[Path, typer.Argument(help="Folder of the new model.")],
    data: Annotated[Path, typer.Option(help="The frozen version whose val split decides.")],
    out: Annotated[Path, typer.Option(help="New folder for gate.json and gate.md.")],
    champion: Annotated[Path | None, typer.Option(help="Model folder; otherwise the current one.")] = None,
    regression: Annotated[Path, typer.Option(help="Fixed pictures with labels, YOLO data.yaml.")] = Path(
        "datasets/regression/data.yaml"
    ),
    vehicles_from: VehiclesOption = 0.08,
) -> None:
    """Hold a new model against the one that serves; exit status 1 and the reasons where it is refused."""
    report = run_gate(
        challenger=challenger,
        champion=champion or current_model(Path("models")),
        data=data,
        regression=regression,
        vehicles_from=vehicles_from,
        out=out,
    )
    for why in report.reasons:
        typer.echo(f"refused: {why}")
    typer.echo(f"{'passed' if report.passed else 'refused'}: {out / 'gate.md'}")
    if not report.passed:
        raise typer.Exit(REFUSED)


def run_gate(
    *, challenger: Path, champion: Path, data: Path, regression: Path, vehicles_from: float, out: Path
) -> GateReport:
    """Run the gate on folders and write its report.

    Raises:
        GateError: the data is not frozen, or the report exists.
        ModelError: a model cannot be served.
        DatasetError: pictures cannot be read.
    """
    if not (data / FILE).is_file():
        raise GateError(f"{data} is not a frozen version: freeze it first, so that both models see the same for good")
    if out.exists():
        raise GateError(f"{out} exists: a report is never rewritten, name a new folder")
    _, val, labelled = listings_of(data, None)
    pictures = GatePictures(
        data=f"{data.resolve().parent.name}/{data.resolve().name}",
        val=from_listing(val, labelled),
        regression=from_yolo(regression),
        least_heights=dict.fromkeys(VEHICLES, vehicles_from),
    )
    report = hold_against(contender(champion), contender(challenger), pictures, monotonic)
    out.mkdir(parents=True)
    (out / "gate.json").write_text(f"{report.model_dump_json(indent=1)}\n", encoding="utf-8")
    (out / "gate.md").write_text(report.as_markdown(), encoding="utf-8")
    return report
