"""`jiexun patrol`: where vehicles should go next."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from api.errors import ExportError, SettingsError

patrol = typer.Typer(no_args_is_help=True, help="Plan patrols.")


@patrol.callback()
def _group() -> None:
    """Plan patrols."""


@patrol.command()
def plan(
    *,
    city: Annotated[Path | None, typer.Option(help="The city file; without it JIEXUN_CITY_FILE.")] = None,
    at: Annotated[str | None, typer.Option(help="When the tours begin, with a zone; now without it.")] = None,
    vehicle: Annotated[str | None, typer.Option(help="Only for this vehicle, on duty or not.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write a GPX file for each vehicle into this folder.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object for each vehicle, on a line.")] = False,
) -> None:
    """Plan the next tour of each vehicle: re-checks, what comes back, risk at the hour, what was not seen for long."""
    from api.patrols.planning import PlanAsked, planned
    from api.wiring import open_house  # the database takes a second to import; other commands need not wait
    from cases.patrolling.gpx import gpx_of
    from cases.patrolling.tours import road_names

    begins = _instant(at) if at else datetime.now(UTC)
    with open_house(city_file=city) as house:
        made = planned(house.city, house.store, PlanAsked(at=begins, vehicle=vehicle))
        names = {id: name.zh for id, name in house.city.road_names.items()}
        for tour in made:
            said = {
                "vehicle": tour.vehicle.id,
                "metres": round(tour.metres),
                "minutes": round(tour.seconds / 60, 1),
                "worth": round(tour.worth, 1),
                "visits": sum(leg.worth is not None for leg in tour.legs),
                "roads": road_names(tour, names),
            }
            if out:
                said["gpx"] = str(_written(out / f"{tour.vehicle.id}.gpx", gpx_of(tour, tour.vehicle.id)))
            if as_json:
                typer.echo(json.dumps(said, ensure_ascii=False))
            else:
                typer.echo(f"{said['vehicle']}: {said['metres']} m in {said['minutes']} min, {said['visits']} visits")
                typer.echo("  " + " → ".join(road_names(tour, names)))


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None or not 1970 < instant.year < 9999:
        raise SettingsError("--at must be a time with its zone, such as 2026-03-01T08:00:00+08:00")
    return instant.astimezone(UTC)


def _written(path: Path, data: bytes) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise ExportError(f"{path} cannot be written ({error.strerror}); choose another --out folder") from None
    return path
