"""`jiexun --version`."""

from importlib.metadata import PackageNotFoundError, version
from typing import Annotated

import typer


def _print_version(wanted: bool) -> None:
    if wanted:
        try:
            typer.echo(f"jiexun {version('jiexun')}")
        except PackageNotFoundError:
            typer.echo("jiexun from a source folder, not installed")
        raise typer.Exit


def jiexun(
    *,
    wanted: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print_version, help="Print the version and leave.")
    ] = False,
) -> None:
    """Street cameras in, filed city-management cases with evidence out."""
