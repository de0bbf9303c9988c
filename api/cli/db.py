"""`jiexun db`: care for the database."""

from pathlib import Path
from typing import Annotated

import typer

db = typer.Typer(no_args_is_help=True, help="Care for the database.")


@db.callback()
def _db() -> None:
    """Care for the database."""


@db.command()
def upgrade() -> None:
    """Bring the database to the tables of this version; `serve` and `work` do so by themselves."""
    from api.wiring import upgrade_database  # the database takes a second to import; other commands need not wait

    upgrade_database()
    typer.echo("the database has the tables of this version")


@db.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="A folder that does not exist yet.", show_default=False)],
) -> None:
    """Copy database, evidence and signing key into a folder, while everything goes on."""
    from api.backup import back_up
    from api.clock import utc_now
    from api.wiring import installation, upgrade_database

    upgrade_database()
    copied = back_up(installation(), folder, at=utc_now())
    typer.echo(f"{folder}: {copied.rows['cases']} cases, {copied.evidence} pieces of evidence")


@db.command()
def restore(folder: Annotated[Path, typer.Argument(help="What `jiexun db backup` made.", show_default=False)]) -> None:
    """Put a backup into an installation that has nothing yet; every hash is checked."""
    from api.backup import restore as put_back
    from api.wiring import installation

    copied = put_back(folder, installation())
    typer.echo(f"restored: {copied.rows['cases']} cases, {copied.evidence} pieces of evidence")
