"""`jiexun duty`: care for the duty list (权责清单)."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from api.city.city import load_city
from api.city.draft import CityDraft, read_city
from api.city.duty_copy import refuse_changed, write_copy, write_table
from api.city.duty_file import read_duty_file
from api.city.duty_lines import lines_of, wrong_names
from api.city.duty_table import DutyTable
from api.city.editions import ReadEdition, rows_of
from api.city.problems import in_file_order
from api.city.unowned import unowned
from api.cli.speech import BAD_INPUT
from api.errors import CityError, Problem
from cases.grid import Grid
from inference.sources.address import redact

duty = typer.Typer(no_args_is_help=True, help="Care for the duty list (权责清单).")

CityArgument = Annotated[Path, typer.Argument(help="The city file, e.g. city.yaml.")]


@duty.callback()
def _duty() -> None:
    """Care for the duty list (权责清单)."""


@duty.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="The list as the city wrote it: .csv or .xlsx, nine columns.")],
    *,
    out: Annotated[Path, typer.Option(help="The clean table to write: .csv or .xlsx.")],
    city: Annotated[Path | None, typer.Option(help="City file, to check departments and areas by.")] = None,
) -> None:
    """Read a duty list with its merged cells and write it as a clean table that a city file can name."""
    table = _read(file)
    if city is not None:
        draft = read_city(city)
        areas = [area.code for area in draft.places.areas]
        if wrong := list(wrong_names(table, draft.editions.callings, areas)):
            _tell(wrong)
    write_table(out, table.rows)
    for name in table.passed_over:
        typer.echo(f"passed over: {name}")
    lines = lines_of(table, {}, {})
    typer.echo(f"{out}: {len(lines)} lines, {len({line.code for line in lines})} codes")


@duty.command()
def check(
    city: CityArgument,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of lines.")] = False,
) -> None:
    """Look for two owners of one matter, and for codes and areas that nobody owns."""
    try:
        draft = read_city(city)
    except CityError as error:
        _tell(error.problems)
    grid = Grid(draft.places.areas)
    editions = draft.editions.read
    found = list(draft.problems(None))
    found += [hole for edition in editions for hole in unowned(draft.document, edition, editions, grid)]
    if as_json:
        told = [asdict(problem) for problem in found]
        typer.echo(json.dumps({"complete": not found, "problems": told}, ensure_ascii=False))
    if found:
        _tell(() if as_json else found)
    if not as_json:
        for edition in editions:
            typer.echo(f"{_size(edition)}: every matter has one owner")
        if not editions:
            typer.echo(f"{city}: has no edition of a duty list")


@duty.command()
def export(
    city: CityArgument,
    *,
    out: Annotated[Path, typer.Option(help="The copy to write: .csv or .xlsx.")],
    edition: Annotated[str | None, typer.Option(help="Its name; without it the one in force today.")] = None,
) -> None:
    """Write an edition as the copy to be signed (底单): with its effective date and the SHA-256 of its content."""
    load_city(city)
    draft = read_city(city)
    chosen = _chosen(draft, edition)
    rows = rows_of(chosen, draft.file.departments)
    digest = write_copy(out, chosen.part.name, chosen.part.effective_from, rows)
    typer.echo(f"{out}: {_size(chosen)}, SHA-256 {digest}")


def _chosen(draft: CityDraft, name: str | None) -> ReadEdition:
    editions = draft.editions.read
    today = datetime.now(UTC).astimezone(draft.file.city.zone).date()
    begun = [edition for edition in editions if edition.part.effective_from <= today]
    if name is None and begun:
        return max(begun, key=lambda edition: edition.part.effective_from)
    for edition in editions:
        if edition.part.name == name:
            return edition
    known = ", ".join(edition.part.name for edition in editions) or "none"
    wanted = "has no edition in force today" if name is None else "has no edition of that name"
    problem = draft.document.problem(("duty_list",), f"{wanted}; name one with --edition: {known}")
    raise in_file_order([problem])


def _read(file: Path) -> DutyTable:
    try:
        table = read_duty_file(file)
        refuse_changed(table)
    except CityError as error:
        _tell(error.problems)
    return table


def _size(edition: ReadEdition) -> str:
    codes = len({line.code for line in edition.lines})
    return f"edition {edition.part.name} from {edition.part.effective_from}, {len(edition.lines)} lines, {codes} codes"


def _tell(found: Sequence[Problem]) -> NoReturn:
    """All of them, and exit status 2."""
    for problem in found:
        sys.stderr.write(redact(f"{problem}\n"))
    raise typer.Exit(BAD_INPUT)
