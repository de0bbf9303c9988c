"""Duty lists as cities write them: merged cells, several conditions a code, and what cannot be read."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from api.city.duty_copy import refuse_changed, write_copy
from api.city.duty_file import read_duty_file
from api.city.duty_table import NINE, DutyRow
from api.errors import CityError
from cases.clocks import ClockKind
from cases.duty_list import EventCode
from cases.limit import Limit
from inference.findings import ViolationKind

ROW = ("01", "市容环境", "10", "暴露垃圾", "环卫所", "城管局", "垃圾未入容器", "清理", "4小时")
HEADER = ",".join(NINE)


def a_csv(*rows: Sequence[str], header: Sequence[str] = NINE) -> str:
    return "\n".join(",".join(row) for row in (header, *rows)) + "\n"


def but(column: str, value: str) -> tuple[str, ...]:
    return tuple(value if name == column else said for name, said in zip(NINE, ROW, strict=True))


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Path]:
    """Writes a workbook of one sheet, 事件, with cells merged."""

    def write(rows: Sequence[Sequence[Any]], *merged: str) -> Path:
        workbook = Workbook()
        sheet: Any = workbook.worksheets[0]
        sheet.title = "事件"
        for row in rows:
            sheet.append(list(row))
        for cells in merged:
            sheet.merge_cells(cells)
        workbook.create_sheet("说明").append(["请勿修改表头"])
        path = tmp_path / "list.xlsx"
        workbook.save(path)
        return path

    return write


def test_a_workbook_with_merged_cells_and_several_conditions(book: Callable[..., Path]) -> None:
    rows = [
        ["权责清单"],
        NINE,
        ROW,
        [None, None, None, None, None, None, "容器满溢", "清运", "2工作日"],
        [None, None, "12", "道路不洁", "保洁队", None, "路面有油污", None, "2紧急工作时"],
    ]
    table = read_duty_file(book(rows, "A1:I1", "A3:A5", "B3:B5", "C3:C4", "D3:D4", "E3:E4", "F3:F5", "H4:H5"))
    assert table.passed_over == ("sheet 说明",)
    assert [(row.event.code, row.event.name, row.department, row.authority) for row in table.rows] == [
        ("0110", "暴露垃圾", "环卫所", "城管局"),
        ("0110", "暴露垃圾", "环卫所", "城管局"),
        ("0112", "道路不洁", "保洁队", "城管局"),
    ]
    assert [(row.condition, row.closing) for row in table.rows] == [
        ("垃圾未入容器", "清理"),
        ("容器满溢", "清运"),
        ("路面有油污", "清运"),
    ]
    assert [(row.limit.amount, row.limit.clock) for row in table.rows] == [
        (4, ClockKind.EMERGENCY_HOURS),
        (2, ClockKind.WORKING_DAYS),
        (2, ClockKind.EMERGENCY_HOURS),
    ]


def test_codes_that_a_workbook_shows_with_zeros_keep_them(book: Callable[..., Path]) -> None:
    path = book([NINE, (1, *ROW[1:2], 10, *ROW[3:])])
    with pytest.raises(CityError) as refused:
        read_duty_file(path)
    assert str(refused.value) == (
        f"{path}:2: sheet 事件, column 大类代码: holds a number, which has no leading zeros; format the column as text"
    )


def test_an_unreadable_limit_is_told_with_sheet_row_and_column(book: Callable[..., Path]) -> None:
    path = book([NINE, ROW, but("处置时限", "尽快"), but("处置时限", "2"), (*ROW[:8], 2)])
    with pytest.raises(CityError) as refused:
        read_duty_file(path)
    assert [str(problem).partition(": must")[0] for problem in refused.value.problems] == [
        f"{path}:{row}: sheet 事件, column 处置时限" for row in (3, 4, 5)
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "has no table with the nine columns 大类代码|"),
        (a_csv(ROW[:8], header=NINE[:8]), "has no table with the nine columns"),
        (a_csv(but("处置时限", "三天")), ":2: column 处置时限: must be a time such as 2紧急工作时"),
        (a_csv(but("立案条件", "")), ":2: column 立案条件: is empty; write when"),
        (a_csv(but("小类代码", "")), ":2: column 小类代码: must be up to 32"),
        (a_csv(but("小类代码", "一")), ":2: column 小类代码: must be up to 32"),
        (a_csv((*ROW, "x"), header=(*NINE, NINE[0])), ":1: column 大类代码: stands here twice; keep one column"),
        (a_csv((*ROW, "parking"), header=(*NINE, "识别类型")), ":2: column 识别类型: is no kind that cameras know; "),
        (a_csv((*ROW, "东 街"), header=(*NINE, "适用区域")), ":2: column 适用区域: must be the code of one area"),
        (f'{HEADER}\n"01,', "is no CSV (unexpected end of data); save it as CSV once more"),
    ],
)
def test_what_cannot_be_read_is_told(content: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CityError) as refused:
        read_duty_file(path)
    assert says in str(refused.value)


@pytest.mark.parametrize("name", ["list.xls", "list.csv", "list.xlsx"])
def test_what_is_no_list(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(b"\xff\xfe\x00\x81\xff")
    with pytest.raises(CityError, match=r"save"):
        read_duty_file(path)
    with pytest.raises(CityError, match=r"neither|cannot be read"):
        read_duty_file(tmp_path / f"no-{name}")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_of_an_office_program_is_read(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    rows = (ROW, ("", "", "", "", "环卫所", "", "容器满溢", "", "1天"), (*but("小类代码", "0112"), "注"))
    path.write_bytes(a_csv(*rows, header=(*NINE, "备注")).replace("\n", "\r\n").encode(encoding))
    table = read_duty_file(path)
    assert [row.event.code for row in table.rows] == ["0110", "0110", "0112"]
    assert table.passed_over == ("column 备注",)


CELL = st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=8).filter(lambda text: "、" not in text)
NAME = st.from_regex(r"[a-z\u4e00-\u9fa5]{1,6}", fullmatch=True)
CODE = st.from_regex(r"[0-9]{1,4}", fullmatch=True)


@st.composite
def rows(draw: st.DrawFn) -> list[DutyRow]:
    return [
        DutyRow(
            sheet="",
            row=0,
            event=EventCode(code=group + draw(CODE), name=draw(CELL), group=group, group_name=draw(CELL)),
            department=draw(NAME),
            authority=draw(st.just("") | NAME),
            condition=draw(CELL),
            closing=draw(st.just("") | CELL),
            limit=Limit(amount=draw(st.integers(1, 99)), clock=draw(st.sampled_from(ClockKind))),
            area=draw(st.none() | CODE),
            co_departments=tuple(draw(st.lists(NAME, max_size=2))),
            legal_basis=draw(st.just("") | CELL),
            kind=draw(st.none() | st.sampled_from(ViolationKind)),
        )
        for group in draw(st.lists(CODE, min_size=1, max_size=4))
    ]


def without_place(found: Sequence[DutyRow]) -> list[DutyRow]:
    return [replace(row, sheet="", row=0) for row in found]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(written=rows())
def test_what_is_exported_is_imported_and_exported_again(ending: str, written: list[DutyRow], tmp_path: Path) -> None:
    path, again = tmp_path / f"copy.{ending}", tmp_path / f"again.{ending}"
    path.unlink(missing_ok=True)
    again.unlink(missing_ok=True)
    digest = write_copy(path, "2026-1", date(2026, 1, 1), written)
    table = read_duty_file(path)
    refuse_changed(table)
    assert without_place(table.rows) == without_place(written)
    assert table.title == {"版本": "2026-1", "生效日期": "2026-01-01", "SHA-256": digest}
    assert write_copy(again, "2026-1", date(2026, 1, 1), table.rows) == digest


def a_row() -> DutyRow:
    event = EventCode(code="0110", name="暴露垃圾", group="01", group_name="市容环境")
    return DutyRow(
        sheet="",
        row=1,
        event=event,
        department="环卫所",
        authority="",
        condition="=1+1",
        closing="",
        limit=Limit(amount=4),
        area=None,
        co_departments=(),
        legal_basis="",
        kind=None,
    )


def test_a_copy_that_was_changed_after_signing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "copy.csv"
    write_copy(path, "2026-1", date(2026, 1, 1), [a_row()])
    path.write_text(path.read_text(encoding="utf-8").replace("4紧急工作时", "9紧急工作时"), encoding="utf-8")
    with pytest.raises(CityError, match="was changed after it was signed off"):
        refuse_changed(read_duty_file(path))


def test_the_digest_can_be_checked_without_us(tmp_path: Path) -> None:
    path = tmp_path / "copy.csv"
    digest = write_copy(path, "2026-1", date(2026, 1, 1), [a_row()])
    lines = path.read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)
    assert sha256(b"".join(line for line in lines if not line.startswith(b"SHA-256"))).hexdigest() == digest


def test_nothing_in_a_workbook_becomes_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "copy.xlsx"
    write_copy(path, "2026-1", date(2026, 1, 1), [a_row()])
    assert read_duty_file(path).rows[0].condition == "=1+1"


def test_a_file_that_exists_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "copy.csv"
    path.write_text("precious", encoding="utf-8")
    with pytest.raises(CityError, match="exists already; name a new file"):
        write_copy(path, "2026-1", date(2026, 1, 1), [a_row()])
    assert path.read_text(encoding="utf-8") == "precious"
