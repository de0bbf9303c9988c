"""`jiexun purge`: delete evidence whose time is over, each case with a receipt in the audit log."""

from pathlib import Path
from typing import Annotated

import typer


def purge(
    *,
    city: Annotated[Path | None, typer.Option(help="The city file; without it JIEXUN_CITY_FILE.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be deleted.")] = False,
) -> None:
    """Delete the evidence of cases that ended long enough ago; run it once a day."""
    from api.clock import utc_now
    from api.purging import AT_ONCE
    from api.purging import purge as delete
    from api.wiring import open_house
    from cases.history import MACHINE

    with open_house(city_file=city) as house:
        retention, purging = house.city.retention, house.store.purging
        if not retention.days:
            typer.echo("the city keeps all evidence for good; `retention:` in the city file says otherwise")
            return
        if dry_run:
            for case in purging.expired(retention, utc_now(), limit=10_000):
                typer.echo(f"{case.number} {case.state.value} {case.ended_at:%Y-%m-%d}")
            return

        def told(number: str, files: int) -> None:
            typer.echo(f"{number}: {files} files deleted")

        while delete(purging, house.evidence, retention, by=MACHINE, clock=utc_now, done=told) == AT_ONCE:
            pass
