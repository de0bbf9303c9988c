"""Supervision orders over the web, on the page of a case and in the inbox."""

from typing import Any

import pytest

from api.accounts.roles import Role
from api.pages.language import Language, catalog
from cases.case import Case
from inference.findings import ViolationKind
from tests.web_house import Browser, House

ORDER = {"kind": "important", "level": "key", "requirement": "clear it before the fair"}
REPLY_BY = "2026-03-02T18:00:00+08:00"


@pytest.fixture
def garbage(house: House) -> Case:
    case = house.confirmed(house.case(kind=ViolationKind.EXPOSED_GARBAGE))
    house.deliver()
    return house.now(case)


def order(house: House, browser: Browser, case: Case, **more: Any) -> Any:
    body = {"version": house.now(case).version, **ORDER, **more}
    return browser.post(f"/v1/cases/{case.id}/supervisions", json=body)


def step(house: House, browser: Browser, case: Case, name: str, reason: str = "on our way") -> Any:
    body = {"version": house.now(case).version, "reason": reason}
    return browser.post(f"/v1/cases/{case.id}/supervisions/1/{name}", json=body)


def handler(house: House, department: str, *more: Role) -> Browser:
    return house.browser_of(house.person(Role.HANDLER, *more, name=f"of.{department}", departments=[department]))


def test_a_leader_orders_the_department_replies_and_the_leader_lifts(house: House, garbage: Case) -> None:
    leader, cleaners = house.browser(Role.LEADER), handler(house, "sanitation")
    ordered = order(house, leader, garbage, reply_by=REPLY_BY)
    assert ordered.status_code == 201
    [read] = ordered.json()["supervisions"]
    assert (read["kind"], read["level"], read["state"]) == ("important", "key", "open")
    assert read["reply_by"] == "2026-03-02T10:00:00Z"
    again = order(house, leader, garbage)
    assert (again.status_code, "lift that order first" in again.json()["detail"]) == (409, True)
    [notice] = cleaners.get("/v1/notices").json()["items"]
    assert (notice["about"], notice["name"]) == ("supervise", "sanitation")
    assert step(house, cleaners, garbage, "reply").json()["supervisions"][0]["state"] == "answered"
    assert step(house, cleaners, garbage, "lift").status_code == 403
    lifted = step(house, leader, garbage, "lift", "all clean")
    assert lifted.json()["supervisions"][0]["lifted_because"] == "all clean"


def test_another_department_does_not_reply_but_a_dispatcher_may_enter_a_reply(house: House, garbage: Case) -> None:
    order(house, house.browser(Role.SUPERVISOR), garbage)
    assert step(house, handler(house, "wardens"), garbage, "reply").status_code == 404
    assert step(house, handler(house, "police", Role.AUDITOR), garbage, "reply").status_code == 403
    assert step(house, house.browser(Role.DISPATCHER), garbage, "reply").status_code == 200


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"kind": "grave"}, 422),
        ({"requirement": ""}, 422),
        ({"reply_by": "2026-03-02T18:00:00"}, 422),
        ({"reply_by": "2020-01-01T00:00:00Z"}, 409),
        ({"version": 99}, 409),
        ({"note": "x"}, 422),
    ],
)
def test_what_is_no_order_is_refused_and_nothing_happens(
    house: House, garbage: Case, more: dict[str, Any], status: int
) -> None:
    answer = order(house, house.browser(), garbage, **more)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert house.now(garbage) == garbage


def test_an_observer_reads_that_there_is_an_order_but_not_what_people_wrote(house: House, garbage: Case) -> None:
    order(house, house.browser(), garbage)
    observer = house.browser(Role.OBSERVER)
    for path in (f"/v1/cases/{garbage.id}", "/v1/cases", f"/cases/{garbage.id}"):
        text = observer.get(path).text
        assert "before the fair" not in text, path
    [seen] = observer.get(f"/v1/cases/{garbage.id}").json()["case"]["supervisions"]
    assert (seen["kind"], seen["ordered_by"]) == ("important", "")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_shows_and_takes_orders_and_the_inbox_marks_them(house: House, garbage: Case, language: str) -> None:
    browser, words = house.browser(), catalog(Language(language))
    path = f"/cases/{garbage.id}"
    assert words["supervision.order"] in browser.get(f"{path}?lang={language}").text
    form = {**ORDER, "version": str(garbage.version), "reply_by": "2026-03-02T18:00"}
    assert browser.post(f"{path}/supervisions", data=form).headers["location"] == path
    [made] = house.now(garbage).supervisions
    assert made.reply_by is not None
    assert made.reply_by.isoformat() == "2026-03-02T10:00:00+00:00"
    for page in (path, "/inbox/sanitation"):
        html = browser.get(page).text
        for shown in (words["supervision.important"], ORDER["requirement"], "2026-03-02 18:00"):
            assert shown in html, page
    house.clock.forward(hours=10)
    assert words["supervision.late"] in browser.get(path).text
    stale = browser.post(f"{path}/supervisions/1/reply", data={"version": "1", "reason": "soon"})
    assert (stale.status_code, words["trouble.stale"] in stale.text) == (409, True)
    for name, said in (("reply", "two crews"), ("lift", "all clean")):
        version = str(house.now(garbage).version)
        browser.post(f"{path}/supervisions/1/{name}", data={"version": version, "reason": said})
    html = browser.get(path).text
    for shown in ("two crews", "all clean", words["act.supervision_answered"], words["supervision.state.lifted"]):
        assert shown in html
    assert words["supervision.important"] not in browser.get("/inbox/sanitation").text


def test_forms_without_words_say_what_is_missing(house: House, garbage: Case) -> None:
    form = {**ORDER, "version": str(garbage.version), "requirement": ""}
    answer = house.browser().post(f"/cases/{garbage.id}/supervisions", data=form, headers={"Accept": "text/html"})
    assert answer.status_code == 422
    assert house.now(garbage) == garbage
