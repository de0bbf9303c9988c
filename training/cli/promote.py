"""`jiexun-train promote`: a model that passed the gate becomes the current one."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from inference.detector.promotion import promote as make_current
from inference.detector.promotion import roll_back
from inference.errors import GateError


def promote(
    model: Annotated[Path | None, typer.Argument(help="Folder of the new model.")] = None,
    report: Annotated[Path | None, typer.Option(help="gate.json about this model and the current one.")] = None,
    models: Annotated[Path, typer.Option(help="Where models are served from.")] = Path("models"),
    rollback: Annotated[bool, typer.Option("--rollback", help="Go back to the model before.")] = False,
) -> None:
    """Make a model that passed the gate the current one, or go back to the one before."""
    now = datetime.now(UTC)
    if rollback:
        if model is not None or report is not None:
            raise GateError("--rollback goes back to the model before: name neither a model nor a report")
        typer.echo(f"current again: {roll_back(models, at=now)}")
        return
    if model is None or report is None:
        raise GateError("name the folder of the new model, and the gate's report on it after --report")
    typer.echo(f"current: {make_current(model, report, models, at=now)}")
