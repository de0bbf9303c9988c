"""`jiexun purge`: delete what is kept longer than the city says, each thing with a receipt in the audit log."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:  # the database takes a second to import; other commands need not wait
    from api.store.personal import SqlPersonal
    from api.store.purging import SqlPurging
    from cases.retention import Retention

MOST = 10_000
"""Of each sort that a dry run names."""


def purge(
    *,
    city: Annotated[Path | None, typer.Option(help="The city file; without it JIEXUN_CITY_FILE.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be deleted.")] = False,
) -> None:
    """Delete evidence, tracks of passes, contacts and orders that ended long enough ago; run it once a day."""
    from api.clock import utc_now
    from api.purging import AT_ONCE, purge_personal, purge_tracks
    from api.purging import purge as delete
    from api.wiring import open_house
    from cases.history import MACHINE

    with open_house(city_file=city) as house:
        retention, purging, personal = house.city.retention, house.store.purging, house.store.personal
        if retention.is_endless:
            typer.echo("the city keeps everything for good; `retention:` in the city file says otherwise")
            return
        if dry_run:
            for line in _due(retention, purging, personal, utc_now()):
                typer.echo(line)
            return

        def told(number: str, files: int) -> None:
            typer.echo(f"{number}: {files} files deleted")

        def told_of_track(pass_id: str, places: int) -> None:
            typer.echo(f"pass {pass_id}: track of {places} places deleted")

        def told_of(what: str, count: int) -> None:
            typer.echo(f"{what}: {count} deleted")

        while purge_personal(personal, retention, by=MACHINE, clock=utc_now, done=told_of) >= AT_ONCE:
            pass
        while purge_tracks(purging, retention, by=MACHINE, clock=utc_now, done=told_of_track) == AT_ONCE:
            pass
        while delete(purging, house.evidence, retention, by=MACHINE, clock=utc_now, done=told) == AT_ONCE:
            pass


def _due(retention: "Retention", purging: "SqlPurging", personal: "SqlPersonal", now: datetime) -> Iterator[str]:
    """What would be deleted, a line each."""
    for case in purging.expired(retention, now, limit=MOST):
        yield f"{case.number} {case.state.value} {case.ended_at:%Y-%m-%d}"
    yield from (f"track of pass {id}" for id in purging.expired_tracks(retention, now, limit=MOST))
    yield from (f"contacts of case {id}" for id in personal.expired_contacts(retention, now, limit=MOST))
    yield from (f"order {id}" for id in personal.expired_orders(retention, now, limit=MOST))
