"""The editions of a city's duty list, whether they stand in the city file or in a table beside it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path

from api.city.departments import Department
from api.city.document import Document, KeyPath
from api.city.duty_copy import EDITION, EFFECTIVE_FROM, refuse_changed
from api.city.duty_file import read_duty_file
from api.city.duty_lines import Callings, lines_of, wrong_names
from api.city.duty_list import EditionPart
from api.city.duty_table import DutyRow, DutyTable
from api.city.file import CityFile
from api.errors import Problem
from cases.duty_check import overlaps
from cases.duty_list import DutyLine


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadEdition:
    """One edition with its lines.

    Attributes:
        index: its position in the city file.
        part: what the city file says about it.
        lines: its duties.
        table: where they stand, row by row; None where they stand in the city file.
    """

    index: int
    part: EditionPart
    lines: tuple[DutyLine, ...]
    table: DutyTable | None = None

    def problem(self, document: Document, line: int, key: str, sentence: str) -> Problem:
        """A problem of one line, where it stands. `key` is that of the city file."""
        if self.table is None:
            path = ("duty_list", "editions", self.index, "lines", line)
            return document.problem((*path, key) if key else path, sentence)
        return self.table.problem(self.table.rows[line], COLUMNS[key], sentence)

    def place(self, line: int) -> str:
        """How a line is called in a sentence about another one."""
        if self.table is None:
            return f"lines[{line}]"
        row = self.table.rows[line]
        return f"row {row.row} of sheet {row.sheet}" if row.sheet else f"row {row.row}"


COLUMNS: Mapping[str, str] = {"": "处置单位", "kind": "识别类型", "department": "处置单位"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Editions:
    """All of them, in the order of the city file."""

    read: tuple[ReadEdition, ...] = ()
    callings: Callings = field(default_factory=dict[str, str | None])

    def problems(self, document: Document, areas: Sequence[str]) -> Iterator[Problem]:
        """Names that mean nothing, contradictions inside an edition, and editions that begin on one day."""
        for edition in self.read:
            if edition.table is not None:
                yield from wrong_names(edition.table, self.callings, areas)
                yield from _wrong_title(document, edition, edition.table)
            yield from contradictions(document, edition)
        for key in ("name", "effective_from"):
            first: dict[object, int] = {}
            for i, edition in enumerate(self.read):
                earlier = first.setdefault(getattr(edition.part, key), i)
                if earlier != i:
                    sentence = f"is the same as that of editions[{earlier}]; give each its own"
                    yield document.problem(("duty_list", "editions", i, key), sentence)

    def until(self, edition: ReadEdition) -> date | None:
        """The day on which the next edition begins."""
        ordered = sorted(self.read, key=lambda one: one.part.effective_from)
        return next((after.part.effective_from for one, after in pairwise(ordered) if one is edition), None)


def read_editions(city: CityFile, folder: Path) -> Editions:
    """The editions of a city file that lies in `folder`.

    Raises:
        CityError: a table cannot be read, or was changed after it was signed off.
    """
    callings = callings_of(city.departments)
    read: list[ReadEdition] = []
    for i, part in enumerate(city.duty_list.editions if city.duty_list else ()):
        if part.file is None:
            read.append(ReadEdition(index=i, part=part, lines=_own_lines(part)))
            continue
        table = read_duty_file(folder / part.file)
        refuse_changed(table)
        lines = lines_of(table, callings, {one.code: one.kind for one in part.kinds})
        read.append(ReadEdition(index=i, part=part, lines=lines, table=table))
    return Editions(read=tuple(read), callings=callings)


def contradictions(document: Document, edition: ReadEdition) -> Iterator[Problem]:
    """Lines of one edition that are about one matter."""
    for found in overlaps(edition.lines):
        what = "kind and area" if found.kind else "code, area and condition"
        again = f"has the {what} of {edition.place(found.first)} again"
        sentence = f"{again}: two owners for one matter; keep one" if found.owners else f"{again}; keep one"
        yield edition.problem(document, found.second, "kind" if found.kind and edition.table else "", sentence)


def callings_of(departments: Sequence[Department]) -> Callings:
    """The identifier of a department by everything it is called; None where two are called so."""
    callings: dict[str, str | None] = {}
    for part in departments:
        for calling in {part.name.zh, part.name.en}:
            callings[calling] = part.id if callings.get(calling, part.id) == part.id else None
    return callings | {part.id: part.id for part in departments}


def rows_of(edition: ReadEdition, departments: Sequence[Department]) -> list[DutyRow]:
    """The lines of an edition as the rows of a table, departments by their Chinese names where these are clear."""
    callings = callings_of(departments)
    shown = {part.id: part.name.zh if callings[part.name.zh] == part.id else part.id for part in departments}
    return [
        DutyRow(
            sheet="",
            row=i,
            event=line.event,
            department=shown[line.department] if line.department else "",
            authority=line.authority,
            condition=line.condition,
            closing=line.closing,
            limit=line.limit,
            area=line.area,
            co_departments=tuple(shown[department] for department in line.co_departments),
            legal_basis=line.legal_basis,
            kind=line.kind,
        )
        for i, line in enumerate(edition.lines, start=1)
    ]


def _own_lines(part: EditionPart) -> tuple[DutyLine, ...]:
    counted: dict[str, int] = {}
    lines: list[DutyLine] = []
    for line in part.lines:
        counted[line.code] = counted.get(line.code, 0) + 1
        lines.append(line.build(counted[line.code]))
    return tuple(lines)


def _wrong_title(document: Document, edition: ReadEdition, table: DutyTable) -> Iterator[Problem]:
    """A signed-off copy says which edition it is."""
    at: KeyPath = ("duty_list", "editions", edition.index)
    said = {"name": edition.part.name, "effective_from": edition.part.effective_from.isoformat()}
    for key, line in (("name", EDITION), ("effective_from", EFFECTIVE_FROM)):
        if table.title.get(line, said[key]) != said[key]:
            yield document.problem((*at, key), f"is not what {edition.part.file} says under {line}; name what it says")
