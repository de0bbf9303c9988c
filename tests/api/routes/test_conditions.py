"""Filing and closing conditions over the web and on the page of a case."""

from pathlib import Path

import pytest

from api.city.city import load_city
from api.pages.language import Language, catalog
from cases.case import Case
from cases.states import Act
from inference.findings import ViolationKind
from tests.case_builders import a_proof
from tests.several_conditions import city_with_several_conditions
from tests.web_house import CITY, Browser, House


@pytest.fixture
def garbage(house: House, tmp_path: Path) -> Case:
    """A candidate whose code has two filing conditions."""
    house.city = city_with_several_conditions(tmp_path)
    return house.case(kind=ViolationKind.EXPOSED_GARBAGE)


def conditions(browser: Browser, case: Case) -> list[tuple[str, str]]:
    found = browser.get(f"/v1/cases/{case.id}/conditions").json()
    return [(one["id"], one["condition"]) for one in found]


def test_a_program_reads_the_conditions_and_picks_one(house: House, garbage: Case) -> None:
    browser = house.browser()
    assert conditions(browser, garbage) == [
        ("0110-1", "生活垃圾未入容器"),
        ("0110-2", "生活垃圾成堆"),
        ("0110-3", "其他"),
    ]
    late = browser.post(f"/v1/cases/{garbage.id}/confirm", json={"version": 1, "condition": "2025-2/0110-2"})
    assert (late.status_code, "no condition 2025-2/0110-2" in late.json()["detail"]) == (409, True)
    wrong = browser.post(f"/v1/cases/{garbage.id}/confirm", json={"version": 1, "condition": "0505-1"})
    assert (wrong.status_code, "choose one of: 0110-1, 0110-2" in wrong.json()["detail"]) == (409, True)
    filed = browser.post(f"/v1/cases/{garbage.id}/confirm", json={"version": 1, "condition": "0110-2"}).json()
    assert (filed["department"], filed["duty_line"], filed["limit"]["amount"]) == ("wardens", "0110-2", 9)
    assert conditions(browser, garbage) == [("0110-2", "生活垃圾成堆")]


def test_a_verdict_picks_one(house: House, garbage: Case) -> None:
    verdict = {"version": 1, "ruling": "confirm", "condition": "2026-1/0110-2"}
    assert house.browser().post(f"/v1/cases/{garbage.id}/verdict", json=verdict).json()["duty_line"] == "0110-2"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_offers_them_and_closing_asks_for_the_closing_condition(
    house: House, garbage: Case, language: str
) -> None:
    browser, words = house.browser(), catalog(Language(language))
    html = browser.get(f"/cases/{garbage.id}?lang={language}").text
    assert '<option value="2026-1/0110-2">生活垃圾成堆' in html
    browser.post(f"/cases/{garbage.id}/confirm", data={"version": "1", "condition": "2026-1/0110-2"})
    desk, case = house.doors.desk, house.now(garbage)
    case = desk.accept(case.id, version=case.version, by="Li")
    case = desk.handle(case.id, version=case.version, by="Li", proofs=(a_proof(),))
    html = browser.get(f"/cases/{case.id}").text
    for shown in (
        "生活垃圾成堆",
        "查处并清理",
        words["duty.closing"],
        words["move.met"],
        'value="2026-1/0110-2" required',
    ):
        assert shown in html
    refused = browser.post(f"/cases/{case.id}/close", data={"version": str(case.version)})
    assert (refused.status_code, "查处并清理" in refused.text) == (409, True)
    closed = browser.post(f"/cases/{case.id}/close", data={"version": str(case.version), "condition": "2026-1/0110-2"})
    assert closed.headers["location"] == f"/cases/{case.id}?done=close"
    assert [entry.choice for entry in house.dossier(case).history if entry.act is Act.CLOSE] == ["查处并清理"]
    assert f"{words['duty.closing']}: 查处并清理" in browser.get(f"/cases/{case.id}").text


def test_the_page_asks_for_the_picture_that_the_city_asks_for(house: House, tmp_path: Path) -> None:
    text = CITY.read_text(encoding="utf-8")
    word = f"<em>{catalog(Language('en'))['move.needed']}</em>"
    policy = '\npolicy: {after_picture: {codes: ["0110"]}}\n'
    (tmp_path / "city.yaml").write_text(text + policy, encoding="utf-8")
    house.city = load_city(tmp_path / "city.yaml")
    pages = dict[ViolationKind, str]()
    for kind in (ViolationKind.EXPOSED_GARBAGE, ViolationKind.ILLEGAL_PARKING):
        case = house.confirmed(house.case(kind=kind))
        case = house.doors.desk.accept(case.id, version=case.version, by="Li")
        pages[kind] = house.browser().get(f"/cases/{case.id}?lang=en").text
        done = house.browser().post(f"/v1/cases/{case.id}/handle", json={"version": case.version})
        assert done.status_code == (409 if kind is ViolationKind.EXPOSED_GARBAGE else 200)
    assert word in pages[ViolationKind.EXPOSED_GARBAGE]
    assert word not in pages[ViolationKind.ILLEGAL_PARKING]
