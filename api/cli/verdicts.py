"""`jiexun verdicts`: what supervisors said, for those who train the detector."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

verdicts = typer.Typer(no_args_is_help=True, help="What supervisors said of findings.")


@verdicts.callback()
def _verdicts() -> None:
    """What supervisors said of findings."""


@verdicts.command()
def export(
    out: Annotated[Path, typer.Option(help="New folder for `verdicts.jsonl` and the pictures.")],
    city: Annotated[Path | None, typer.Option(help="The city file; without it JIEXUN_CITY_FILE.")] = None,
) -> None:
    """Write what supervisors said of findings, with the pictures they released for training."""
    from api.verdict_export import export_verdicts  # the database takes a second to import
    from api.wiring import open_house

    columns = (SpinnerColumn(), TextColumn("{task.description} {task.completed:.0f}"))
    with open_house(city_file=city) as house, Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("findings with a verdict:", total=None)
        counts = export_verdicts(house.store, house.evidence, out, lambda: progress.advance(task))
    written = counts.pop("written", 0)
    typer.echo(f"{out}: {written} verdict{'' if written == 1 else 's'}")
    for reason, count in sorted(counts.items()):
        typer.echo(f"left out: {count} finding{'' if count == 1 else 's'} {reason}", err=True)
