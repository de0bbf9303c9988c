import base64
from datetime import timedelta
from typing import Any

import pytest

from api.accounts.roles import Role
from cases.case import Case
from inference.findings import ViolationKind
from tests.web_house import Browser, House, jpeg


def move(browser: Browser, case: Case, name: str, version: int, **more: Any) -> Any:
    return browser.post(f"/v1/cases/{case.id}/{name}", json={"version": version, **more})


def test_a_case_is_read_with_its_findings_history_and_deliveries(house: House, browser: Browser) -> None:
    case = house.confirmed(house.case(kind=ViolationKind.EXPOSED_GARBAGE))
    house.deliver()
    answer = browser.get(f"/v1/cases/{case.id}")
    read = answer.json()
    assert read["case"]["state"] == "dispatched"
    assert read["case"]["moves"] == ["accept", "return"]
    assert answer.headers["etag"] == f'"{read["case"]["version"]}"'
    assert [entry["act"] for entry in read["history"]] == ["open", "file", "dispatch"]
    assert [filing["state"] for filing in read["filings"]] == ["sent"]
    assert {ref["role"] for ref in read["findings"][0]["evidence"]} >= {"first", "last", "crop", "manifest", "public"}
    assert "lease" not in read["filings"][0]


def test_lists_filter_and_page(house: House, browser: Browser) -> None:
    parking = house.case()
    garbage = house.case(kind=ViolationKind.EXPOSED_GARBAGE, camera="market-street")
    house.confirmed(garbage)

    def numbers(query: str) -> list[str]:
        return [case["id"] for case in browser.get(f"/v1/cases?{query}").json()["items"]]

    assert numbers("state=candidate") == [parking.id]
    assert set(numbers("state=candidate&state=filed")) == {parking.id, garbage.id}
    assert numbers("kind=exposed_garbage") == [garbage.id]
    assert numbers("department=sanitation") == [garbage.id]
    page = browser.get("/v1/cases?limit=1&offset=1").json()
    assert (len(page["items"]), page["total"], page["limit"], page["offset"]) == (1, 2, 1, 1)
    findings = browser.get("/v1/findings?camera=market-street").json()
    assert [item["case_id"] for item in findings["items"]] == [garbage.id]
    assert findings["items"][0]["finding"]["place"] == {"lat": 31.230416, "lon": 121.473701}


def test_a_case_goes_from_candidate_to_closed_by_moves_alone(house: House, browser: Browser) -> None:
    case = house.case(kind=ViolationKind.EXPOSED_GARBAGE)
    picture = base64.b64encode(jpeg(9)).decode()
    assert move(browser, case, "confirm", 1).json()["state"] == "filed"
    house.deliver()
    for name, more in (
        ("accept", {}),
        ("handle", {"reason": "cleared"}),
        ("rework", {"reason": "half of it is left"}),
        ("handle", {"picture": picture}),
        ("close", {}),
    ):
        answer = move(browser, case, name, house.now(case).version, **more)
        assert answer.status_code == 200, answer.text
    assert answer.json()["state"] == "closed"
    assert answer.json()["moves"] == ["reopen"]
    proof = browser.get(f"/v1/cases/{case.id}").json()["history"][-2]["proofs"][0]["sha256"]
    shown = browser.get(f"/v1/cases/{case.id}/proofs/{proof}")
    assert (shown.content, shown.headers["content-type"]) == (jpeg(9), "image/jpeg")


def test_a_returned_case_goes_to_another_department(house: House, browser: Browser) -> None:
    case = house.confirmed(house.case())
    assert move(browser, case, "return", case.version, reason="not our street").json()["state"] == "returned"
    wrong = move(browser, case, "reassign", case.version + 1, reason="theirs", department="nobody")
    assert wrong.status_code == 409
    right = move(browser, case, "reassign", case.version + 1, reason="theirs", department="wardens")
    assert (right.json()["state"], right.json()["department"]) == ("filed", "wardens")


def test_who_comes_second_is_told_so_and_changes_nothing(house: House, browser: Browser) -> None:
    case = house.case()
    assert move(browser, case, "reject", 1, reason="permitted").status_code == 200
    second = move(browser, case, "confirm", 1)
    assert second.status_code == 409
    assert second.headers["content-type"] == "application/problem+json"
    assert "has changed since version 1" in second.json()["detail"]
    assert house.now(case).state == "rejected"


def test_the_version_may_come_as_if_match(house: House, browser: Browser) -> None:
    case = house.case()
    url = f"/v1/cases/{case.id}/confirm"
    assert browser.post(url, json={}).status_code == 422
    assert browser.post(url, json={}, headers={"If-Match": "*"}).status_code == 422
    assert browser.post(url, json={}, headers={"If-Match": '"1"'}).headers["etag"] == '"2"'


@pytest.mark.parametrize(
    ("name", "more", "status"),
    [
        ("reject", {}, 422),
        ("reject", {"reason": "   "}, 422),
        ("confirm", {"by": "somebody else"}, 422),
        ("close", {}, 409),
        ("suspend", {"reason": "frost"}, 409),
        ("suspend", {"reason": "frost", "until": "soon"}, 422),
        ("return", {"reason": "no", "cause": "lazy"}, 422),
        ("dispatch", {}, 404),
    ],
)
def test_what_is_not_allowed_is_refused_and_nothing_happens(
    house: House, browser: Browser, name: str, more: dict[str, str], status: int
) -> None:
    case = house.case()
    assert move(browser, case, name, 1, **more).status_code == status
    assert house.now(case) == case


def test_closing_needs_a_picture_that_is_one(house: House, browser: Browser) -> None:
    case = house.confirmed(house.case(kind=ViolationKind.EXPOSED_GARBAGE))
    move(browser, case, "accept", 2)
    move(browser, case, "handle", 3)
    assert "picture" in move(browser, case, "close", 4).json()["detail"]
    no_picture = base64.b64encode(b"GIF89a").decode()
    assert move(browser, case, "close", 4, picture=no_picture).status_code == 422
    assert house.now(case).version == 4


def test_unknown_cases_are_not_found(browser: Browser) -> None:
    for path in ("/v1/cases/none", "/v1/cases/%3Cscript%3E", f"/v1/cases/none/proofs/{'0' * 64}"):
        assert browser.get(path).status_code == 404
    assert browser.post("/v1/cases/none/confirm", json={"version": 1}).status_code == 404


def test_more_time_is_asked_for_and_granted(house: House, browser: Browser) -> None:
    case = house.confirmed(house.case(kind=ViolationKind.EXPOSED_GARBAGE))
    first = house.now(case).deadline_at
    assert first is not None
    for name, more in (("accept", {}), ("ask_extension", {"reason": "the truck is broken"}), ("extend", {})):
        answer = move(browser, case, name, house.now(case).version, **more)
        assert answer.status_code == 200, answer.text
    assert house.now(case).deadline_at == first + timedelta(hours=4)
    refused = move(browser, case, "extend", house.now(case).version)
    assert (refused.status_code, refused.headers["content-type"]) == (409, "application/problem+json")
    assert "has to ask first" in refused.json()["detail"]


def test_a_case_rests_until_the_day_that_is_named(house: House, browser: Browser) -> None:
    case = house.confirmed(house.case())
    move(browser, case, "accept", case.version)
    for until in ({}, {"until": "2026-03-01"}, {"until": "2028-01-01"}):
        refused = move(browser, case, "suspend", house.now(case).version, reason="frost", **until)
        assert refused.status_code == 409
    rested = move(browser, case, "suspend", house.now(case).version, reason="frost", until="2026-03-20")
    assert (rested.json()["state"], rested.json()["moves"]) == ("suspended", ["resume"])
    assert rested.json()["suspended_until"] == "2026-03-19T16:00:00Z"  # midnight in Shanghai
    assert move(browser, case, "resume", house.now(case).version).json()["state"] == "accepted"


def test_an_overdue_case_is_appealed_against_and_reviewed_twice(house: House, browser: Browser) -> None:
    case = house.confirmed(house.case())
    picture = base64.b64encode(jpeg(9)).decode()
    house.clock.forward(days=9)
    for name, more in (
        ("accept", {}),
        ("handle", {"picture": picture}),
        ("close", {}),
        ("appeal", {"reason": "flood"}),
    ):
        assert move(browser, case, name, house.now(case).version, **more).status_code == 200
    assert move(browser, case, "uphold", house.now(case).version).json()["appeal"] == "seconded"
    assert "somebody else" in move(browser, case, "uphold", house.now(case).version).json()["detail"]
    second = house.browser_of(house.person(Role.SUPERVISOR, name="li.na"))
    answer = move(second, case, "uphold", house.now(case).version)
    assert (answer.json()["appeal"], answer.json()["moves"]) == ("granted", ["reopen"])
    dossier = browser.get(f"/v1/cases/{case.id}").json()
    assert [entry["act"] for entry in dossier["history"]].count("overdue") == 1
    assert {notice["step"] for notice in dossier["notices"] if notice["about"] == "disposal"} == {50, 100, 150}
    assert dossier["case"]["overdue_at"] is not None
