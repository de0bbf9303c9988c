"""Signing in by the city's identity provider: who comes in, and everything that must not let anybody in."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import pytest

from api.accounts.provider import Agreed, Provider
from api.accounts.roles import Role
from api.app import create_app
from api.outgoing.web import OutgoingClient
from tests.rigs.fake_provider import CLIENT, SECRET, FakeProvider, fake_provider
from tests.web_house import NO_AUTHORITIES, Browser, House

RETURN = "/sign-in/provider/return"
WRONG_CLAIMS: tuple[dict[str, Any], ...] = (
    {"nonce": "another"},
    {"nonce": None},
    {"aud": "others"},
    {"aud": ["others", CLIENT]},
    {"azp": "others"},
    {"iss": "https://elsewhere.example"},
    {"exp": 1},
    {"exp": None},
    {"exp": "tomorrow"},
    {"iat": 1},
    {"iat": None},
    {"nbf": 4_000_000_000},
)
BAD_MANNERS = {
    "none": "forged",
    "hmac": "forged",
    "stranger": "forged",
    "mute": "silent",
    "redirect": "silent",
    "error": "silent",
    "garbage": "silent",
}
"""How the provider behaves, and what is said of it then."""


@pytest.fixture
def city(house: House) -> Iterator[FakeProvider]:
    """The provider, in which the house believes."""
    with fake_provider(house.door_clock()) as provider:
        believe(house, provider)
        yield provider


def believe(house: House, provider: FakeProvider, **agreed: Any) -> None:
    terms = Agreed(
        issuer=provider.issuer,
        client_id=CLIENT,
        client_secret=SECRET,
        redirect_uri=f"http://localhost{RETURN}",
    )
    web = OutgoingClient(frozenset({urlsplit(provider.issuer).netloc}), tls=NO_AUTHORITIES)
    house.provider = Provider(replace(terms, **agreed), web, clock=house.door_clock)


def come_back(
    house: House, city: FakeProvider, browser: Browser | None = None, changed: Mapping[str, str] = {}
) -> httpx.Response:
    """Begin, be let in by the provider, and come back with what it says."""
    browser = browser or house.stranger()
    begun = browser.get("/sign-in/provider?next=/cases")
    assert begun.status_code == 303, begun.text
    return browser.get(f"{RETURN}?{urlencode({**city.lets_in(begun.headers['location']), **changed})}")


def refusals(house: House) -> list[str]:
    return [entry.payload for entry in house.store.audit_entries() if entry.what == "account.provider_refused"]


def test_whoever_the_provider_knows_comes_in_as_their_account_with_our_roles(house: House, city: FakeProvider) -> None:
    person, browser = house.person(Role.SUPERVISOR), house.stranger()
    assert "/sign-in/provider?next=%2Fcases" in browser.get("/sign-in?next=/cases").text
    answer = come_back(house, city, browser)
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases")
    assert "Chen Yu" in browser.get("/cases").text
    assert browser.get("/admin").status_code == 403
    [told] = house.store.audit_of(person.id)
    assert (told.what, "provider" in told.payload) == ("account.signed_in", True)


def test_a_token_that_is_not_for_this_sign_in_lets_nobody_in(house: House, city: FakeProvider) -> None:
    house.person(Role.SUPERVISOR)
    app = create_app(house.doors)
    for wrong in WRONG_CLAIMS:
        city.overrides = wrong
        app.state.quotas.clear()
        browser = Browser(app)
        assert come_back(house, city, browser).status_code == 403, wrong
        assert browser.get("/cases").status_code == 303
    assert ["forged" in told for told in refusals(house)] == [True] * len(WRONG_CLAIMS)


def test_a_provider_with_bad_manners_lets_nobody_in(house: House, city: FakeProvider) -> None:
    house.person(Role.SUPERVISOR)
    app = create_app(house.doors)
    for manner in BAD_MANNERS:
        city.manner = manner
        app.state.quotas.clear()
        assert come_back(house, city, Browser(app)).status_code == 403, manner
    assert [f'"{why}"' in told for why, told in zip(BAD_MANNERS.values(), refusals(house), strict=True)] == [True] * 7
    assert "/elsewhere" not in city.seen


def test_an_answer_to_no_sign_in_of_this_browser_is_refused(house: House, city: FakeProvider) -> None:
    house.person(Role.SUPERVISOR)
    assert come_back(house, city, changed={"state": "another"}).status_code == 403
    victim, begun = house.stranger(), house.stranger().get("/sign-in/provider")
    foreign = urlencode(city.lets_in(begun.headers["location"]))
    assert victim.get(f"{RETURN}?{foreign}").status_code == 403
    browser = house.stranger()
    answer = city.lets_in(browser.get("/sign-in/provider").headers["location"])
    assert browser.get(f"{RETURN}?{urlencode(answer)}").status_code == 303
    browser.cookies.delete("jiexun")
    assert browser.get(f"{RETURN}?{urlencode(answer)}").status_code == 403
    late = house.stranger()
    answer = city.lets_in(late.get("/sign-in/provider").headers["location"])
    house.door_clock.forward(minutes=11)
    assert late.get(f"{RETURN}?{urlencode(answer)}").status_code == 403
    assert ["stale" in told for told in refusals(house)] == [True] * 4


@pytest.mark.parametrize("said", [{"error": "access_denied"}, {"code": ""}, {"code": "guessed"}])
def test_whom_the_provider_does_not_let_in_stays_outside(
    house: House, city: FakeProvider, said: dict[str, str]
) -> None:
    assert come_back(house, city, changed=said).status_code == 403
    assert "denied" in refusals(house)[0]


def test_who_has_no_account_gets_none_unless_the_settings_say_what_they_become(
    house: House, city: FakeProvider
) -> None:
    city.claims = {"preferred_username": "li.wei", "name": "李伟"}
    refused = come_back(house, city)
    assert refused.status_code == 403
    assert house.store.accounts.people() == ()
    believe(house, city, new_roles=frozenset({Role.OBSERVER}))
    assert come_back(house, city).status_code == 303
    person = house.accounts.person("li.wei")
    assert (person.roles, person.shown_as) == ({Role.OBSERVER}, "李伟")
    assert [entry.what for entry in house.store.audit_of(person.id)] == ["account.added", "account.signed_in"]
    house.accounts.set_disabled("li.wei", True)
    assert come_back(house, city).status_code == 403


@pytest.mark.parametrize("claims", [{}, {"preferred_username": 7}, {"preferred_username": " "}, {"email": "chen.yu"}])
def test_only_the_agreed_claim_names_an_account(house: House, city: FakeProvider, claims: dict[str, Any]) -> None:
    house.person(Role.SUPERVISOR)
    city.claims = claims
    assert come_back(house, city).status_code == 403
    believe(house, city, claim="email")
    assert come_back(house, city).status_code == (303 if "email" in claims else 403)


def test_a_new_key_of_the_provider_is_learnt(house: House, city: FakeProvider) -> None:
    house.person(Role.SUPERVISOR)
    assert come_back(house, city).status_code == 303
    city.rotate()
    house.door_clock.forward(minutes=2)
    city.now = house.door_clock()
    assert come_back(house, city).status_code == 303
    assert (city.seen.count("/keys"), city.seen.count("/.well-known/openid-configuration")) == (2, 1)


def test_a_provider_that_is_not_what_it_says_is_not_asked_for_anybody(house: House, city: FakeProvider) -> None:
    for wrong in ({"issuer": "https://elsewhere.example"}, {"authorization_endpoint": None}, {"jwks_uri": "file:///x"}):
        city.description = wrong
        believe(house, city)
        begun = house.stranger().get("/sign-in/provider?lang=en")
        if begun.status_code == 303:
            begun = come_back(house, city)
        assert begun.status_code == 403
    assert all("silent" in told for told in refusals(house))


def test_a_provider_inside_is_not_called_unless_the_settings_say_so(house: House, city: FakeProvider) -> None:
    terms = Agreed(issuer=city.issuer, client_id=CLIENT, client_secret=SECRET, redirect_uri="http://localhost/")
    house.provider = Provider(terms, OutgoingClient(tls=NO_AUTHORITIES), clock=house.door_clock)
    answer = house.stranger().get("/sign-in/provider?lang=en")
    assert answer.status_code == 403
    assert "cannot be reached" in answer.text
    assert city.seen == []


def test_the_client_secret_shows_nowhere(house: House, city: FakeProvider) -> None:
    assert SECRET not in repr(house.provider and house.provider.agreed)
    city.manner = "error"
    assert SECRET not in come_back(house, city).text
    assert SECRET not in "".join(refusals(house))
