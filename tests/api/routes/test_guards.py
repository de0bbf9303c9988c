"""What stands before every route (reliability E4, C5)."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from fastapi.routing import APIRoute

from api.accounts.roles import Role
from api.app import ROUTERS, create_app
from api.city.whole_picture import whole_picture_city
from api.errors import CityError
from tests.web_house import Browser, House, jpeg

CHANGES = sorted(
    route.path
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute) and (route.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}
)
FOREIGN = (
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost:9999"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
)


@pytest.mark.parametrize("path", ["/", "/cases", "/nope", "/v1/summary", "/v1/cases/x", "/static/style.css", "/livez"])
def test_every_answer_is_protected(browser: Browser, path: str) -> None:
    headers = browser.get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == ("no-cache" if path.startswith("/static") else "no-store")


def test_even_an_unforeseen_error_is_protected_and_says_nothing_of_the_inside(house: House) -> None:
    class Broken:
        names = ()

        def input_wh_for(self, size_wh: tuple[int, int]) -> tuple[int, int]:
            raise ZeroDivisionError("a secret of the inside")

        def detect(self, picture: object, full_wh: object = None) -> object:
            raise NotImplementedError

    broken = replace(house.doors, detector=Broken())  # pyright: ignore[reportArgumentType]
    browser = house.browser_of(house.person(*Role), create_app(broken))
    answer = browser.post("/v1/detect", content=jpeg(), headers={"Content-Type": "image/jpeg"}, raise_errors=False)
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.json()["detail"].startswith("something broke on our side")
    assert "default-src 'self'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("path", CHANGES)
def test_no_other_site_can_change_anything(house: House, browser: Browser, path: str, headers: dict[str, str]) -> None:
    case = house.case()
    filled = re.sub(r"\{[^}]+\}", "confirm", path.replace("{case_id}", case.id))
    answer = browser.post(filled, data={"version": "1"}, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["detail"].startswith("another site asked")
    assert house.now(case) == case


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}, {}])
def test_our_own_pages_and_programs_can(house: House, browser: Browser, headers: dict[str, str]) -> None:
    case = house.case()
    form = {"version": "1"}
    assert browser.post(f"/cases/{case.id}/confirm", data=form, headers=headers).status_code == 303


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "", "[::2]:80"])
def test_a_name_that_is_not_ours_is_refused(browser: Browser, host: str) -> None:
    assert browser.get("/", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:8000", "LOCALHOST"])
def test_our_names_are_not(browser: Browser, host: str) -> None:
    assert browser.get("/livez", headers={"Host": host}).status_code == 200


def test_an_operator_may_name_other_hosts(house: House) -> None:
    named = Browser(create_app(replace(house.doors, hosts=frozenset({"jiexun.example"}))))
    assert named.get("/livez", headers={"Host": "jiexun.example"}).status_code == 200
    assert named.get("/livez").status_code == 421
    anywhere = Browser(create_app(replace(house.doors, hosts=frozenset({"*"}))))
    assert anywhere.get("/livez", headers={"Host": "any.example"}).status_code == 200


def test_a_body_without_end_is_cut_off_while_it_streams(house: House, browser: Browser) -> None:
    case = house.case()
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b'{"version": 1, "by": "'
        while sent < 400_000_000:
            sent += 65_536
            yield b"x" * 65_536

    for path, content_type in (
        (f"/v1/cases/{case.id}/confirm", "application/json"),
        (f"/cases/{case.id}/confirm", "application/x-www-form-urlencoded"),
        ("/v1/detect", "application/octet-stream"),
    ):
        sent = 0
        answer = browser.post(path, content=endless(), headers={"Content-Type": content_type})
        # Of one endless field of a form the parser itself says 400.
        assert answer.status_code in (400, 413, 415), answer.text
        assert sent <= 13 * 1024 * 1024


def test_a_length_that_lies_is_refused_before_anything_is_read(browser: Browser) -> None:
    for length in ("9" * 30, str(400 * 2**20)):
        headers = {"Content-Length": length, "Content-Type": "image/jpeg"}
        assert browser.post("/v1/detect", content=b"x", headers=headers).status_code == 413


def test_a_city_without_a_duty_list_cannot_be_served(house: House) -> None:
    with pytest.raises(CityError, match="duty_list: is missing"):
        create_app(replace(house.doors, city=whole_picture_city("cam")))
