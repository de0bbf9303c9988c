"""`jiexun verify`: whether an exported bundle is what was logged. Needs no database, no settings and no network."""

from pathlib import Path
from typing import Annotated

import typer

from cases.audit.verifier import NotWhole
from cases.audit.verifier import verify as verify_bundle

NOT_WHOLE = 1


def verify(
    bundle: Annotated[Path, typer.Argument(help="The zip file that was exported.", show_default=False)],
    *,
    heads: Annotated[Path | None, typer.Option(help="Signed heads from a second place (JIEXUN_AUDIT_HEADS).")] = None,
    key: Annotated[Path | None, typer.Option(help="The public key, from a place that you trust.")] = None,
) -> None:
    """Check an exported bundle: every file, the audit log in it, and its signatures."""
    try:
        typer.echo(verify_bundle(bundle, heads, key))
    except NotWhole as broken:
        typer.echo(f"NOT WHOLE: {broken}", err=True)
        raise typer.Exit(NOT_WHOLE) from None
