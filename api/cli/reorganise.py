"""`jiexun reorganise`: departments were merged or split, and their open cases go to the heirs."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer


def reorganise(
    document: Annotated[Path, typer.Argument(help="The document of the reorganisation (YAML).")],
    *,
    city: Annotated[Path | None, typer.Option(help="The city file, with the new departments.")] = None,
    by: Annotated[str, typer.Option(help="Who applies it, for the history of the cases.")],
) -> None:
    """Give the open cases of merged or split departments to their heirs; what is over stays as it was."""
    from api.reorganising import reorganise as apply  # the database takes a second to import

    name, moved = apply(document, city_file=city, by=by)
    for department, count in sorted(Counter(str(case.department) for case in moved).items()):
        typer.echo(f"{count:5d}  {department}")
    typer.echo(f"{name}: {len(moved)} open cases moved")
