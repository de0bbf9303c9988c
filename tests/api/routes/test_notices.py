"""Notices over the web and on their page: each person's own, read once for each of them."""

import pytest

from api.accounts.roles import Right, Role
from api.pages.language import Language, catalog
from cases.case import Case
from cases.escalation import Audience
from cases.timekeeper import Timekeeper
from inference.findings import ViolationKind
from tests.web_house import Browser, House


@pytest.fixture
def late(house: House) -> Case:
    """Garbage in the north that sanitation has left lying for half as long again as it may."""
    case = house.confirmed(house.case(kind=ViolationKind.EXPOSED_GARBAGE))
    house.deliver()
    tick(house, hours=7)
    return case


def tick(house: House, **by: float) -> None:
    house.clock.forward(**by)
    while Timekeeper(house.store, house.doors.order, clock=house.clock).tick():
        pass


def told(browser: Browser, query: str = "") -> list[tuple[str, int]]:
    found = browser.get(f"/v1/notices{query}").json()
    assert len(found["items"]) == found["total"]
    return sorted((one["audience"], one["step"]) for one in found["items"])


def test_each_role_is_told_its_own_steps(house: House, late: Case) -> None:
    by_role = {
        role: told(house.browser(role, departments=["sanitation"]))
        for role in (Role.DISPATCHER, Role.HANDLER, Role.LEADER, Role.SUPERVISOR, Role.OBSERVER, Role.ADMIN)
    }
    assert by_role == {
        Role.DISPATCHER: [("dispatcher", 100), ("dispatcher", 150)],
        Role.HANDLER: [("department", 50), ("department", 100), ("department", 150)],
        Role.LEADER: [("leaders", 150)],
        Role.SUPERVISOR: [],
        Role.OBSERVER: [],
        Role.ADMIN: [],
    }


def test_another_department_and_another_street_are_told_nothing(house: House, late: Case) -> None:
    assert told(house.browser(Role.HANDLER, departments=["wardens"])) == []
    assert told(house.browser(Role.DISPATCHER, areas=["south"])) == []
    in_the_north = told(house.browser(Role.DISPATCHER, areas=["north"]))
    assert ("street", 100) in in_the_north


def test_a_program_of_a_department_reads_what_its_department_is_told(house: House, late: Case) -> None:
    _, key = house.accounts.make_key("their system", rights=[Right.SEE_CASES], departments=["sanitation"])
    assert told(house.stranger(key=key)) == [("department", 50), ("department", 100), ("department", 150)]


def test_what_is_read_is_read_for_one_person_only(house: House, late: Case) -> None:
    browser = house.browser(Role.DISPATCHER)
    other = house.browser_of(house.person(Role.DISPATCHER, name="second"))
    [newest, older] = browser.get("/v1/notices").json()["items"]
    assert (newest["case_id"], newest["case_number"], newest["about"]) == (late.id, late.number, "disposal")
    for _ in range(2):
        assert browser.post(f"/v1/notices/{newest['number']}/read").status_code == 204
    assert [one["number"] for one in browser.get("/v1/notices?unread=true").json()["items"]] == [older["number"]]
    assert other.get("/v1/notices?unread=true").json()["total"] == 2
    assert other.post("/v1/notices/read", json={"up_to": newest["number"]}).json() == {"read": 2}
    assert other.get("/v1/notices?unread=true").json()["total"] == 0


def test_what_is_not_yours_cannot_be_read(house: House, late: Case) -> None:
    [notice] = house.browser(Role.LEADER).get("/v1/notices").json()["items"]
    answer = house.browser(Role.DISPATCHER).post(f"/v1/notices/{notice['number']}/read")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert "look it up in your list of notices" in answer.json()["detail"]
    assert house.browser(Role.DISPATCHER).post("/v1/notices/0/read").status_code == 404


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_lists_them_and_the_header_counts_them(house: House, late: Case, language: str) -> None:
    browser, words = house.browser(Role.DISPATCHER), catalog(Language(language))
    html = browser.get(f"/notices?lang={language}").text
    assert late.number in html
    assert words["notice.disposal"] in html
    assert words["notice.step"].format(n=150) in html
    assert words["notices.n_unread"].format(n=2) in html
    number = browser.get("/v1/notices").json()["items"][0]["number"]
    assert browser.post(f"/notices/{number}/read").headers["location"] == "/notices"
    assert words["notices.n_unread"].format(n=1) in browser.get("/").text
    browser.post("/notices/read", data={"up_to": "1000"})
    assert words["empty.notices"] in browser.get("/notices").text
    assert late.number in browser.get("/notices?show=all").text


def test_an_observer_does_not_learn_who_read_a_notice(house: House, late: Case) -> None:
    house.browser(Role.LEADER).post("/v1/notices/read", json={"up_to": 1000})
    assert [one.read_by for one in house.dossier(late).notices if one.audience is Audience.LEADERS] == [
        "Chen Yu (chen.yu)"
    ]
    seen = house.browser(Role.OBSERVER).get(f"/v1/cases/{late.id}").json()
    assert {one["read_by"] for one in seen["notices"]} == {None}
