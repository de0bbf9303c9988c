"""Verdicts through the door."""

from typing import Any

import pytest

from api.accounts.roles import Role
from tests.web_house import Browser, House

REJECT = {"version": 1, "ruling": "reject", "why": "not_there"}


def test_a_verdict_decides_and_is_read_with_the_case(house: House, browser: Browser) -> None:
    case = house.case(key="f1")
    answer = browser.post(f"/v1/cases/{case.id}/verdict", json={**REJECT, "note": "wet leaves", "released": True})
    assert (answer.status_code, answer.json()["state"], answer.headers["etag"]) == (200, "rejected", '"2"')
    [verdict] = browser.get(f"/v1/cases/{case.id}").json()["verdicts"]
    at, by = verdict.pop("at"), verdict.pop("by")
    assert "Chen Yu" in by
    assert at.startswith("2026-03-02T01:30")
    assert verdict == {
        "finding": "f1",
        "ruling": "reject",
        "why": "not_there",
        "note": "wet leaves",
        "right_box": None,
        "right_class": None,
        "blind": False,
        "released": True,
    }


def test_a_correction_files(house: House, browser: Browser) -> None:
    case = house.case()
    right = {"ruling": "correct", "right_box": [1, 2, 30, 40.5], "right_class": "truck"}
    answer = browser.post(f"/v1/cases/{case.id}/verdict", json={"version": 1, **right})
    assert answer.json()["state"] == "filed"
    [verdict] = browser.get(f"/v1/cases/{case.id}").json()["verdicts"]
    assert (verdict["right_box"], verdict["right_class"]) == ([1, 2, 30, 40.5], "truck")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"why": None}, "body"),
        ({"why": "because"}, "body.why"),
        ({"why": "other"}, "body"),
        ({"right_class": "bus"}, "body"),
        ({"ruling": "correct", "why": None, "right_box": [5, 5, 5, 9]}, "body"),
        ({"ruling": "correct", "why": None, "right_box": [-5, 0, 5, 9]}, "body.right_box.0"),
        ({"colour": "red"}, "body.colour"),
    ],
)
def test_what_contradicts_itself_is_refused(house: House, browser: Browser, wrong: dict[str, Any], field: str) -> None:
    case = house.case()
    answer = browser.post(f"/v1/cases/{case.id}/verdict", json={**REJECT, **wrong})
    assert answer.status_code == 422
    assert [error["where"] for error in answer.json()["errors"]] == [field]
    assert house.dossier(case).verdicts == ()


def test_a_stale_verdict_and_one_on_nothing_are_refused(house: House, browser: Browser) -> None:
    case = house.confirmed(house.case())
    assert browser.post(f"/v1/cases/{case.id}/verdict", json=REJECT).status_code == 409
    assert browser.post("/v1/cases/none/verdict", json=REJECT).status_code == 404
    wrong = {**REJECT, "version": case.version, "finding": "none"}
    assert browser.post(f"/v1/cases/{case.id}/verdict", json=wrong).status_code == 409


@pytest.mark.parametrize(("words", "why"), [("有许可", "permitted"), ("Not there", "not_there"), ("a bay", "other")])
def test_the_page_knows_its_own_reasons(house: House, browser: Browser, words: str, why: str) -> None:
    case = house.case()
    browser.post(f"/cases/{case.id}/reject", data={"version": "1", "reason": words})
    assert [said.judgement.why for said in house.dossier(case).verdicts] == [why]


def test_a_verdict_sent_twice_counts_once(house: House, browser: Browser) -> None:
    case, headers = house.case(), {"Idempotency-Key": "7f3a"}
    first = browser.post(f"/v1/cases/{case.id}/verdict", json=REJECT, headers=headers)
    again = browser.post(f"/v1/cases/{case.id}/verdict", json=REJECT, headers=headers)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    assert len(house.dossier(case).verdicts) == 1
    other = browser.post(f"/v1/cases/{case.id}/verdict", json={**REJECT, "note": "no"}, headers=headers)
    assert (other.status_code, "Idempotency-Key" in other.json()["detail"]) == (422, True)
    somebody_else = house.browser_of(house.person(Role.SUPERVISOR, name="li"))
    assert somebody_else.post(f"/v1/cases/{case.id}/verdict", json=REJECT, headers=headers).status_code == 409


def test_what_was_refused_is_not_remembered(house: House, browser: Browser) -> None:
    case, headers = house.case(), {"Idempotency-Key": "7f3a"}
    stale = {**REJECT, "version": 9}
    assert browser.post(f"/v1/cases/{case.id}/verdict", json=stale, headers=headers).status_code == 409
    assert browser.post(f"/v1/cases/{case.id}/verdict", json=stale, headers=headers).status_code == 409
    assert house.dossier(case).verdicts == ()
