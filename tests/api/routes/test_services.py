"""The menu of services for programs: ordered once for a key, seen by those whom it concerns, moved by the table."""

from typing import Any

import httpx
import pytest

from api.accounts.roles import Right, Role
from tests.web_house import Browser, House

ORDER = {
    "service": "repairs",
    "area": "north",
    "phone": "13800004321",
    "words": "canary words",
    "address": "Canary Lane",
}


@pytest.fixture
def hotline(house: House) -> Browser:
    return house.stranger(key=house.accounts.make_key("hotline", rights=[Right.REPORT])[1])


def placed(hotline: Browser, key: str = "call-1", **other: str) -> httpx.Response:
    return hotline.post("/v1/service-orders", json={**ORDER, **other}, headers={"Idempotency-Key": key})


def member(house: House, role: Role, name: str, area: str = "north") -> Browser:
    return house.browser_of(house.person(role, name=name, areas=[area]))


def listed(browser: Browser, query: str = "") -> list[dict[str, Any]]:
    answer = browser.get(f"/v1/service-orders{query}", headers={})
    assert answer.status_code == 200, answer.text
    return answer.json()


def step(browser: Browser, id: str, name: str, words: str = "") -> httpx.Response:
    return browser.post(f"/v1/service-orders/{id}/{name}", json={"words": words})


def test_the_menu_is_what_the_city_file_names(house: House, hotline: Browser) -> None:
    found = hotline.get("/v1/services", headers={}).json()
    assert [one["id"] for one in found] == [part.id for part in house.city.file.residents.services]
    assert set(found[0]["name"]) == {"zh", "en"}


def test_a_call_is_one_order_however_often_it_is_sent(house: House, hotline: Browser) -> None:
    first, again = placed(hotline), placed(hotline)
    assert (first.status_code, again.json()) == (201, first.json())
    assert placed(hotline, words="something else").status_code == 422
    assert placed(hotline, "call-2").json()["number"] != first.json()["number"]
    assert len(house.store.public.service_orders()) == 2


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"service": "unknown"}, 409),
        ({"area": "atlantis"}, 409),
        ({"phone": ""}, 422),
        ({"service": "", "words": ""}, 409),
    ],
)
def test_what_cannot_be_ordered_is_refused_and_not_kept(
    house: House, hotline: Browser, wrong: dict[str, str], status: int
) -> None:
    answer = placed(hotline, **wrong)
    assert (answer.status_code, house.store.public.service_orders()) == (status, ())
    assert placed(hotline).status_code == 201, "a key whose request was refused is still free"


def test_an_order_goes_its_way_and_only_those_whom_it_concerns_read_whose_it_is(house: House, hotline: Browser) -> None:
    id = placed(hotline).json()["id"]
    community, volunteer = member(house, Role.COMMUNITY, "committee"), member(house, Role.VOLUNTEER, "li")
    [seen] = listed(community)
    assert (seen["phone"], seen["steps"]) == ("13800004321", ["offer", "decline"])
    assert listed(volunteer) == []
    assert step(community, id, "offer").status_code == 409, "without words volunteers would not know what is wanted"
    assert step(community, id, "offer", "a tap drips").json()["state"] == "offered"
    [offered] = listed(volunteer)
    assert (offered["offer"], offered["phone"], offered["words"], offered["address"]) == ("a tap drips", "", "", "")
    other = member(house, Role.VOLUNTEER, "wang")
    claimed = step(volunteer, id, "claim").json()
    assert (claimed["phone"], claimed["steps"]) == ("13800004321", ["release", "finish"])
    assert step(other, id, "claim").status_code == 409
    assert [one["id"] for one in listed(volunteer, "?mine=true")] == [id]
    assert listed(other, "?mine=true") == listed(other, "?state=claimed") == []
    assert step(volunteer, id, "finish").json()["state"] == "done"
    assert [one["state"] for one in listed(community, "?state=done")] == ["done"]


def test_what_lies_elsewhere_does_not_exist_and_what_is_another_s_part_is_refused(
    house: House, hotline: Browser
) -> None:
    id = placed(hotline).json()["id"]
    elsewhere = member(house, Role.COMMUNITY, "south.committee", "south")
    assert listed(elsewhere) == []
    assert step(elsewhere, id, "offer", "x").status_code == 404
    assert step(member(house, Role.VOLUNTEER, "li"), id, "offer", "x").status_code == 403
    assert step(member(house, Role.COMMUNITY, "committee"), id, "rate").status_code == 404
