"""`jiexun-train gate`: may this model take the place of the one that serves?"""

from pathlib import Path
from typing import Annotated

import typer

from inference.detector import current_model
from training.cli.options import VehiclesOption
from training.gate.run import run_gate

REFUSED = 1
REGRESSION = Path("datasets/regression/data.yaml")


def gate(
    challenger: Annotated[Path, typer.Argument(help="Folder of the new model.")],
    data: Annotated[Path, typer.Option(help="The frozen version whose val split decides.")],
    out: Annotated[Path, typer.Option(help="New folder for gate.json and gate.md.")],
    champion: Annotated[Path | None, typer.Option(help="Model folder; otherwise the current one.")] = None,
    regression: Annotated[Path, typer.Option(help="Fixed pictures with labels, YOLO data.yaml.")] = REGRESSION,
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
