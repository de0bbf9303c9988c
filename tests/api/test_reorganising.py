"""`jiexun reorganise` on a real database."""

from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli import main
from api.wiring import open_house, random_name, utc_now
from cases.intake import Intake
from inference.findings import ViolationKind
from tests.case_builders import a_finding

CITY = """city: {name: {zh: 城, en: City}}
departments:
  - {id: police, name: {zh: 警, en: Police}}
  - {id: cleaning, name: {zh: 环, en: Cleaning}}
  - {id: urban, name: {zh: 城管, en: Urban}}
duty_list:
  fallback: {department: police}
  editions:
    - name: "2026-1"
      effective_from: 2020-01-01
      lines:
        - {kind: exposed_garbage, code: "0102", department: cleaning, limit: 4小时, filing_condition: 垃圾}
policy:
  auto_file: [{kind: illegal_parking, min_confidence: 0}, {kind: exposed_garbage, min_confidence: 0}]
"""
DOCUMENT = """name: Reform
effective_from: 2021-01-01
transfers:
  - {sources: [police, cleaning], heir: urban}
"""


@pytest.fixture
def apply(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[str], tuple[int, str, str]]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JIEXUN_DATA_DIR", str(tmp_path / "data"))
    Path("city.yaml").write_text(CITY, encoding="utf-8")

    def command(document: str) -> tuple[int, str, str]:
        Path("reform.yaml").write_text(document, encoding="utf-8")
        with pytest.raises(SystemExit) as left:
            main(["reorganise", "reform.yaml", "--city", "city.yaml", "--by", "chen"])
        said = capsys.readouterr()
        return left.value.code if isinstance(left.value.code, int) else 0, said.out, said.err

    return command


def test_the_open_cases_of_a_database_go_to_the_heir(apply: Callable[[str], tuple[int, str, str]]) -> None:
    with open_house(city_file=Path("city.yaml")) as house:
        intake = Intake(house.store, house.order, clock=utc_now, new_id=random_name)
        intake.take(a_finding("1", kind=ViolationKind.ILLEGAL_PARKING))
        intake.take(a_finding("2", kind=ViolationKind.EXPOSED_GARBAGE))
    assert apply(DOCUMENT) == (0, "    2  urban\nReform: 2 open cases moved\n", "")
    assert apply(DOCUMENT) == (0, "Reform: 0 open cases moved\n", "")
    with open_house(city_file=Path("city.yaml")) as house:
        cases = house.store.cases(department="urban").items
        assert sorted(str(case.kind) for case in cases) == ["exposed_garbage", "illegal_parking"]
        lines = [[entry.act.value for entry in house.store.dossier(case.id).history] for case in cases]
        assert lines == [["open", "file", "transfer"]] * 2
        assert {filing.department for case in cases for filing in house.store.dossier(case.id).filings} == {
            "police",
            "cleaning",
            "urban",
        }


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("heir: urban", "heir: nobody", "reform.yaml:4: transfers[0].heir: is no department of the city; add it"),
        ("heir: urban", "heir: urban, areas: ['9']", "reform.yaml:4: transfers[0].areas[0]: is no area of the city"),
        ("2021-01-01", "2999-01-01", "Reform holds from 2999-01-01 on; apply it then"),
        ("sources: [police, cleaning]", "sources: []", "reform.yaml:4: transfers[0].sources: "),
        ("name: Reform\n", "", "reform.yaml:1: name: is required"),
    ],
)
def test_a_document_that_cannot_be_applied(
    old: str, new: str, says: str, apply: Callable[[str], tuple[int, str, str]]
) -> None:
    status, out, err = apply(DOCUMENT.replace(old, new))
    assert (status, out) == (2, "")
    assert err.startswith(says), err
