"""Direct orders, consultations and watching on pages."""

import pytest

from api.accounts.roles import Role
from api.pages.language import Language, catalog
from cases.case import Case
from tests.web_house import Browser, House


@pytest.fixture
def case(house: House) -> Case:
    return house.confirmed(house.case())


def post(house: House, browser: Browser, case: Case, path: str, **form: str) -> int:
    return browser.post(f"/cases/{case.id}/{path}", data={"version": str(house.now(case).version), **form}).status_code


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_order_goes_to_an_inbox_and_its_reply_comes_back(
    house: House, browser: Browser, case: Case, language: str
) -> None:
    words = catalog(Language(language))
    assert words["order.give"] in browser.get(f"/cases/{case.id}?lang={language}").text
    assert post(house, browser, case, "orders", unit="sanitation", text="wash the road", minutes="") == 303
    unit = house.browser_of(house.person(Role.HANDLER, name="unit", departments=["sanitation"]))
    inbox = unit.get(f"/inbox/sanitation?lang={language}").text
    for shown in ("wash the road", words["order.unread"], words["order.step.receipt"], case.number):
        assert shown in inbox
    assert words["notice.order_given"] in unit.get("/notices").text
    [order] = house.now(case).orders
    assert post(house, unit, case, f"orders/{order.id}/receipt") == 303
    assert post(house, unit, case, f"orders/{order.id}/reply", text="washed") == 303
    assert "wash the road" not in unit.get("/inbox/sanitation").text
    page = browser.get(f"/cases/{case.id}").text
    assert "washed" in page
    assert words["order.replied"] in page
    assert words["notice.order_answered"] in browser.get("/notices").text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_order_without_a_case_is_given_and_answered_on_the_page_of_orders(
    house: House, browser: Browser, language: str
) -> None:
    words = catalog(Language(language))
    person = house.person(Role.HANDLER, name="unit", departments=["sanitation"])
    form = browser.get(f"/orders?lang={language}").text
    assert words["order.give_free"] in form
    assert 'value="unit"' in form
    assert (
        browser.post("/orders", data={"unit": "", "person": "unit", "text": "come", "minutes": "5"}).status_code == 303
    )
    unit = house.browser_of(person)
    mine = unit.get(f"/orders?lang={language}").text
    assert "come" in mine
    assert words["order.give_free"] not in mine
    [listed] = house.store.orders(person=person.id).items
    for step, said in (("receipt", ""), ("reply", "was there")):
        assert unit.post(f"/orders/{listed.order.id}/{step}", data={"text": said}).status_code == 303
    assert words["empty.orders"] in unit.get(f"/orders?lang={language}").text
    assert "was there" in browser.get("/orders?show=all").text


def test_a_consultation_is_shown_in_the_time_of_the_city(house: House, browser: Browser, case: Case) -> None:
    form = {"participants": "police\nMr Li\n", "decision": "close the lane", "held_at": "2026-03-02T08:00"}
    assert post(house, browser, case, "consultations", **form) == 303
    [record] = house.now(case).consultations
    assert record.participants == ("police", "Mr Li")
    assert record.held_at.isoformat() == "2026-03-02T00:00:00+00:00"
    page = browser.get(f"/cases/{case.id}?lang=en").text
    assert "close the lane" in page
    assert "police, Mr Li" in page
    assert post(house, browser, case, "consultations", **form | {"participants": "police"}) == 409
    observer = house.browser_of(house.person(Role.OBSERVER, name="deputy")).get(f"/cases/{case.id}").text
    assert "Mr Li" not in observer
    assert "/consultations" not in observer


def test_watching_and_the_notices_that_come_of_it(house: House, browser: Browser, case: Case) -> None:
    words = catalog(Language.EN)
    assert words["empty.watched"] in browser.get("/watched?lang=en").text
    assert post(house, browser, case, "watch", watch="true") == 303
    assert words["watch.no_more"] in browser.get(f"/cases/{case.id}").text
    assert case.number in browser.get("/watched").text
    house.doors.desk.accept(case.id, version=house.now(case).version, by="police")
    notices = browser.get("/notices").text
    assert words["act.accept"] in notices
    assert words["audience.watcher"] in notices
    assert post(house, browser, case, "watch", watch="false") == 303
    assert case.number not in browser.get("/watched").text
