"""The signed-off copy (底单) of an edition: its table with name, effective date and the SHA-256 of all of it.

The digest is that of the copy as CSV in UTF-8 (no byte order mark, lines end with a line feed) without the line that
names it. A workbook shows the same digest, so both copies of one edition can be compared by it.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from api.city.duty_table import FURTHER, NINE, DutyRow, DutyTable
from api.errors import CityError, Problem

EDITION = "版本"
EFFECTIVE_FROM = "生效日期"
DIGEST = "SHA-256"
WIDTHS = (8, 14, 8, 20, 22, 22, 44, 30, 14, 18, 24, 40, 20)


def write_copy(path: Path, edition: str, effective_from: date, rows: Sequence[DutyRow]) -> str:
    """Write the copy as CSV or XLSX, by the ending of `path`.

    Returns:
        Its SHA-256, hex.

    Raises:
        CityError: the ending is another one, or the file exists.
        OSError: it cannot be written.
    """
    digest = digest_of(edition, effective_from.isoformat(), rows)
    title = [[EDITION, edition], [EFFECTIVE_FROM, effective_from.isoformat()], [DIGEST, digest]]
    write_table(path, rows, title)
    return digest


def write_table(path: Path, rows: Sequence[DutyRow], title: Sequence[Sequence[str]] = ()) -> None:
    """Write rows as CSV or XLSX, by the ending of `path`, below lines that say what they are.

    Raises:
        CityError: the ending is another one, or the file exists.
        OSError: it cannot be written.
    """
    if path.exists():
        raise _refused(path, "exists already; name a new file")
    lines = [*title, *_cells(rows)]
    match path.suffix.lower():
        case ".csv":
            path.write_text(_csv(lines), encoding="utf-8-sig", newline="")
        case ".xlsx":
            _write_workbook(path, lines, header=len(title) + 1)
        case _:
            raise _refused(path, "is neither .csv nor .xlsx; name it so")


def digest_of(edition: str, effective_from: str, rows: Sequence[DutyRow]) -> str:
    """What the line `SHA-256` of a copy says."""
    return sha256(_csv([[EDITION, edition], [EFFECTIVE_FROM, effective_from], *_cells(rows)]).encode()).hexdigest()


def refuse_changed(table: DutyTable) -> None:
    """Refuse a signed-off copy that was changed afterwards.

    Raises:
        CityError: its digest is not that of its content.
    """
    stated = table.title.get(DIGEST)
    if stated is None:
        return
    real = digest_of(table.title.get(EDITION, ""), table.title.get(EFFECTIVE_FROM, ""), table.rows)
    if stated != real:
        sentence = f"was changed after it was signed off; take the signed copy, or delete its line {DIGEST}"
        raise CityError([Problem(file=table.file, line=None, key=DIGEST, sentence=sentence)])


def _cells(rows: Sequence[DutyRow]) -> Iterable[Sequence[str]]:
    yield (*NINE, *FURTHER)
    for row in rows:
        event = row.event
        small = event.code.removeprefix(event.group)
        # Where the rest begins like the group, only the whole code is read back as what it is.
        whole = small.startswith(event.group) and len(small) > len(event.group)
        yield (
            event.group,
            event.group_name,
            event.code if whole else small,
            event.name,
            row.department,
            row.authority,
            row.condition,
            row.closing,
            str(row.limit),
            row.area or "",
            "、".join(row.co_departments),
            row.legal_basis,
            row.kind or "",
        )


def _csv(lines: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue()


def _write_workbook(path: Path, lines: Sequence[Sequence[str]], header: int) -> None:
    from openpyxl import Workbook  # a third of a second, which no start has to wait for
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "权责清单"
    for i, line in enumerate(lines, start=1):
        for j, value in enumerate(line, start=1):
            cell: Any = sheet.cell(row=i, column=j)
            # Set as text, whatever it begins with: a code keeps its zeros, and nothing becomes a formula.
            cell.value, cell.data_type = value, "s"
            cell.number_format = "@"
            cell.font = Font(bold=i <= header)
    sheet.freeze_panes = f"A{header + 1}"
    for j, width in enumerate(WIDTHS):
        sheet.column_dimensions["ABCDEFGHIJKLM"[j]].width = width
    book.save(path)


def _refused(path: Path, sentence: str) -> CityError:
    return CityError([Problem(file=str(path), line=None, key="", sentence=sentence)])
