"""The duty list as cities write it: a table of nine columns, one row for each filing condition."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from api.errors import CityError, Problem
from cases.duty_list import EventCode
from cases.errors import DutyListError
from cases.limit import Limit, parse_limit
from inference.findings import ViolationKind

NINE = (
    "大类代码",
    "大类名称",
    "小类代码",
    "小类名称",
    "处置单位",
    "主管部门",
    "立案条件",
    "结案条件",
    "处置时限",
)
FURTHER = ("适用区域", "协办单位", "法律依据", "识别类型")
"""Columns of our own that may follow the nine: area, co-departments, legal basis, kind of violation."""

CARRIED_DOWN = NINE[:4]
"""What people write once above several conditions; a blank below means the same again."""

HEADER_WITHIN = 12
"""A title, and the lines of a signed-off copy, may stand above the header."""

MOST_ROWS = 20_000
CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,31}")
SEPARATOR = re.compile(r"[、,，;；\n]\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet as text, merged cells filled in.

    Attributes:
        name: empty for a CSV file.
        rows: cells as people see them.
        numbers: (row, column) from 0 of the cells that hold a number and no text: they have lost leading zeros.
    """

    name: str
    rows: Sequence[Sequence[str]]
    numbers: Collection[tuple[int, int]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRow:
    """One row of the table, as it is written there: departments by whatever name people use.

    Attributes:
        row: counted from 1 in its sheet.
        sheet: the sheet; empty for a CSV file.
    """

    sheet: str
    row: int
    event: EventCode
    department: str
    authority: str
    condition: str
    closing: str
    limit: Limit
    area: str | None
    co_departments: tuple[str, ...]
    legal_basis: str
    kind: ViolationKind | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyTable:
    """A whole table.

    Attributes:
        file: its name, for messages.
        rows: in the order of the file, sheet after sheet.
        title: what stands above the header, by the first cell of its row, e.g. `版本` of a signed-off copy.
        passed_over: sheets without the nine columns, and columns that are not ours.
    """

    file: str
    rows: tuple[DutyRow, ...]
    title: dict[str, str]
    passed_over: tuple[str, ...]

    def problem(self, row: DutyRow, column: str, sentence: str) -> Problem:
        """A problem of one cell."""
        return _problem(self.file, row.sheet, row.row, column, sentence)


def table_of(file: str, sheets: Sequence[Sheet]) -> DutyTable:
    """Make sense of the text of a file.

    Raises:
        CityError: no sheet has the nine columns, or cells cannot be read; all of them are told.
    """
    rows: list[DutyRow] = []
    problems: list[Problem] = []
    title: dict[str, str] = {}
    passed_over: list[str] = []
    read = 0
    for sheet in sheets:
        start = next((i for i, row in enumerate(sheet.rows[:HEADER_WITHIN]) if set(NINE) <= set(_names(row))), None)
        if start is None:
            passed_over += [f"sheet {sheet.name}"] if any(any(row) for row in sheet.rows) else []
            continue
        read += 1
        title |= {row[0]: row[1] for row in sheet.rows[:start] if len(row) > 1 and row[0]}
        header = _names(sheet.rows[start])
        passed_over += [f"column {name}" for name in header if name and name not in (*NINE, *FURTHER)]
        if twice := [name for name in (*NINE, *FURTHER) if header.count(name) > 1]:
            problems.append(_problem(file, sheet.name, start + 1, twice[0], "stands here twice; keep one column"))
            continue
        for found in _rows(file, sheet, start, header):
            rows.append(found) if isinstance(found, DutyRow) else problems.append(found)
    if not read:
        sentence = f"has no table with the nine columns {'|'.join(NINE)}"
        raise CityError([Problem(file=file, line=None, key="", sentence=f"{sentence}; name its columns so")])
    if len(rows) > MOST_ROWS:
        raise CityError([Problem(file=file, line=None, key="", sentence=f"has more than {MOST_ROWS:,} rows; split it")])
    if problems:
        raise CityError(problems)
    return DutyTable(file=file, rows=tuple(rows), title=title, passed_over=tuple(passed_over))


def _names(row: Sequence[str]) -> list[str]:
    return ["".join(cell.split()) for cell in row]


def _rows(file: str, sheet: Sheet, start: int, header: Sequence[str]) -> Iterator[DutyRow | Problem]:
    above = dict.fromkeys(CARRIED_DOWN, "")
    for number, cells in enumerate(sheet.rows[start + 1 :], start=start + 2):
        said = dict.fromkeys((*NINE, *FURTHER), "") | dict(zip(header, cells, strict=False))
        if not any(said[name] for name in NINE):
            continue
        if said["大类代码"] and said["大类代码"] != above["大类代码"]:
            above = dict.fromkeys(CARRIED_DOWN, "")
        if said["小类代码"] and said["小类代码"] != above["小类代码"]:
            above["小类名称"] = ""
        above |= {name: said[name] for name in CARRIED_DOWN if said[name]}
        try:
            _refuse_numbers(sheet, number, header)
            yield _row(sheet.name, number, said | above)
        except _Unreadable as unreadable:
            yield _problem(file, sheet.name, number, unreadable.column, unreadable.sentence)


class _Unreadable(Exception):
    """A cell that says nothing we can use."""

    def __init__(self, column: str, sentence: str) -> None:
        super().__init__(sentence)
        self.column = column
        self.sentence = sentence


def _refuse_numbers(sheet: Sheet, number: int, header: Sequence[str]) -> None:
    for name in ("大类代码", "小类代码"):
        if (number - 1, header.index(name)) in sheet.numbers:
            raise _Unreadable(name, "holds a number, which has no leading zeros; format the column as text")


def _row(sheet: str, number: int, said: dict[str, str]) -> DutyRow:
    area = said["适用区域"]
    if area and not CODE.fullmatch(area):
        raise _Unreadable("适用区域", "must be the code of one area, or empty for everywhere")
    if not said["立案条件"]:
        raise _Unreadable("立案条件", "is empty; write when a case is to be filed")
    try:
        limit = parse_limit(said["处置时限"])
    except DutyListError as error:
        raise _Unreadable("处置时限", str(error)) from None
    return DutyRow(
        sheet=sheet,
        row=number,
        event=_event(said),
        department=said["处置单位"],
        authority=said["主管部门"],
        condition=said["立案条件"],
        closing=said["结案条件"],
        limit=limit,
        area=area or None,
        co_departments=tuple(name for name in SEPARATOR.split(said["协办单位"]) if name),
        legal_basis=said["法律依据"],
        kind=_kind(said["识别类型"]),
    )


def _event(said: dict[str, str]) -> EventCode:
    """The whole code is 大类代码 and 小类代码 together; some cities write it whole into the second column."""
    group, small = said["大类代码"], said["小类代码"]
    if group and not CODE.fullmatch(group):
        raise _Unreadable("大类代码", "must be up to 32 letters, digits, dots and hyphens")
    if not CODE.fullmatch(small):
        raise _Unreadable("小类代码", "must be up to 32 letters, digits, dots and hyphens")
    whole = small if small.startswith(group) and len(small) > len(group) else group + small
    return EventCode(code=whole, name=said["小类名称"], group=group, group_name=said["大类名称"])


def _kind(text: str) -> ViolationKind | None:
    if not text:
        return None
    try:
        return ViolationKind(text)
    except ValueError:
        near = get_close_matches(text, list(ViolationKind), n=1)
        hint = f'did you mean "{near[0]}"?' if near else f"write one of {', '.join(ViolationKind)}, or nothing"
        raise _Unreadable("识别类型", f"is no kind that cameras know; {hint}") from None


def _problem(file: str, sheet: str, row: int, column: str, sentence: str) -> Problem:
    key = f"sheet {sheet}, column {column}" if sheet else f"column {column}"
    return Problem(file=file, line=row, key=key, sentence=sentence)
