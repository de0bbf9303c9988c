"""The second step: set up, asked for, lost, guessed, replayed and taken away."""

import re
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import httpx
import pytest

from api.accounts.one_time_codes import STEP_SECONDS, code_at
from api.accounts.roles import Role
from tests.web_house import Browser, House

SENTENCE = "three egrets stand at the bridge"


@pytest.fixture(autouse=True)
def chen(house: House) -> None:
    house.accounts.add("chen.yu", SENTENCE, roles=[Role.SUPERVISOR], shown_as="Chen Yu")


def give_password(browser: Browser) -> httpx.Response:
    return browser.post("/sign-in", data={"name": "chen.yu", "password": SENTENCE, "next": "/cases"})


def give_code(browser: Browser, code: str) -> httpx.Response:
    return browser.post("/sign-in/code", data={"code": code, "next": "/cases"})


def code_now(house: House, secret: str, steps: int = 0) -> str:
    return code_at(secret, int(house.door_clock().timestamp()) // STEP_SECONDS + steps)


def offered(answer: httpx.Response) -> tuple[str, str]:
    """The secret that a page shows, and what comes back with its first code."""
    [secret], [sealed] = (
        re.findall(r"[A-Z2-7]{32}", answer.text),
        re.findall(r'name="sealed" value="([^"]+)"', answer.text),
    )
    return secret, sealed


def set_up(house: House) -> tuple[str, list[str]]:
    """Chen Yu has a second factor, and its first code is used up: the secret and the recovery codes."""
    own = house.browser_of(house.accounts.person("chen.yu"))
    secret, sealed = offered(own.get("/account"))
    answer = own.post("/account/second-factor", data={"code": code_now(house, secret), "sealed": sealed})
    assert answer.status_code == 200
    return secret, re.findall(r"<li>([a-z0-9]{6}-[a-z0-9]{6})</li>", answer.text)


def test_whoever_has_one_comes_in_with_both_and_with_neither_alone(house: House) -> None:
    secret, _ = set_up(house)
    stranger = house.stranger()
    assert give_code(stranger, code_now(house, secret, 1)).headers["location"] == "/sign-in"
    assert give_password(stranger).headers["location"] == "/sign-in/code?next=%2Fcases"
    assert stranger.get("/cases").headers["location"].startswith("/sign-in")
    assert "recovery codes" in stranger.get("/sign-in/code?lang=en").text
    assert give_code(stranger, "000000").status_code == 403
    assert give_code(stranger, code_now(house, secret, 1)).headers["location"] == "/cases"
    assert "Chen Yu" in stranger.get("/cases").text
    told = [(entry.what, entry.payload) for entry in house.store.audit_entries() if entry.what == "account.signed_in"]
    assert len(told) == 1
    assert "password and code" in told[0][1]


def test_a_code_is_good_once_even_for_many_at_once(house: House) -> None:
    secret, _ = set_up(house)
    person, factors = house.accounts.person("chen.yu"), house.ways_in.second_factors
    assert not factors.book.use_step(person.id, int(house.door_clock().timestamp()) // STEP_SECONDS)
    with ThreadPoolExecutor(4) as pool:
        step = int(house.door_clock().timestamp()) // STEP_SECONDS + 1
        assert sum(pool.map(partial(factors.book.use_step, person.id), [step] * 8)) == 1
    stranger = house.stranger()
    give_password(stranger)
    for used in (code_now(house, secret), code_now(house, secret, 1), code_now(house, secret, -1)):
        assert give_code(stranger, used).status_code == 403
    house.door_clock.forward(seconds=60)
    assert give_code(stranger, code_now(house, secret)).status_code == 303


def test_a_recovery_code_is_good_once_and_only_its_hash_is_kept(house: House) -> None:
    secret, codes = set_up(house)
    assert len(set(codes)) == 10
    kept = (house.folder / "jiexun.db").read_bytes() + (house.folder / "jiexun.db-wal").read_bytes()
    assert not [word for word in (secret, *codes) if word.encode() in kept]
    stranger = house.stranger()
    give_password(stranger)
    assert give_code(stranger, codes[3].replace("-", " ").upper()).status_code == 303
    again = house.stranger()
    give_password(again)
    assert give_code(again, codes[3]).status_code == 403


def test_who_guesses_codes_has_to_wait_whatever_passwords_they_know(house: House) -> None:
    secret, codes = set_up(house)
    stranger = house.stranger()
    give_password(stranger)
    for _ in range(5):
        assert give_code(stranger, "123456").status_code == 403
    give_password(stranger)
    locked = give_code(stranger, codes[0])
    assert (locked.status_code, locked.headers["retry-after"]) == (403, "31")
    house.door_clock.forward(seconds=31)
    assert give_code(stranger, code_now(house, secret)).status_code == 303


def test_the_half_way_lasts_ten_minutes_and_ends_when_the_account_is_disabled(house: House) -> None:
    secret, _ = set_up(house)
    late, kept_out = house.stranger(), house.stranger()
    give_password(late)
    house.door_clock.forward(minutes=10, seconds=1)
    assert give_code(late, code_now(house, secret)).headers["location"] == "/sign-in"
    give_password(kept_out)
    house.accounts.set_disabled("chen.yu", True)
    assert give_code(kept_out, code_now(house, secret)).headers["location"] == "/sign-in"


def test_a_new_password_ends_what_was_begun_with_the_old_one(house: House) -> None:
    secret, _ = set_up(house)
    stranger = house.stranger()
    give_password(stranger)
    house.accounts.set_password("chen.yu", f"{SENTENCE} again")
    assert give_code(stranger, code_now(house, secret, 1)).headers["location"] == "/sign-in"


def test_a_role_that_must_have_one_sets_it_up_before_it_comes_in(house: House) -> None:
    house.with_second_factor = frozenset({Role.SUPERVISOR})
    stranger = house.stranger()
    assert give_password(stranger).headers["location"] == "/sign-in/second-factor?next=%2Fcases"
    assert stranger.get("/cases").status_code == 303
    secret, sealed = offered(stranger.get("/sign-in/second-factor?next=%2Fcases"))
    wrong = stranger.post("/sign-in/second-factor", data={"code": "000000", "sealed": sealed, "next": "/cases"})
    assert (wrong.status_code, offered(wrong)[0]) == (403, secret)
    form = {"code": code_now(house, secret), "sealed": sealed, "next": "/cases"}
    shown = stranger.post("/sign-in/second-factor", data=form)
    assert "/cases" in shown.text
    assert stranger.get("/cases").status_code == 200
    again = house.stranger()
    give_password(again)
    assert again.get("/sign-in/second-factor").headers["location"] == "/sign-in"


def test_what_was_offered_to_one_is_no_use_to_another(house: House) -> None:
    house.accounts.add("li.wei", SENTENCE, roles=[Role.DISPATCHER])
    li = house.browser_of(house.accounts.person("li.wei"))
    secret, sealed = offered(house.browser_of(house.accounts.person("chen.yu")).get("/account"))
    form = {"code": code_now(house, secret), "sealed": sealed}
    assert li.post("/account/second-factor", data=form).status_code == 409
    assert not house.ways_in.second_factors.has(house.accounts.person("li.wei"))


def test_it_is_taken_away_with_a_code_or_by_an_administrator_and_all_of_it_is_logged(house: House) -> None:
    secret, codes = set_up(house)
    own, person = house.browser_of(house.accounts.person("chen.yu")), house.accounts.person("chen.yu")
    assert own.post("/account/second-factor/remove", data={"code": code_now(house, secret)}).status_code == 403
    assert own.post("/account/second-factor/remove", data={"code": codes[0]}).status_code == 303
    assert not house.ways_in.second_factors.has(person)
    house.door_clock.forward(seconds=60)
    set_up(house)
    admin = house.browser_of(house.person(Role.ADMIN, name="root.li"))
    assert "/admin/people/chen.yu/second-factor" in admin.get("/admin").text
    assert admin.post("/admin/people/chen.yu/second-factor").status_code == 303
    assert admin.post("/admin/people/chen.yu/second-factor").status_code == 409
    told = [entry.what for entry in house.store.audit_of(person.id)]
    removed = "account.second_factor_removed"
    assert told == ["account.second_factor", removed, "account.second_factor", "account.second_factor_reset"]


def test_who_must_have_one_cannot_take_it_away(house: House) -> None:
    _, codes = set_up(house)
    house.with_second_factor = frozenset({Role.SUPERVISOR})
    own = house.browser_of(house.accounts.person("chen.yu"))
    assert "second-factor/remove" not in own.get("/account").text
    assert own.post("/account/second-factor/remove", data={"code": codes[0]}).status_code == 409


def test_a_code_in_full_width_digits_is_good_and_other_letters_are_only_wrong(house: House) -> None:
    secret, _ = set_up(house)
    stranger = house.stranger()
    give_password(stranger)
    assert give_code(stranger, "六位数字").status_code == 403
    wide = code_now(house, secret, 1).translate({ord("0") + k: ord("０") + k for k in range(10)})
    assert give_code(stranger, wide).headers["location"] == "/cases"
