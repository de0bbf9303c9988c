"""Looks on the spot, and wrong merges taken apart, as programs ask for them."""

import pytest

from cases.states import Act, CaseState
from tests.web_house import Browser, House

HEAP = {"code": "0110", "text": "bags", "place": {"lat": 31.2304, "lon": 121.4737}}


def reported(browser: Browser, **changed: object) -> str:
    return browser.post("/v1/reports", json=HEAP | changed).json()["case_id"]


def test_what_residents_say_is_to_be_looked_at_most_urgent_first(browser: Browser) -> None:
    resident, leader = reported(browser), reported(browser, source="leader", code="0505")
    reported(browser, source="staff", code="0406")
    tasks = browser.get("/v1/verifications").json()
    assert [task["case_id"] for task in tasks] == [leader, resident]
    assert tasks[0]["result"] is None


def test_an_answer_goes_into_the_case(house: House, browser: Browser) -> None:
    case_id = reported(browser)
    [task] = browser.get("/v1/verifications").json()
    where = f"/v1/verifications/{task['id']}"
    assert browser.post(where, json={"result": "not_exist"}).status_code == 409
    answered = browser.post(where, json={"result": "not_exist", "note": "all clean"}).json()
    assert (answered["result"], answered["note"]) == ("not_exist", "all clean")
    dossier = house.store.dossier(case_id)
    assert dossier.history[-1].act is Act.VERIFY
    assert dossier.history[-1].reason == "not_exist: all clean"
    assert dossier.case.state is CaseState.CANDIDATE
    assert browser.get("/v1/verifications").json() == []
    assert browser.post(where, json={"result": "exist"}).status_code == 409


def test_there_is_no_other_task(browser: Browser) -> None:
    assert browser.post("/v1/verifications/none", json={"result": "exist"}).status_code == 404


def test_a_wrong_merge_is_taken_apart_and_both_sides_say_so(house: House, browser: Browser) -> None:
    case_id = reported(browser)
    assert reported(browser, text="another heap, behind the wall") == case_id
    dossier = house.store.dossier(case_id)
    wrong = dossier.reports[1].key
    body = {"version": dossier.case.version, "reason": "behind the wall"}
    new = browser.post(f"/v1/cases/{case_id}/unmerge/{wrong}", json=body)
    assert new.status_code == 201, new.text
    left, apart = house.store.dossier(case_id), house.store.dossier(new.json()["id"])
    assert [report.key for report in left.reports] == [dossier.reports[0].key]
    assert [report.key for report in apart.reports] == [wrong]
    assert apart.case.description == "another heap, behind the wall"
    assert left.history[-1].reason == f"{apart.case.number}: behind the wall"
    assert apart.history[-1].reason == f"{left.case.number}: behind the wall"
    assert [entry.act for entry in left.history] == [Act.OPEN, Act.MERGE, Act.UNMERGE]
    assert browser.post(f"/v1/cases/{case_id}/unmerge/{wrong}", json=body).status_code == 409


def test_a_finding_can_be_taken_apart_and_the_log_stays_whole(house: House, browser: Browser) -> None:
    first = house.case(key="a" * 24)
    case = house.take_in(house.finding(key="b" * 24))
    assert case.id == first.id
    body = {"version": case.version, "reason": "another car"}
    new = browser.post(f"/v1/cases/{case.id}/unmerge/{'b' * 24}", json=body).json()
    assert [seen.key for seen in house.store.dossier(case.id).case.sightings] == ["a" * 24]
    assert [seen.key for seen in house.store.dossier(new["id"]).case.sightings] == ["b" * 24]


@pytest.mark.parametrize(("reason", "status"), [("", 409), ("it is alone", 409)])
def test_a_case_keeps_at_least_one_source(house: House, browser: Browser, reason: str, status: int) -> None:
    case_id = reported(browser)
    dossier = house.store.dossier(case_id)
    body = {"version": dossier.case.version, "reason": reason}
    answer = browser.post(f"/v1/cases/{case_id}/unmerge/{dossier.reports[0].key}", json=body)
    assert answer.status_code == status
    assert house.store.cases().total == 1
