"""Tables for spreadsheets: what people and cameras say never becomes a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from tempfile import SpooledTemporaryFile
from typing import Any

Cell = str | int | float | bool | None
BYTE_ORDER_MARK = "\ufeff"
"""Before the first line of a CSV, so that spreadsheets read Chinese right."""
MOST_ROWS = 1_048_575
"""Of an XLSX sheet, below its head."""
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""With which a spreadsheet takes a text of a CSV for a formula."""
IN_MEMORY = 8 * 2**20
"""Bytes of a workbook that are held in memory; what is longer goes to a temporary file."""
LONGEST_CELL = 32_767
"""Characters that a cell of an XLSX holds."""


def csv_line(cells: Sequence[object]) -> str:
    r"""One line of a CSV (RFC 4180).

    >>> csv_line(["=1+1", None, "", "a,b", -1])
    '\'=1+1,,,"a,b",-1\r\n'
    """
    out = StringIO()
    csv.writer(out).writerow(["" if cell is None else _inert(cell) for cell in cells])
    return out.getvalue()


def csv_lines(rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """A whole CSV, line by line."""
    yield BYTE_ORDER_MARK
    yield from map(csv_line, rows)


def workbook(rows: Iterable[Sequence[Cell]], title: str) -> SpooledTemporaryFile[bytes]:
    """An XLSX with one sheet, whose first row is its head and stays in sight; memory does not grow with the rows."""
    from openpyxl import Workbook  # a third of a second, which no start has to wait for

    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    file = SpooledTemporaryFile[bytes](max_size=IN_MEMORY)
    book.save(file)
    file.seek(0)
    return file


def _cell(sheet: Any, value: Cell) -> Any:
    if not isinstance(value, str):
        return value
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value=_printable(value)[:LONGEST_CELL])
    cell.data_type = "s"  # text, whatever it begins with
    return cell


def _printable(text: str) -> str:
    """Without the control characters that XLSX cannot hold."""
    return "".join(char if char >= " " or char in "\n\t" else " " for char in text)


def _inert(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_SIGNS) else cell
