"""`jiexun duty`, as the people of an office use it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.city.city import load_city
from api.city.duty_table import FURTHER, NINE
from tests.api.cli.conftest import Run

CITY = """city: {name: {zh: 临河区, en: Riverside}}
areas:
  - {code: "1", level: district, name: {zh: 临河区, en: Riverside}}
  - {code: "101", level: street, parent: "1", name: {zh: 东街, en: East}}
  - {code: "102", level: street, parent: "1", name: {zh: 西街, en: West}}
departments:
  - {id: wardens, name: {zh: 执法队, en: Wardens}}
  - {id: sanitation, name: {zh: 环卫所, en: Sanitation}}
duty_list:
  fallback: {department: wardens, territorial: [{area: "101", department: sanitation}]}
  editions:
    - {name: "2025-1", effective_from: 2025-01-01, file: list.csv}
    - {name: "2099-1", effective_from: 2099-01-01, file: list.csv}
"""
HEADER = ",".join((*NINE, *FURTHER)) + "\n"
COMPLETE = HEADER + (
    "01,市容,10,暴露垃圾,环卫所,城管局,垃圾未入容器,清理,4小时,,执法队,条例第一条,exposed_garbage\n"
    "01,市容,10,暴露垃圾,环卫所,城管局,容器满溢,清运,1天,,,,\n"
    "04,秩序,06,占道经营,执法队,城管局,占道经营,取缔,2紧急工作时,,,,stall_encroachment\n"
    "05,秩序,05,机动车乱停放,执法队,城管局,乱停放,驶离,2工作时,,,,illegal_parking\n"
)
TWO_OWNERS = COMPLETE + "01,市容,10,暴露垃圾,执法队,城管局,垃圾未入容器,清理,4小时,,,,\n"
HOLE = (
    COMPLETE
    + "01,市容,12,道路不洁,环卫所,城管局,路面不洁,清理,2小时,101,,,\n01,市容,13,牌匾破损,,城管局,破损,修复,3天,,,,\n"
)


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    monkeypatch.chdir(tmp_path)

    def write(duties: str) -> Path:
        Path("list.csv").write_text(duties, encoding="utf-8")
        Path("city.yaml").write_text(CITY, encoding="utf-8")
        return Path("city.yaml")

    return write


def test_a_complete_list_passes(run: Run, city: Callable[[str], Path]) -> None:
    said = run(["duty", "check", city(COMPLETE)])
    assert (said.status, said.err) == (0, "")
    assert said.out.splitlines() == [
        "edition 2025-1 from 2025-01-01, 4 lines, 3 codes: every matter has one owner",
        "edition 2099-1 from 2099-01-01, 4 lines, 3 codes: every matter has one owner",
    ]


def test_two_owners_and_a_hole_are_both_reported(run: Run, city: Callable[[str], Path]) -> None:
    said = run(["duty", "check", city(TWO_OWNERS + HOLE.removeprefix(COMPLETE))])
    assert (said.status, said.out) == (2, "")
    assert sorted(set(said.err.splitlines())) == [
        "city.yaml:12: duty_list.editions[0]: has 0112 only for some areas: in 102 the territorial or fallback owner "
        "gets its cases",
        "city.yaml:13: duty_list.editions[1]: has 0112 only for some areas: in 102 the territorial or fallback owner "
        "gets its cases",
        "list.csv:6: column 处置单位: has the code, area and condition of row 2 again: two owners for one matter; "
        "keep one",
        "list.csv:8: column 处置单位: names nobody for 0113: the territorial or fallback owner gets its cases",
    ]


def test_the_check_as_json(run: Run, city: Callable[[str], Path]) -> None:
    said = run(["duty", "check", city(TWO_OWNERS), "--json"])
    told = json.loads(said.out)
    assert (said.status, told["complete"], len(told["problems"])) == (2, False, 2)
    assert (told["problems"][0]["line"], told["problems"][0]["file"]) == (6, "list.csv")
    assert json.loads(run(["duty", "check", city(COMPLETE), "--json"]).out) == {"complete": True, "problems": []}


def test_a_list_is_imported_and_exported_and_imported_again(run: Run, city: Callable[[str], Path]) -> None:
    path = city(COMPLETE)
    said = run(["duty", "import", "list.csv", "--out", "clean.xlsx", "--city", path])
    assert (said.status, said.err, said.out) == (0, "", "clean.xlsx: 4 lines, 3 codes\n")
    exported = run(["duty", "export", path, "--out", "signed.csv"])
    assert exported.status == 0
    assert exported.out.startswith("signed.csv: edition 2025-1 from 2025-01-01, 4 lines, 3 codes, SHA-256 ")
    assert run(["duty", "import", "signed.csv", "--out", "again.csv"]).status == 0
    assert run(["duty", "import", "clean.xlsx", "--out", "clean.csv"]).status == 0
    assert Path("again.csv").read_bytes() == Path("clean.csv").read_bytes()
    assert Path("again.csv").read_text(encoding="utf-8-sig") == COMPLETE.replace("小时", "紧急工作时").replace(
        "1天", "1自然日"
    )


def test_an_edition_can_be_named(run: Run, city: Callable[[str], Path]) -> None:
    path = city(COMPLETE)
    assert (
        "edition 2099-1 from 2099-01-01" in run(["duty", "export", path, "--out", "a.csv", "--edition", "2099-1"]).out
    )
    said = run(["duty", "export", path, "--out", "b.csv", "--edition", "2030-1"])
    assert (said.status, said.err) == (
        2,
        "city.yaml:9: duty_list: has no edition of that name; name one with --edition: 2025-1, 2099-1\n",
    )
    assert not Path("b.csv").exists()


@pytest.mark.parametrize(
    ("duties", "says"),
    [
        (
            COMPLETE.replace("环卫所", "环卫站"),
            "list.csv:2: column 处置单位: names nothing that stands under `departments`; did",
        ),
        (
            COMPLETE.replace("环卫所", "环卫所、执法队"),
            "list.csv:2: column 处置单位: names more than one department; keep",
        ),
        (COMPLETE.replace(",,执法队", ",9,执法队"), "list.csv:2: column 适用区域: names no area of the city; add it"),
        (COMPLETE.replace("4小时", "尽快"), "list.csv:2: column 处置时限: must be a time such as"),
    ],
)
def test_what_means_nothing_in_this_city_is_told(duties: str, says: str, run: Run, city: Callable[[str], Path]) -> None:
    path = city(duties)
    for words in (["duty", "import", "list.csv", "--out", "x.csv", "--city", path], ["duty", "check", path]):
        said = run(words)
        assert (said.status, said.out) == (2, "")
        assert said.err.startswith(says), said.err
    assert not Path("x.csv").exists()


def test_a_department_needs_an_open311_service_for_every_code_of_the_table(
    run: Run, city: Callable[[str], Path]
) -> None:
    path = city(COMPLETE)
    channel = (
        "{type: open311, url: 'https://wardens.example/v2', api_key_env: KEY, "
        'services: [{code: "0406", service_code: stalls}]}'
    )
    words = path.read_text(encoding="utf-8").replace("en: Wardens}}", f"en: Wardens}}, channel: {channel}}}")
    path.write_text(words, encoding="utf-8")
    said = run(["duty", "check", path])
    assert said.status == 2
    assert said.err.splitlines() == [
        "city.yaml:7: departments[0].channel.services: has no service for event code 0505, "
        "which the duty list gives to this department"
    ]


def test_a_case_keeps_the_edition_and_the_owner_of_its_territory(city: Callable[[str], Path]) -> None:
    order = load_city(city(HOLE)).order
    assert order is not None
    now, later = datetime(2026, 3, 1, tzinfo=UTC), datetime(2099, 3, 1, tzinfo=UTC)
    areas = order.grid.path("101")
    assert order.duty_list.duty_for(None, areas, now, code="0110").edition == "2025-1"
    assert order.duty_list.duty_for(None, areas, later, code="0110").edition == "2099-1"
    nobody = order.duty_list.duty_for(None, areas, now, code="0113")
    assert (nobody.department, nobody.line, nobody.limit.amount) == ("sanitation", "0113-1", 3)
    assert order.duty_list.duty_for(None, order.grid.path("102"), now, code="0113").department == "wardens"
