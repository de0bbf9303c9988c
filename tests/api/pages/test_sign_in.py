"""The way in and out, as a browser sees it."""

import re
from dataclasses import replace

import pytest

from api.accounts.demo_link import DemoLink
from api.accounts.roles import Role
from api.accounts.tokens import digest, form_token
from api.app import create_app
from api.pages.language import Language, catalog
from inference.findings import ViolationKind
from tests.web_house import Browser, House

SENTENCE = "three egrets stand at the bridge"


@pytest.fixture
def stranger(house: House) -> Browser:
    house.accounts.add("chen.yu", SENTENCE, roles=[Role.SUPERVISOR], shown_as="Chen Yu")
    return house.stranger()


def sign_in(browser: Browser, password: str = SENTENCE, next: str = "/") -> object:
    return browser.post("/sign-in", data={"name": "Chen.Yu", "password": password, "next": next})


def test_a_page_asks_who_you_are_and_then_shows_itself(stranger: Browser) -> None:
    asked = stranger.get("/cases?state=candidate")
    assert asked.headers["location"] == "/sign-in?next=%2Fcases%3Fstate%3Dcandidate"
    form = stranger.get(asked.headers["location"])
    assert 'name="next" value="/cases?state=candidate"' in form.text
    answer = stranger.post("/sign-in", data={"name": "Chen.Yu", "password": SENTENCE, "next": "/cases?state=candidate"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases?state=candidate")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("jiexun=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie
    assert "Chen Yu" in stranger.get("/cases").text


def test_behind_tls_the_cookie_travels_no_other_way(house: House, stranger: Browser) -> None:
    secure = Browser(create_app(replace(house.doors, secure=True)))
    cookie = secure.post("/sign-in", data={"name": "chen.yu", "password": SENTENCE}).headers["set-cookie"]
    assert cookie.startswith("__Host-jiexun=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


def test_every_way_in_is_logged(house: House, stranger: Browser) -> None:
    for password in ("wrong", SENTENCE):
        stranger.post("/sign-in", data={"name": "chen.yu", "password": password})
    assert [entry.what for entry in house.store.audit_entries()] == ["account.signed_in"]


def test_what_was_wrong_is_not_said_and_the_password_not_repeated(stranger: Browser) -> None:
    stranger.get("/sign-in?lang=en")
    wrong = stranger.post("/sign-in", data={"name": "chen.yu", "password": "canary-9182"})
    unknown = stranger.post("/sign-in", data={"name": "no.body", "password": "canary-9182"})
    assert (wrong.status_code, unknown.status_code) == (403, 403)
    assert catalog(Language.EN)["sign_in.wrong"] in wrong.text
    assert wrong.text.replace("chen.yu", "") == unknown.text.replace("no.body", "")
    assert "canary" not in wrong.text
    last = [stranger.post("/sign-in", data={"name": "chen.yu", "password": "canary-9182"}) for _ in range(5)][-1]
    assert last.headers["retry-after"] == "31"
    assert "30 sec" in last.text


@pytest.mark.parametrize("next", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", "/\n/x"])
def test_signing_in_leads_to_no_other_site(stranger: Browser, next: str) -> None:
    answer = stranger.post("/sign-in", data={"name": "chen.yu", "password": SENTENCE, "next": next})
    assert answer.headers["location"] == "/"


def test_signing_out_ends_the_session_on_the_server_too(house: House, stranger: Browser) -> None:
    stranger.post("/sign-in", data={"name": "chen.yu", "password": SENTENCE})
    token = stranger.cookies["jiexun"]
    stranger.post("/sign-out", data={"form_token": form_token(token)})
    assert "jiexun" not in stranger.cookies
    assert house.accounts.signed_in(token) is None
    assert Browser(stranger.app, session=token).get("/").headers["location"].startswith("/sign-in")


def test_a_handler_begins_in_the_own_inbox_and_sees_no_other(house: House) -> None:
    house.accounts.add("li", SENTENCE, roles=[Role.HANDLER], departments=["sanitation"])
    browser = house.stranger()
    answer = browser.post("/sign-in", data={"name": "li", "password": SENTENCE})
    assert answer.headers["location"] == "/inbox/sanitation"
    html = browser.get("/inbox").text
    assert 'href="/inbox/sanitation"' in html
    assert 'href="/inbox/wardens"' not in html


def test_disabling_and_other_roles_act_on_the_very_next_request(house: House) -> None:
    case = house.case()
    browser = house.browser(Role.SUPERVISOR)
    house.accounts.set_roles("chen.yu", [Role.AUDITOR])
    assert browser.post(f"/v1/cases/{case.id}/confirm", json={"version": 1}).status_code == 403
    assert browser.get(f"/v1/cases/{case.id}").status_code == 200
    house.accounts.set_disabled("chen.yu", True)
    assert browser.get(f"/v1/cases/{case.id}").status_code == 401
    assert house.now(case) == case


def test_a_form_without_its_token_changes_nothing(house: House) -> None:
    case = house.case(kind=ViolationKind.EXPOSED_GARBAGE)
    browser = house.browser()
    right = browser.always.pop("X-Form-Token")
    for token in ({}, {"form_token": ""}, {"form_token": "0" * 64}):
        answer = browser.post(f"/cases/{case.id}/confirm", data={"version": "1", **token})
        assert answer.status_code == 403
    assert browser.post(f"/v1/cases/{case.id}/confirm", json={"version": 1}).status_code == 403
    assert house.now(case) == case
    done = browser.post(f"/cases/{case.id}/confirm", data={"version": "1", "form_token": right})
    assert done.status_code == 303


def test_every_form_on_every_page_brings_its_token(house: House) -> None:
    case = house.confirmed(house.case(kind=ViolationKind.EXPOSED_GARBAGE))
    house.deliver()
    browser = house.browser()
    for path in ("/", "/cases", f"/cases/{case.id}", "/inbox/sanitation", f"/cases/{house.case().id}"):
        html = browser.get(path).text
        token = f'name="form_token" value="{browser.always["X-Form-Token"]}"'
        assert len(re.findall('<form[^>]* method="post"', html)) == html.count(token) > 0


def test_a_door_that_is_knocked_at_too_often_stays_shut_for_a_while(stranger: Browser) -> None:
    answers = [stranger.post("/sign-in", data={"name": f"n{i}", "password": "x"}).status_code for i in range(25)]
    assert answers[:20] == [403] * 20
    assert answers[20:] == [429] * 5


def test_the_link_of_the_demo_lets_in_whoever_started_it(house: House) -> None:
    house.accounts.add("host", SENTENCE, roles=[Role.ADMIN])
    link = DemoLink(name="host", token_hash=digest("secret"))
    app = create_app(replace(house.doors, demo_link=link))
    assert Browser(app).get("/sign-in/link?token=wrong").status_code == 404
    browser = Browser(app)
    assert browser.get("/sign-in/link?token=secret").headers["location"] == "/"
    assert browser.get("/").status_code == 200
    assert house.stranger().get("/sign-in/link?token=secret").status_code == 404
