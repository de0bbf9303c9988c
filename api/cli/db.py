"""`jiexun db`: care for the database."""

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
