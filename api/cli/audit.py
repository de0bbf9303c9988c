"""`jiexun audit`: the log of everything that was done."""

import getpass
from pathlib import Path
from typing import Annotated

import typer

from api.cli.bundle_file import written_whole

audit = typer.Typer(no_args_is_help=True, help="The log of everything that was done.")


@audit.callback()
def _audit() -> None:
    """The log of everything that was done."""


@audit.command()
def export(
    out: Annotated[Path, typer.Argument(help="The zip file to write.", show_default=False)],
    *,
    by: Annotated[str, typer.Option(help="Who wants it, for the log itself; without it the user of this shell.")] = "",
) -> None:
    """Write the whole log with its signed heads into one zip file for `jiexun verify`."""
    from api.wiring import open_exporter  # the database takes a second to import; other commands need not wait

    with open_exporter() as exporter, written_whole(out) as file:
        exporter.log(file, by=by or getpass.getuser())
    typer.echo(f"{out}; check it with: jiexun verify {out}")


@audit.command()
def key() -> None:
    """Print the public key, for whoever wants to verify bundles of this installation."""
    from api.wiring import open_exporter

    with open_exporter() as exporter:
        typer.echo(exporter.notary.key.public_pem, nl=False)
