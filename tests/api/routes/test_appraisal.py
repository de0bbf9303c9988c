"""Appraisal over the web: figures, the cases behind them, votes, publishing."""

import csv
from io import StringIO

import pytest

from inference.findings import ViolationKind
from tests.web_house import Browser, House

MARCH = "/v1/appraisal/2026-03"


def test_a_figure_opens_down_to_its_cases(house: House, browser: Browser) -> None:
    case = house.confirmed(house.case())
    house.deliver()
    table = browser.get(f"{MARCH}?by=department").json()
    [line] = table["standings"]
    assert (line["unit"], line["cases"], line["sets"]["due_handling"]) == (case.department, 1, 1)
    assert line["indicators"]["handling_rate"] == 0
    behind = browser.get(f"{MARCH}/cases?unit={case.department}&among=due_handling").json()
    assert [one["case_id"] for one in behind] == [case.id]
    assert browser.get(f"{MARCH}/cases?unit={case.department}&among=closed").json() == []


def test_what_was_returned_was_not_dispatched_accurately(house: House, browser: Browser) -> None:
    kept = house.confirmed(house.case())
    sent_back = house.confirmed(house.case(kind=ViolationKind.EXPOSED_GARBAGE, camera="market-street"))
    house.deliver()
    house.doors.desk.send_back(sent_back.id, version=house.now(sent_back).version, by="Li", reason="a private yard")
    lines = {line["unit"]: line for line in browser.get(f"{MARCH}?by=department").json()["standings"]}
    rates = {unit: line["indicators"]["accurate_dispatch_rate"] for unit, line in lines.items()}
    assert rates == {"police": 1, "sanitation": 0}
    assert lines["sanitation"]["sets"]["dispatched"] == 1
    for case, behind in ((kept, [kept.id]), (sent_back, [])):
        found = browser.get(f"{MARCH}/cases?unit={case.department}&among=dispatched_accurately").json()
        assert [one["case_id"] for one in found] == behind


def test_a_month_is_published_and_locked(house: House, browser: Browser) -> None:
    house.confirmed(house.case())
    early = browser.post(f"{MARCH}/moves", json={"act": "publish"})
    assert (early.status_code, "not over yet" in early.json()["detail"]) == (409, True)
    house.clock.forward(days=31)
    assert browser.post(f"{MARCH}/moves", json={"act": "publish"}).json()["state"] == "published"
    assert browser.post(f"{MARCH}/moves", json={"act": "lock"}).json()["state"] == "locked"
    again = browser.post(f"{MARCH}/moves", json={"act": "republish", "reason": "x"})
    assert (again.status_code, "is locked" in again.json()["detail"]) == (409, True)


def test_the_table_is_read_by_a_spreadsheet(house: House, browser: Browser) -> None:
    case = house.confirmed(house.case())
    answer = browser.get(f"{MARCH}/table.csv?by=department")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    [line] = csv.DictReader(StringIO(answer.text.removeprefix("\ufeff")))
    assert (line["unit"], line["cases"], line["filed"]) == (case.department, "1", "1")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/appraisal/2026-13", 409),
        ("/v1/appraisal/2026-03?by=planet", 422),
        ("/v1/appraisal/2026-03/cases?unit=x&among=clozed", 409),
        ("/v1/appraisal/2026-03/cases?unit=x", 422),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_sentence(browser: Browser, path: str, status: int) -> None:
    answer = browser.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert "\n" not in answer.json()["detail"]


@pytest.mark.parametrize("points", ["NaN", "1e999", "101", "-1", '"5"'])
def test_a_vote_that_is_no_number_of_points_is_refused(browser: Browser, points: str) -> None:
    body = f'{{"street": "s", "department": "d", "points": {points}}}'
    answer = browser.post(f"{MARCH}/votes", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (409, 422)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_shows_the_table_and_the_scheme(house: House, browser: Browser, language: str) -> None:
    case = house.confirmed(house.case())
    html = browser.get(f"/appraisal?lang={language}", headers={"accept": "text/html"}).text
    assert {"zh": "综合评价", "en": "Appraisal"}[language] in html
    assert f"unit={case.department}&amp;among=reported" in html
    behind = browser.get(f"/appraisal/2026-03/cases?unit={case.department}&among=filed&lang={language}").text
    assert case.number in behind


def test_a_person_publishes_on_the_page_and_is_told_why_not(house: House, browser: Browser) -> None:
    house.confirmed(house.case())
    early = browser.post("/appraisal/2026-03/moves", data={"act": "publish"})
    assert (early.status_code, "not over yet" in early.text) == (409, True)
    house.clock.forward(days=31)
    browser.post("/appraisal/2026-03/moves", data={"act": "publish"})
    assert browser.get(MARCH).json()["state"] == "published"
