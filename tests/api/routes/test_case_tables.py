import csv
import io
from collections.abc import Sequence

import pytest
from openpyxl import load_workbook

from api.accounts.roles import Role
from api.case_table import COLUMNS, Filter, every_case
from api.spreadsheets import workbook
from cases.reach import EVERYTHING
from inference.findings import ViolationKind
from tests.web_house import House

FORMULAS = ("=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1")


def of_csv(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def of_xlsx(data: bytes) -> list[Sequence[object]]:
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    return list(sheet.iter_rows(values_only=True))


def test_a_program_reads_every_case_with_identifiers_and_times_in_utc(house: House) -> None:
    case = house.confirmed(house.case())
    other = house.case(kind=ViolationKind.EXPOSED_GARBAGE, camera="market-street")
    browser = house.browser(Role.SUPERVISOR)
    rows = of_csv(browser.get("/v1/cases.csv").text)
    assert list(rows[0]) == list(COLUMNS)
    assert [row["number"] for row in rows] == [other.number, case.number]
    assert (rows[1]["department"], rows[1]["state"], rows[1]["area"]) == ("police", "filed", "north")
    assert rows[1]["filed_at"] == "2026-03-02T01:30:00Z"
    assert (rows[0]["filed_at"], rows[0]["reworks"]) == ("", "0")


def test_a_table_is_filtered_as_the_list_is(house: House) -> None:
    filed = house.confirmed(house.case())
    house.case(kind=ViolationKind.EXPOSED_GARBAGE, camera="market-street")
    browser = house.browser(Role.SUPERVISOR)
    for asked in ("state=filed", "kind=illegal_parking", "department=police"):
        assert [row["id"] for row in of_csv(browser.get(f"/v1/cases.csv?{asked}").text)] == [filed.id], asked
    assert of_csv(browser.get("/cases.csv?state=&kind=&department=sanitation").text) == []


def test_a_person_gets_the_words_of_the_page_and_the_city_s_time(house: House) -> None:
    house.confirmed(house.case())
    browser = house.browser(Role.SUPERVISOR)
    [row] = of_csv(browser.get("/cases.csv?lang=zh").text)
    assert (row["处置部门"], row["立案时间"], row["区域"]) == ("交警大队", "2026-03-02 09:30:00", "北街道")
    head, row = of_xlsx(browser.get("/cases.xlsx?lang=en").content)
    told = dict(zip(head, row, strict=True))
    assert (told["Department"], told["Camera"], told["Filed"]) == (
        "Traffic police",
        "East gate crossing",
        "2026-03-02 09:30:00",
    )
    assert '<a href="/cases.xlsx?state=filed" download>' in browser.get("/cases?state=filed").text
    assert "/cases.xlsx" not in house.browser(Role.DISPATCHER).get("/cases").text


def test_a_workbook_holds_what_the_csv_holds(house: House) -> None:
    house.confirmed(house.case())
    browser = house.browser(Role.SUPERVISOR)
    head, row = of_xlsx(browser.get("/v1/cases.xlsx").content)
    [told] = of_csv(browser.get("/v1/cases.csv").text)
    assert dict(zip(head, ("" if cell is None else str(cell) for cell in row), strict=True)) == told


@pytest.mark.parametrize("text", FORMULAS)
def test_nothing_becomes_a_formula(text: str) -> None:
    with workbook([["head"], [text], [3]], "t") as file:
        cells = [row[0] for row in load_workbook(file).worksheets[0].iter_rows()]
    assert [cell.data_type for cell in cells] == ["s", "s", "n"]


def test_every_export_stands_in_the_log_with_who_and_what(house: House) -> None:
    house.browser(Role.SUPERVISOR).get("/v1/cases.csv?state=closed")
    [entry] = house.store.audit_search(what="cases.exported")
    assert entry.actor == "Chen Yu (chen.yu)"
    assert '"states":"closed"' in entry.payload


@pytest.mark.parametrize("at_once", [1, 2, 5, 6])
def test_cases_beyond_one_read_come_once_each(house: House, at_once: int) -> None:
    cases = [house.case(zone=f"zone-{n}", box=(n * 60.0, 10.0, n * 60.0 + 50, 50.0)) for n in range(5)]
    seen = house.store.within(EVERYTHING)
    found = [case.id for case in every_case(seen, Filter(), at_once=at_once)]
    assert sorted(found) == sorted({case.id for case in cases})
    assert len(found) == 5
