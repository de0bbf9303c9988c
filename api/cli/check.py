"""`jiexun check`: what a city file says, and what is wrong with it."""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api.city.city import City, load_city
from api.city.doubts import doubts
from api.city.reading import read_document
from api.cli.speech import BAD_INPUT, screen
from api.errors import CityError, Problem
from inference.sources.address import redact


def check(
    city: Annotated[Path, typer.Argument(help="The city file, e.g. city.yaml.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Check a city file: every problem with its line, what it says, and what may not be meant so."""
    try:
        read = load_city(city, environment=os.environ)
    except CityError as error:
        _refuse(error.problems, as_json=as_json)
        raise typer.Exit(BAD_INPUT) from None
    warnings = list(doubts(read, read_document(city)))
    if as_json:
        typer.echo(json.dumps({"valid": True, **_said(read), "warnings": [asdict(one) for one in warnings]}))
        return
    _show(read)
    for warning in warnings:
        typer.echo(f"warning: {warning}")
    typer.echo(f"{city}: valid, {len(warnings)} warning{'' if len(warnings) == 1 else 's'}")


def _refuse(found: Sequence[Problem], *, as_json: bool) -> None:
    problems = [replace(problem, file=redact(problem.file)) for problem in found]
    if as_json:
        typer.echo(json.dumps({"valid": False, "problems": [asdict(problem) for problem in problems]}))
        return
    for problem in problems:
        sys.stderr.write(f"{problem}\n")


def _said(city: City) -> dict[str, object]:
    return {
        "city": city.file.city.name.model_dump(),
        "cameras": {camera: [zone.id for zone in view.zones] for camera, view in city.views.items()},
        "departments": {part.id: part.channel.type for part in city.file.departments},
        "duty_lines": sum(len(edition.lines) for edition in city.editions.read),
        "areas": len(city.grid.areas),
    }


def _show(city: City) -> None:
    name = city.file.city.name
    table = Table(title=f"{name.zh} {name.en} ({city.calendar.zone.key})", title_justify="left")
    for heading in ("what", "id", "name", "details"):
        table.add_column(heading, overflow="fold")
    for camera in city.file.cameras:
        zones = ", ".join(f"{zone.id} ({zone.kind})" for zone in camera.zones) or "no zones"
        table.add_row("vehicle" if camera.moving else "camera", camera.id, _both(camera.name.zh, camera.name.en), zones)
    for part in city.file.departments:
        table.add_row("department", part.id, _both(part.name.zh, part.name.en), part.channel.type)
    for edition in city.editions.read:
        for line in edition.lines:
            where = f"in {line.area}" if line.area else "everywhere"
            owner = line.department or "nobody"
            what = " ".join(str(one) for one in (line.event.name, line.kind) if one)
            table.add_row(f"duty {edition.part.name}", line.code, what, f"{owner}, {where}, {line.limit}")
    if city.file.duty_list:
        fallback = city.file.duty_list.fallback
        table.add_row("duty", "-", "everything else", f"{fallback.department}, {fallback.limit}")
    screen().print(table)


def _both(zh: str, en: str) -> str:
    return f"{zh} / {en}"
