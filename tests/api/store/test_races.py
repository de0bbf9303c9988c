"""Many people on one case at the same moment: one of them wins, all others are told so and how the case stands now.

JIEXUN_TEST_RACES sets how many rounds there are on each database; 4 in the suite, 1,000 by hand.
"""

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from api.accounts.roles import Role
from api.app import create_app
from api.city.city import load_city
from api.store.store import SqlStore
from cases.case import Case
from inference.evidence.folder import FolderStore
from tests.case_builders import a_finding
from tests.rigs.ledger import Ledger, Operation, Outcome
from tests.rigs.version_chain import assert_versions_are_one_chain
from tests.web_house import CITY, Browser, House

ROUNDS = int(os.environ.get("JIEXUN_TEST_RACES", "4"))
CLIENTS = (2, 16, 4, 8)
BOX = [1.0, 2.0, 30.0, 40.0]

Choices = Mapping[str, tuple[str, Mapping[str, Any]]]
"""What a client may do: the path below the case, and the body but for its version."""

FIRST: Choices = {
    "confirm": ("verdict", {"ruling": "confirm"}),
    "reject": ("reject", {"reason": "a permitted bay"}),
    "correct": ("verdict", {"ruling": "correct", "right_box": BOX, "right_class": "truck"}),
}
"""What is done to a candidate: the last one edits it."""
THEN: Choices = {
    "accept": ("accept", {}),
    "return": ("return", {"reason": "not ours"}),
    "void": ("void", {"reason": "a test"}),
}
"""What is done to a case that its department has got."""


@pytest.fixture
def house(store: SqlStore, tmp_path: Path) -> House:
    return House(store=store, evidence=FolderStore(tmp_path / "evidence"), city=load_city(CITY), folder=tmp_path)


@pytest.fixture
def people(house: House) -> list[Browser]:
    app = create_app(house.doors)
    return [house.browser_of(house.person(*Role, name=f"person.{n}"), app) for n in range(max(CLIENTS))]


@pytest.mark.timeout(120 + 5 * ROUNDS)
def test_of_many_who_change_one_case_at_once_exactly_one_wins(house: House, people: list[Browser]) -> None:
    random, ledger = Random(20261125), Ledger()
    for number in range(ROUNDS):
        clients = people[: CLIENTS[number % len(CLIENTS)]]
        case = house.take_in(a_finding(f"stay-{number}", camera="east-gate", zone=f"zone-{number}"))
        winner = race(ledger, clients, case, FIRST, random)
        assert len(house.dossier(case).verdicts) == 1
        if winner.what != "reject":
            house.deliver()
            race(ledger, clients, house.now(case), THEN, random)
    assert_versions_are_one_chain(house.store, ledger.all())


def race(
    ledger: Ledger,
    clients: Sequence[Browser],
    case: Case,
    choices: Choices,
    random: Random,
) -> Operation:
    """All clients do something to the case at once; the one who won."""
    barrier = threading.Barrier(len(clients))
    wishes = [
        (Operation(what=what, key=case.id, based_on=case.version), *choices[what])
        for what in random.choices(list(choices), k=len(clients))
    ]

    def post(browser: Browser, path: str, body: Mapping[str, Any]) -> Callable[[], httpx.Response]:
        def at_once() -> httpx.Response:
            barrier.wait()
            return browser.post(f"/v1/cases/{case.id}/{path}", json={"version": case.version, **body})

        return at_once

    threads = [
        threading.Thread(target=ledger.ask, args=(operation, post(browser, path, body)))
        for browser, (operation, path, body) in zip(clients, wishes, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [winner] = [operation for operation, *_ in wishes if operation.outcome is Outcome.ACKED]
    now = {"case": case.id, "version": case.version + 1, "state": winner.answer["state"]}
    for operation, *_ in wishes:
        if operation is not winner:
            assert operation.outcome is Outcome.REFUSED
            assert (operation.answer["status"], operation.answer["current"]) == (409, now)
            assert f"it is {now['state']} at version {now['version']}" in operation.answer["detail"]
    return winner
