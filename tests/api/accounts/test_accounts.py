"""Accounts as E5 wants them: back-off, equal work for unknown names, and effect on the very next request."""

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Literal

import pytest
from argon2 import PasswordHasher

from api.accounts.accounts import IDLE, LONGEST_SESSION, Accounts, SignInRefused
from api.accounts.passwords import Passwords
from api.accounts.person import Person
from api.accounts.roles import Right, Role
from api.errors import AccountError
from api.store.store import SqlStore
from tests.rigs.empty_database import empty_database
from tests.web_house import PASSWORDS, Clock

SENTENCE = "三只白鹭站在桥头 at dawn"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return empty_database(tmp_path / "jiexun.db")


@pytest.fixture
def accounts(url: str, clock: Clock) -> Iterator[Accounts]:
    with SqlStore(url) as store:
        yield Accounts(book=store.accounts, passwords=PASSWORDS, clock=clock, new_id=lambda: secrets.token_hex(16))


def sign_in(accounts: Accounts, name: str, password: str) -> tuple[Person, str]:
    """As somebody without a second factor does."""
    person = accounts.with_password(name, password)
    return person, accounts.open_session(person)


def wait(accounts: Accounts, name: str, password: str) -> timedelta:
    with pytest.raises(SignInRefused) as refused:
        sign_in(accounts, name, password)
    return refused.value.wait


def test_who_signs_in_is_known_until_they_sign_out(accounts: Accounts) -> None:
    added = accounts.add("Chen.Yu", SENTENCE, roles=[Role.SUPERVISOR], shown_as="陈宇")
    person, token = sign_in(accounts, " chen.yu ", SENTENCE)
    assert person == added
    assert person.label == "陈宇 (chen.yu)"
    assert accounts.signed_in(token) == person
    accounts.sign_out(token)
    assert accounts.signed_in(token) is None
    assert accounts.signed_in("") is None


def test_neither_passwords_nor_tokens_nor_keys_are_kept(accounts: Accounts, tmp_path: Path) -> None:
    accounts.add("chen.yu", SENTENCE, roles=[Role.SUPERVISOR])
    _, token = sign_in(accounts, "chen.yu", SENTENCE)
    _, key = accounts.make_key("east gate", camera="east-gate")
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"chen.yu" in written
    for secret in (SENTENCE, token, key, key.split("_", 2)[2]):
        assert secret.encode() not in written


def test_a_session_ends_when_nobody_uses_it_and_after_a_shift(accounts: Accounts, clock: Clock) -> None:
    accounts.add("chen.yu", SENTENCE, roles=[Role.SUPERVISOR])
    _, token = sign_in(accounts, "chen.yu", SENTENCE)
    began = clock.now
    while clock.now - began < LONGEST_SESSION - timedelta(minutes=31):
        clock.forward(minutes=30)
        assert accounts.signed_in(token) is not None
    clock.forward(minutes=31)
    assert accounts.signed_in(token) is None
    _, other = sign_in(accounts, "chen.yu", SENTENCE)
    clock.now += IDLE - timedelta(seconds=1)
    assert accounts.signed_in(other, by_a_person=False) is not None
    clock.forward(seconds=1)
    assert accounts.signed_in(other) is None


def test_a_clock_that_was_set_back_opens_nothing(accounts: Accounts, clock: Clock) -> None:
    accounts.add("chen.yu", SENTENCE, roles=[Role.SUPERVISOR])
    _, token = sign_in(accounts, "chen.yu", SENTENCE)
    clock.forward(hours=-2)
    assert accounts.signed_in(token) is None


def test_disabling_other_roles_and_a_new_password_act_at_once(accounts: Accounts) -> None:
    accounts.add("chen.yu", SENTENCE, roles=[Role.SUPERVISOR])
    _, token = sign_in(accounts, "chen.yu", SENTENCE)
    accounts.set_roles("chen.yu", [Role.HANDLER], departments=["wardens"])
    changed = accounts.signed_in(token)
    assert changed is not None
    assert (changed.roles, changed.departments) == ({Role.HANDLER}, {"wardens"})
    accounts.set_disabled("chen.yu", True)
    assert accounts.signed_in(token) is None
    assert wait(accounts, "chen.yu", SENTENCE) == timedelta()
    accounts.set_disabled("chen.yu", False)
    assert accounts.signed_in(token) is None
    _, token = sign_in(accounts, "chen.yu", SENTENCE)
    accounts.set_password("chen.yu", SENTENCE[::-1])
    assert accounts.signed_in(token) is None


def test_two_who_change_one_person_at_once_undo_nothing_of_each_other(accounts: Accounts, clock: Clock) -> None:
    accounts.add("chen.yu", SENTENCE, roles=[Role.SUPERVISOR])

    def meanwhile() -> datetime:
        accounts.set_disabled("chen.yu", True)
        return clock()

    replace(accounts, clock=meanwhile).set_roles("chen.yu", [Role.AUDITOR])
    person = accounts.person("chen.yu")
    assert (person.disabled, person.roles) == (True, {Role.AUDITOR})


def test_after_five_wrong_passwords_even_the_right_one_waits(accounts: Accounts, clock: Clock) -> None:
    accounts.add("chen.yu", SENTENCE, roles=[Role.SUPERVISOR])
    assert [wait(accounts, "chen.yu", "wrong") for _ in range(5)] == [timedelta()] * 5
    assert wait(accounts, "chen.yu", SENTENCE) == timedelta(seconds=30)
    clock.forward(seconds=30)
    assert wait(accounts, "chen.yu", "wrong") == timedelta()
    assert wait(accounts, "chen.yu", SENTENCE) == timedelta(seconds=60)
    clock.forward(seconds=60)
    sign_in(accounts, "chen.yu", SENTENCE)
    assert wait(accounts, "chen.yu", "wrong") == timedelta()


def test_a_name_that_nobody_has_behaves_like_one_that_somebody_has(accounts: Accounts) -> None:
    accounts.add("chen.yu", SENTENCE, roles=[Role.SUPERVISOR])
    known, unknown = ([wait(accounts, name, "wrong") for _ in range(7)] for name in ("chen.yu", "no.body"))
    assert known == unknown


def test_an_unknown_name_costs_the_same_work_as_a_known_one(accounts: Accounts) -> None:
    class Counting(PasswordHasher):
        count = 0

        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
            self.count += 1
            return super().verify(hash, password)

    hasher = Counting(time_cost=1, memory_cost=64, parallelism=1)
    passwords = Passwords(hasher)
    assert passwords.matches(passwords.hash(SENTENCE), SENTENCE)
    assert not passwords.matches(passwords.hash(SENTENCE), "wrong")
    assert not passwords.matches(None, "wrong")
    assert hasher.count == 3


def test_a_hundred_guesses_at_once_are_still_only_five(accounts: Accounts) -> None:
    accounts.add("chen.yu", SENTENCE, roles=[Role.SUPERVISOR])
    with ThreadPoolExecutor(16) as pool:
        waits = list(pool.map(partial(wait, accounts, "chen.yu"), [f"guess {n}" for n in range(100)]))
    assert sum(not one for one in waits) == 5


@pytest.mark.parametrize(
    "password",
    ["short", "x" * 257, "aaaaaaaaaaaaaaaa", "123456789012", "password1234", "Admin!2026-2026", "chen.yu-12345"],
)
def test_default_and_weak_passwords_are_refused(accounts: Accounts, password: str) -> None:
    with pytest.raises(AccountError, match="take a sentence of your own") as refused:
        accounts.add("chen.yu", password, roles=[Role.ADMIN])
    assert password not in str(refused.value)
    assert accounts.book.people() == ()


@pytest.mark.parametrize(
    ("name", "roles", "departments", "sentence"),
    [
        ("x", [Role.ADMIN], [], "a name has"),
        ("Chen Yu", [Role.ADMIN], [], "a name has"),
        ("chen.yu", [], [], "say what the person is"),
        ("chen.yu", [Role.HANDLER], [], "name --department"),
        ("chen.yu", [Role.ADMIN], ["wardens"], "nobody else does"),
        ("taken", [Role.ADMIN], [], "there is a taken already"),
    ],
)
def test_a_person_that_makes_no_sense_is_refused(
    accounts: Accounts, name: str, roles: list[Role], departments: list[str], sentence: str
) -> None:
    accounts.add("taken", SENTENCE, roles=[Role.AUDITOR])
    with pytest.raises(AccountError, match=sentence):
        accounts.add(name, SENTENCE, roles=roles, departments=departments)


def test_a_key_is_good_until_it_is_revoked(accounts: Accounts) -> None:
    key, written = accounts.make_key("east gate", camera="east-gate")
    held = accounts.key(written)
    assert held is not None
    assert (held.camera, held.rights) == ("east-gate", {Right.PUSH_FRAMES})
    for wrong in ("", "jx", written[:-1], written + "x", written.replace(key.id, "0" * 16), f"jx_{key.id}_"):
        assert accounts.key(wrong) is None
    [kept] = accounts.book.keys()
    assert kept.used_at is not None
    accounts.revoke_key(key.id)
    assert accounts.key(written) is None
    with pytest.raises(AccountError, match="no key"):
        accounts.revoke_key("nothing")


@pytest.mark.parametrize("rights", [[Right.JUDGE], [Right.MANAGE_ACCOUNTS, Right.REPORT], [Right.PUSH_FRAMES], []])
def test_a_program_gets_no_right_of_a_person(accounts: Accounts, rights: list[Right]) -> None:
    with pytest.raises(AccountError, match="for a program with some of these rights"):
        accounts.make_key("robot", rights=rights)
