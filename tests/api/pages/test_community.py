"""Menu of services, wishes, announcements and observers' comments, as people meet them."""

import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace

import httpx
import pytest

from api.accounts.roles import Role
from api.app import create_app
from api.store.book import SqlBook
from api.store.store import SqlStore
from cases.participation.menu import ServiceOrder
from inference.findings import ViolationKind
from tests.web_house import Browser, House

SECRETS = {"words": "canary words", "phone": "13800004321", "name": "Canary", "address": "Canary Lane 1"}


@pytest.fixture
def resident(house: House) -> Browser:
    return house.stranger()


def ordered(resident: Browser, service: str = "repairs", **more: str) -> str:
    """The link that an order leads to."""
    form = re.findall(r'name="form" value="(\w+)"', resident.get(f"/public/services/order?service={service}").text)[0]
    fields = {"form": form, "service": service, "area": "north", **SECRETS, **more}
    answer = resident.post("/public/services", data=fields)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0]


def the_order(house: House) -> ServiceOrder:
    [order] = house.store.public.service_orders()
    return order


def step(browser: Browser, house: House, name: str, words: str = "") -> httpx.Response:
    return browser.post(f"/services/{the_order(house).id}/{name}", data={"words": words})


def member(house: House, role: Role, name: str, *areas: str) -> Browser:
    return house.browser_of(house.person(role, name=name, areas=areas))


def test_a_form_that_is_sent_twice_is_one_order_and_with_other_words_a_second_one(
    house: House, resident: Browser
) -> None:
    form = "0" * 32
    assert ordered(resident, form=form) == ordered(resident, form=form)
    assert ordered(resident, form=form) != ordered(resident, form=form, words="and the lamp in the yard")
    assert len(house.store.public.service_orders()) == 2


def test_an_order_is_offered_claimed_done_and_rated(house: House, resident: Browser) -> None:
    link = ordered(resident)
    community = member(house, Role.COMMUNITY, "committee", "north")
    assert 'class="count">1<' in community.get("/services").text
    volunteers = [member(house, Role.VOLUNTEER, name, "north") for name in ("zhao", "qian")]
    assert the_order(house).number not in volunteers[0].get("/services").text
    assert 'class="count"' not in volunteers[0].get("/services").text
    assert step(community, house, "offer", "a tap to mend").status_code == 303
    assert 'class="count">1<' in volunteers[0].get("/services").text
    assert [step(volunteer, house, "claim").status_code for volunteer in volunteers] == [303, 409]
    assert step(volunteers[1], house, "finish").status_code == 409
    assert step(volunteers[0], house, "finish").status_code == 303
    assert 'value="rate"' in resident.get(link).text
    assert resident.post(link, data={"step": "rate", "rating": "5"}).status_code == 303
    assert (the_order(house).state, the_order(house).rating) == ("rated", 5)
    assert "1 " in volunteers[0].get("/services?lang=en").text


def test_who_ordered_is_told_to_the_community_and_to_whoever_claimed_it_alone(house: House, resident: Browser) -> None:
    link = ordered(resident)
    community = member(house, Role.COMMUNITY, "committee", "north")
    elsewhere = member(house, Role.COMMUNITY, "others", "south")
    zhao, qian = (member(house, Role.VOLUNTEER, name, "north") for name in ("zhao", "qian"))
    step(community, house, "offer", "a tap to mend")

    def knows(browser: Browser) -> list[bool]:
        text = browser.get("/services").text
        return [word in text for word in (the_order(house).number, "13800004321", "Canary Lane 1", "canary words")]

    assert knows(community) == [True] * 4
    assert knows(zhao) == [True, False, False, False]
    assert knows(elsewhere) == [False] * 4
    step(zhao, house, "claim")
    assert knows(zhao) == [True] * 4
    assert knows(qian) == [False] * 4
    assert "13800004321" not in resident.get(link).text
    assert step(elsewhere, house, "decline", "no").status_code == 404
    assert step(zhao, house, "decline", "no").status_code == 403


def test_a_wish_is_an_order_in_the_residents_own_words(house: House, resident: Browser) -> None:
    link = ordered(resident, "", words="a bench by the bus stop")
    assert (the_order(house).service, the_order(house).words) == (None, "a bench by the bus stop")
    assert resident.post(link, data={"step": "withdraw"}).status_code == 303
    assert the_order(house).state == "withdrawn"
    assert resident.post(link, data={"step": "withdraw"}).status_code == 409
    assert resident.post(link, data={"step": "claim"}).status_code == 409
    assert resident.get("/public/services/0").status_code == 404


@pytest.mark.parametrize("wrong", [{"phone": ""}, {"area": "moon"}, {"service": "", "words": ""}, {"form": "short"}])
def test_an_order_that_lacks_something_is_not_taken(house: House, resident: Browser, wrong: dict[str, str]) -> None:
    fields = {"form": "0" * 32, "service": "repairs", "area": "north", **SECRETS, **wrong}
    assert resident.post("/public/services", data=fields).status_code == 422
    assert house.store.public.service_orders() == ()


def announce(browser: Browser, area: str, title: str, first: str = "2026-03-02", last: str = "2026-03-03") -> int:
    fields = {"area": area, "title": title, "text": "water off from 8 to 12", "first": first, "last": last}
    return browser.post("/announcements", data=fields).status_code


def test_an_announcement_is_seen_in_its_area_while_it_lasts(house: House, resident: Browser) -> None:
    office = member(house, Role.COMMUNITY, "office")
    assert announce(office, "north", "North only") == 303
    assert announce(office, "riverside", "Everybody") == 303
    assert announce(office, "north", "Later", "2026-03-05", "2026-03-06") == 303

    def seen(area: str) -> list[str]:
        text = resident.get(f"/public/announcements?area={area}").text
        return [title for title in ("North only", "Everybody", "Later") if title in text]

    assert [seen("north"), seen("south"), seen("")] == [["North only", "Everybody"], ["Everybody"], ["Everybody"]]
    assert "North only" not in resident.get("/public").text
    house.clock.forward(days=2)
    assert seen("north") == []
    house.clock.forward(days=1)
    assert seen("north") == ["Later"]
    [later] = [one for one in house.store.public.announcements(None) if one.title == "Later"]
    assert office.post(f"/announcements/{later.id}/withdraw").status_code == 303
    assert seen("north") == []


def test_announcements_are_written_for_ones_own_areas_and_days_that_can_be(house: House) -> None:
    north = member(house, Role.COMMUNITY, "committee", "north")
    assert announce(north, "south", "no") == 404
    assert announce(north, "north", " ") == 422
    assert announce(north, "north", "no", "2026-03-03", "2026-03-02") == 422
    assert announce(north, "north", "no", "2026-03-03", "2030-03-02") == 422
    assert house.store.public.announcements(None) == ()


def test_an_observer_follows_all_stages_and_comments(house: House) -> None:
    case = house.confirmed(house.case(kind=ViolationKind.EXPOSED_GARBAGE))
    deputy = house.browser_of(house.person(Role.OBSERVER, name="deputy"))
    path = f"/cases/{case.id}"
    assert deputy.post(f"{path}/comments", data={"text": "it is back every night"}).status_code == 303
    said = deputy.post(f"/v1/cases/{case.id}/comments", json={"text": "and again"})
    assert (said.status_code, said.json()["act"], said.json()["actor"]) == (201, "comment", "deputy")
    page = deputy.get(path).text
    assert "it is back every night" in page
    assert "Chen Yu" not in page
    assert house.now(case).state == case.state
    assert "it is back every night" in house.browser(Role.SUPERVISOR).get(path).text
    assert "it is back every night" not in house.stranger().get(f"/public/cases/{case.number}").text
    assert deputy.post(f"{path}/comments", data={"text": " "}).status_code == 409
    assert deputy.post("/cases/none/comments", data={"text": "x"}).status_code == 404


class Overtaken(SqlStore):
    """After its first transaction, and before anything else, somebody else writes."""

    def __init__(self, url: str, then: Callable[[], object]) -> None:
        super().__init__(url)
        self._then: Callable[[], object] | None = then

    @contextmanager
    def transaction(self) -> Generator[SqlBook]:
        with super().transaction() as book:
            yield book
        then, self._then = self._then, None
        if then:
            then()


def test_an_observer_is_answered_with_their_own_words_whatever_was_written_meanwhile(house: House) -> None:
    case = house.confirmed(house.case(kind=ViolationKind.EXPOSED_GARBAGE))

    def void() -> None:
        now = house.now(case)
        house.doors.desk.void(case.id, version=now.version, by="Chen Yu", reason="canary of the inside")

    with Overtaken(f"sqlite:///{house.folder}/jiexun.db", void) as store:
        deputy = house.person(Role.OBSERVER, name="deputy")
        app = create_app(replace(house.doors, store=store))
        said = house.browser_of(deputy, app).post(f"/v1/cases/{case.id}/comments", json={"text": "and again"})
    assert house.dossier(case).history[-1].reason == "canary of the inside"
    assert (said.json()["act"], said.json()["reason"]) == ("comment", "and again")


def test_how_to_reach_a_reporter_is_shown_for_a_reason_that_is_logged(house: House, resident: Browser) -> None:
    page = resident.get("/public/report/what?lat=31.2304&lon=121.4737").text
    form = re.findall(r'name="form" value="(\w+)"', page)[0]
    sent = {"form": form, "lat": "31.2304", "lon": "121.4737", "category": "0110", "phone": "13800004321", "name": "Wu"}
    assert resident.post("/public/report", data=sent).status_code == 303
    [case] = house.store.cases().items
    supervisor = house.browser_of(house.person(Role.SUPERVISOR, name="chen"))
    assert "13800004321" not in supervisor.get(f"/cases/{case.id}").text
    assert supervisor.post(f"/cases/{case.id}/contacts", data={"reason": ""}).status_code == 422
    shown = supervisor.post(f"/cases/{case.id}/contacts", data={"reason": "the place is not clear"})
    assert "13800004321" in shown.text
    [look] = [entry for entry in house.store.audit_entries() if entry.what == "contact.viewed"]
    assert (look.actor, look.object, look.payload) == ("chen", case.id, '{"why":"the place is not clear"}')
