"""Duty lists as files: CSV and XLSX, read with their merged cells, and written as the signed-off copy (底单)."""

import csv
import io
import re
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from api.city.duty_table import DutyTable, Sheet, table_of
from api.errors import CityError, Problem

LARGEST_BYTES = 20_000_000
LARGEST_UNPACKED = 200_000_000
MOST_COLUMNS = 100


def read_duty_file(path: Path) -> DutyTable:
    """Read a table of the nine columns.

    Args:
        path: `.csv` (UTF-8 or GB 18030) or `.xlsx`.

    Raises:
        CityError: it cannot be read; every unreadable cell is told with its sheet, row and column.
    """
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise _refused(path, "is neither .csv nor .xlsx; save the list as one of them")
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise _refused(path, f"cannot be read ({error.strerror}); name an existing duty list") from None
    if len(data) > LARGEST_BYTES:
        raise _refused(path, f"is larger than {LARGEST_BYTES:,} bytes; delete pictures from it or split it")
    sheets = [_csv(path, data)] if path.suffix.lower() == ".csv" else _xlsx(path, data)
    return table_of(str(path), sheets)


def _csv(path: Path, data: bytes) -> Sheet:
    try:
        rows = list(csv.reader(io.StringIO(_decoded(path, data), newline=""), strict=True))
    except csv.Error as error:
        raise _refused(path, f"is no CSV ({error}); save it as CSV once more") from None
    return Sheet(name="", rows=[[_plain(cell) for cell in row] for row in rows])


def _decoded(path: Path, data: bytes) -> str:
    """Office programs in China save CSV in GB 18030. A wrong guess cannot pass: the nine names would not be there."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _refused(path, "is neither UTF-8 nor GB 18030; save it as CSV UTF-8 or as XLSX")


def _xlsx(path: Path, data: bytes) -> list[Sheet]:
    try:
        with ZipFile(io.BytesIO(data)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
    except BadZipFile:
        raise _refused(path, "is no XLSX workbook, or damaged; save it as .xlsx once more") from None
    if unpacked > LARGEST_UNPACKED:
        raise _refused(path, f"unpacks to more than {LARGEST_UNPACKED:,} bytes; save only the list as .xlsx")
    from openpyxl import load_workbook  # a third of a second, which no start has to wait for

    try:
        book = load_workbook(io.BytesIO(data), data_only=True)
    except Exception as error:  # the library lets whatever goes wrong in its parsers through
        raise _refused(path, f"is no XLSX workbook, or damaged ({type(error).__name__}); save it once more") from None
    return [_sheet(sheet) for sheet in book.worksheets]


def _sheet(sheet: Any) -> Sheet:
    cells = list(sheet.iter_rows(max_col=min(sheet.max_column, MOST_COLUMNS)))
    rows = [[_written(cell) for cell in row] for row in cells]
    numbers = {(i, j) for i, row in enumerate(cells) for j, cell in enumerate(row) if _is_bare_number(cell)}
    for merged in sheet.merged_cells.ranges:
        if merged.min_col != merged.max_col:
            continue  # a title over several columns says nothing about each of them
        column = merged.min_col - 1
        top = rows[merged.min_row - 1][column] if column < MOST_COLUMNS else ""
        for row in rows[merged.min_row - 1 : merged.max_row]:
            if column < len(row):
                row[column] = top
    return Sheet(name=sheet.title, rows=rows, numbers=numbers)


def _written(cell: Any) -> str:
    """A cell as a person sees it: a number that is shown with leading zeros keeps them."""
    if cell.value is None:
        return ""
    if isinstance(cell.value, int) and not _is_bare_number(cell):
        return str(cell.value).zfill(len(cell.number_format))
    return _plain(str(cell.value))


def _is_bare_number(cell: Any) -> bool:
    is_number = isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
    return is_number and not (isinstance(cell.value, int) and re.fullmatch("00+", str(cell.number_format)))


def _plain(text: str) -> str:
    """Without blanks around, and with lines inside a cell joined as people read them."""
    return " ".join(text.split())


def _refused(path: Path, sentence: str) -> CityError:
    return CityError([Problem(file=str(path), line=None, key="", sentence=sentence)])
