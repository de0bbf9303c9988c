"""`jiexun place`: what the city's order says about one point: its areas, its people, its owner."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from api.city.city import City, load_city
from api.errors import CityError, Problem, SettingsError
from cases.city import CityOrder
from cases.duty_list import Duty
from cases.grid import Spot
from cases.organisation import Unit
from inference.findings import ViolationKind
from inference.geo import LatLon


def place(
    city: Annotated[Path, typer.Argument(help="The city file, e.g. city.yaml.")],
    lat: Annotated[float, typer.Option(help="Degrees WGS84.")],
    lon: Annotated[float, typer.Option(help="Degrees WGS84.")],
    *,
    kind: Annotated[ViolationKind | None, typer.Option(help="Who owns what cameras call so.")] = None,
    code: Annotated[str | None, typer.Option(help="Who owns the event of this code of the duty list.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of lines.")] = False,
) -> None:
    """Say in which areas a point lies, who looks after it and whom to speak to, and who owns a matter there."""
    read = load_city(city)
    if read.order is None:
        sentence = "is missing, so nothing has an owner; name at least its `fallback`"
        raise CityError([Problem(file=str(city), line=None, key="duty_list", sentence=sentence)])
    spot = read.grid.locate(_point(lat, lon))
    people = read.order.organisation.looking_after(read.grid.path(spot.area))
    asked = kind is not None or code is not None
    owner = read.order.duty_for(kind, spot.area, datetime.now(UTC), code=code) if asked else None
    if as_json:
        typer.echo(json.dumps(_said(read, spot, people, owner), ensure_ascii=False))
        return
    _show(read, read.order, spot, people, owner)


def _point(lat: float, lon: float) -> LatLon:
    try:
        return LatLon(lat=lat, lon=lon)
    except ValueError as error:
        raise SettingsError(f"{error}; write --lat and --lon in degrees WGS84") from None


def _said(city: City, spot: Spot, people: tuple[Unit, ...], owner: Duty | None) -> dict[str, object]:
    areas = [
        {"code": code, "level": city.grid.areas[code].level, "name": city.areas[code].model_dump()}
        for code in city.grid.path(spot.area)
    ]
    duty = asdict(owner) | {"limit": str(owner.limit)} if owner else None
    return {"standing": spot.standing, "areas": areas, "people": [asdict(unit) for unit in people], "owner": duty}


def _show(city: City, order: CityOrder, spot: Spot, people: tuple[Unit, ...], owner: Duty | None) -> None:
    typer.echo(f"{spot.standing} the map")
    for code in city.grid.path(spot.area):
        name = city.areas[code]
        typer.echo(f"  {city.grid.areas[code].level:<10} {code}  {name.zh} / {name.en}")
    for unit in people:
        contact = f", {unit.contact.name} {unit.contact.phone}" if unit.contact else ""
        typer.echo(f"  {unit.kind:<13} {unit.id}  {unit.name}{contact}")
    if owner:
        known = order.departments.get(owner.department)
        line = f"line {owner.line} of edition {owner.edition}" if owner.line else "no line names it"
        name = known.name if known else owner.department
        typer.echo(f"owner: {owner.department}  {name}, {owner.limit}, {line}")
