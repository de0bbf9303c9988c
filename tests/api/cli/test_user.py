import subprocess
import sys
from pathlib import Path

import pytest

from api.clock import utc_now
from api.wiring import accounts_of, open_store
from tests.api.cli.conftest import Run

SENTENCE = "three egrets stand at the bridge"


@pytest.fixture(autouse=True)
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JIEXUN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("JIEXUN_NEW_PASSWORD", SENTENCE)


def test_people_are_added_changed_and_kept_out(run: Run) -> None:
    assert run(["user", "list"]).out.startswith("nobody yet")
    assert run(["user", "add", "chen.yu", "--role", "supervisor", "--shown-as", "陈宇"]).status == 0
    assert run(["user", "roles", "chen.yu", "--role", "handler", "--department", "wardens"]).status == 0
    assert run(["user", "password", "chen.yu"]).status == 0
    assert run(["user", "list"]).out.split() == ["chen.yu", "陈宇", "handler", "(wardens)"]
    assert run(["user", "disable", "chen.yu"]).out == "chen.yu can no longer come in\n"
    assert "disabled" in run(["user", "list"]).out
    assert run(["user", "disable", "chen.yu", "--undo"]).out == "chen.yu may sign in again\n"
    with open_store() as store:
        logged = [entry.what for entry in store.audit_of(accounts_of(store).person("chen.yu").id)]
    assert sorted(logged) == sorted(f"account.{what}" for what in ("added", "roles", "password", "disable", "enable"))


def test_a_second_factor_is_taken_away_and_that_is_logged(run: Run) -> None:
    run(["user", "add", "chen.yu", "--role", "supervisor"])
    assert "no second factor" in run(["user", "reset-code", "chen.yu"]).err
    with open_store() as store:
        person = accounts_of(store).person("chen.yu")
        store.second_factors.put(person.id, "sealed", step=0, recovery=(), at=utc_now())
    assert run(["user", "reset-code", "chen.yu"]).status == 0
    with open_store() as store:
        assert store.second_factors.sealed(person.id) is None
        assert [entry.what for entry in store.audit_of(person.id)] == [
            "account.added",
            "account.second_factor_reset",
        ]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["add", "chen.yu"], "say what the person is"),
        (["add", "chen.yu", "--role", "king"], "Invalid value for '--role': 'king' is not one of"),
        (["disable", "no.body"], "there is nobody of this name"),
        (["reset-code", "no.body"], "there is nobody of this name"),
        (["password", "no.body"], "there is nobody of this name"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(run: Run, arguments: list[str], sentence: str) -> None:
    said = run(["user", *arguments])
    assert (said.status, said.err.count("\n")) == (2, 1)
    assert sentence in said.err


def test_a_default_password_is_refused_and_not_repeated(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIEXUN_NEW_PASSWORD", "Password-2026")
    said = run(["user", "add", "chen.yu", "--role", "admin"])
    assert said.status == 2
    assert "Password" not in said.out + said.err


def test_nobody_to_ask_is_no_password(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "api.cli", "user", "add", "chen.yu", "--role", "admin"]
    environment = {"JIEXUN_DATA_DIR": str(tmp_path), "PATH": ""}
    root = Path(__file__).parents[3]
    done = subprocess.run(
        command, cwd=root, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "set JIEXUN_NEW_PASSWORD" in done.stderr


def test_a_key_is_shown_once(run: Run) -> None:
    made = run(["key", "add", "east gate", "--camera", "east-gate"])
    written = made.out.strip()
    identifier = written.split("_")[1]
    assert written.startswith("jx_")
    listed = run(["key", "list"]).out
    assert identifier in listed
    assert written not in listed
    assert run(["key", "revoke", identifier]).out == "the key of east gate is no longer good\n"
    assert "revoked" in run(["key", "list"]).out
    with open_store() as store:
        assert sorted(entry.what for entry in store.audit_of(identifier)) == ["key.made", "key.revoked"]
    assert run(["key", "add", "robot", "--right", "judge"]).status == 2
    assert run(["key", "add", "robot", "--right", "fly"]).err.startswith("there is no such right")
    assert run(["key", "add", "robot", "--right", "report", "--department", "wardens"]).status == 0
