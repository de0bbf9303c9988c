"""Blind second looks: drawn by lot, shown to somebody else, and without any effect on the case."""

from itertools import count
from typing import Any

from api.accounts.roles import Role
from cases.case import Case
from cases.review import wants_second_look
from inference.findings import ViolationKind
from tests.web_house import Browser, House

DRAWN = next(f"k{number}" for number in count() if wants_second_look(f"k{number}"))
SPARED = next(f"k{number}" for number in count() if not wants_second_look(f"k{number}"))


def offered(browser: Browser, **ask: str) -> list[tuple[str, bool]]:
    items = browser.get("/v1/review", params={"limit": "8", **ask}).json()["items"]
    return [(item["finding"], item["blind"]) for item in items]


def judged(house: House, browser: Browser, **of_finding: Any) -> Case:
    """A case that whoever sits at the browser has confirmed."""
    case = house.case(**of_finding)
    said = {"version": case.version, "ruling": "confirm"}
    assert browser.post(f"/v1/cases/{case.id}/verdict", json=said).status_code == 200
    return house.now(case)


def test_somebody_else_judges_again_without_being_told_and_nothing_changes(house: House, browser: Browser) -> None:
    case = judged(house, browser, key=DRAWN)
    assert offered(browser) == [], "who has judged is not asked again"
    second = house.browser_of(house.person(Role.SUPERVISOR, name="li"))
    assert offered(second) == [(DRAWN, True)]
    assert offered(second, limit="2") == []
    assert offered(second, known=case.id) == []
    [item] = second.get("/v1/review").json()["items"]
    assert "Chen Yu" not in str(item)
    before = house.now(case)
    said = {"version": item["version"], "ruling": "reject", "why": "not_there", "finding": DRAWN, "blind": True}
    assert second.post(f"/v1/cases/{case.id}/verdict", json=said).status_code == 200
    assert house.now(case) == before
    assert [verdict.judgement.blind for verdict in house.dossier(case).verdicts] == [False, True]
    assert offered(second) == []
    assert house.store.second_opinions() == (1, 0)
    assert "1 findings were judged by a second person, 0 alike" in browser.get("/models?lang=en").text


def test_most_findings_are_judged_once_and_old_ones_never_again(house: House, browser: Browser) -> None:
    judged(house, browser, key=SPARED, zone="a")
    second = house.browser_of(house.person(Role.SUPERVISOR, name="li"))
    assert offered(second) == []
    judged(house, browser, key=DRAWN, kind=ViolationKind.EXPOSED_GARBAGE, camera="market-street")
    assert offered(second) == [(DRAWN, True)]
    house.clock.forward(days=15)
    assert offered(second) == []


def test_a_candidate_is_no_second_look(house: House) -> None:
    house.case(key=DRAWN)
    assert offered(house.browser_of(house.person(Role.SUPERVISOR, name="li"))) == [(DRAWN, False)]
