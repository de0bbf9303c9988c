"""Joint cases on pages: the case says who helps, and the co-department answers in its own inbox."""

import pytest

from api.accounts.roles import Role
from api.pages.language import Language, catalog
from cases.case import Case
from tests.web_house import Browser, House, jpeg

LANGUAGES = ["zh", "en"]


@pytest.fixture
def case(house: House) -> Case:
    return house.confirmed(house.case())


def post(house: House, browser: Browser, case: Case, path: str, **form: object) -> int:
    version = house.now(case).version
    data = {"version": str(version), **{key: str(value) for key, value in form.items()}}
    return browser.post(f"/cases/{case.id}/{path}", data=data).status_code


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_dispatcher_asks_for_help_and_the_case_and_the_inbox_show_it(
    house: House, browser: Browser, case: Case, language: str
) -> None:
    words = catalog(Language(language))
    assert words["joint.give"] in browser.get(f"/cases/{case.id}?lang={language}").text
    assert post(house, browser, case, "subtasks", department="sanitation", task="wash the road", hours="") == 303
    page = browser.get(f"/cases/{case.id}").text
    for shown in ("wash the road", words["joint.waits"], words["subtask.open"], words["act.task_given"]):
        assert shown in page
    inbox = browser.get("/inbox/sanitation").text
    assert case.number in inbox
    assert words["joint.inbox"] in inbox
    assert words["joint.step.done"] in inbox
    assert words["empty.inbox"] in inbox  # it leads nothing


def test_a_co_department_reports_with_a_picture_from_its_inbox(house: House, browser: Browser, case: Case) -> None:
    post(house, browser, case, "subtasks", department="sanitation", task="wash the road", hours="2")
    helper = house.browser_of(house.person(Role.HANDLER, name="helper", departments=["sanitation"]))
    assert "<b>1</b>" in helper.get("/inbox").text
    answer = helper.post(
        f"/cases/{case.id}/subtasks/sanitation/done",
        data={"version": str(house.now(case).version), "reason": "washed", "back": "inbox"},
        files={"picture": ("after.jpg", jpeg(5), "image/jpeg")},
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/inbox/sanitation")
    [part] = house.now(case).subtasks
    assert (part.state, part.note, len(part.proofs)) == ("done", "washed", 1)
    assert case.number not in helper.get("/inbox/sanitation").text
    page = helper.get(f"/cases/{case.id}").text
    assert f"/v1/cases/{case.id}/proofs/{part.proofs[0].sha256}" in page
    assert "washed" in page


def test_what_is_refused_says_so_on_the_case(house: House, browser: Browser, case: Case) -> None:
    post(house, browser, case, "subtasks", department="sanitation", task="wash the road")
    assert post(house, browser, case, "subtasks/sanitation/return", reason="") == 409
    assert post(house, browser, case, "subtasks", department="moon", task="shine") == 409
    stale = browser.post(f"/cases/{case.id}/subtasks/sanitation/done", data={"version": "1"})
    assert stale.status_code == 409
    assert [part.state for part in house.now(case).subtasks] == ["open"]


def test_an_observer_sees_who_helps_and_no_words(house: House, browser: Browser, case: Case) -> None:
    post(house, browser, case, "subtasks", department="sanitation", task="wash Mr Li's road")
    page = house.browser_of(house.person(Role.OBSERVER, name="deputy")).get(f"/cases/{case.id}?lang=en").text
    assert "Sanitation" in page
    assert "Mr Li" not in page
    assert "/subtasks" not in page
