"""`jiexun purge`: delete evidence and ways of vehicles whose time is over, each with a receipt in the audit log."""

from pathlib import Path
from typing import Annotated

import typer


def purge(
    *,
    city: Annotated[Path | None, typer.Option(help="The city file; without it JIEXUN_CITY_FILE.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be deleted.")] = False,
) -> None:
    """Delete the evidence of cases, and the tracks of passes, that ended long enough ago; run it once a day."""
    from api.clock import utc_now
    from api.purging import AT_ONCE, purge_tracks
    from api.purging import purge as delete
    from api.wiring import open_house
    from cases.history import MACHINE

    with open_house(city_file=city) as house:
        retention, purging = house.city.retention, house.store.purging
        if retention.is_endless:
            typer.echo("the city keeps evidence and tracks for good; `retention:` in the city file says otherwise")
            return
        if dry_run:
            for case in purging.expired(retention, utc_now(), limit=10_000):
                typer.echo(f"{case.number} {case.state.value} {case.ended_at:%Y-%m-%d}")
            for pass_id in purging.expired_tracks(retention, utc_now(), limit=10_000):
                typer.echo(f"track of pass {pass_id}")
            return

        def told(number: str, files: int) -> None:
            typer.echo(f"{number}: {files} files deleted")

        def told_of_track(pass_id: str, places: int) -> None:
            typer.echo(f"pass {pass_id}: track of {places} places deleted")

        while purge_tracks(purging, retention, by=MACHINE, clock=utc_now, done=told_of_track) == AT_ONCE:
            pass
        while delete(purging, house.evidence, retention, by=MACHINE, clock=utc_now, done=told) == AT_ONCE:
            pass
