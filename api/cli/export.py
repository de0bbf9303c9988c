"""`jiexun export`: a case as one file that anybody can verify."""

import getpass
from pathlib import Path
from typing import Annotated

import typer

from api.cli.bundle_file import written_whole


def export(
    case: Annotated[str, typer.Argument(help="The case's number or id.", show_default=False)],
    *,
    out: Annotated[Path | None, typer.Option(help="The file to write; without it the number of the case.")] = None,
    by: Annotated[str, typer.Option(help="Who wants it, for the audit log; without it the user of this shell.")] = "",
) -> None:
    """Write a case with its evidence, its history and its part of the audit log into one zip file."""
    from api.wiring import open_exporter  # the database takes a second to import; other commands need not wait

    with open_exporter() as exporter:
        found = exporter.store.case_called(case)
        path = out or Path(f"{found.number}.zip")
        with written_whole(path) as file:
            exporter.case(found.id, file, by=by or getpass.getuser())
    typer.echo(f"{path}; check it with: jiexun verify {path}")
