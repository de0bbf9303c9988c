"""Review as a supervisor does it: with keys, in a real browser."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from api.routes.review import LEAST_FOR_SECOND
from inference.findings import ViolationKind
from tests.rigs.chromium import PROGRAM, Chromium
from tests.several_conditions import city_with_several_conditions
from tests.web_house import House

pytestmark = [
    pytest.mark.skipif(PROGRAM is None, reason="no chromium here: apt-get install chromium"),
    pytest.mark.timeout(180),
]
READY = "document.getElementById('bench').dataset.ready"
CAMERAS = ("east-gate", "market-street", "patrol-7")


def candidates(house: House, count: int) -> None:
    """So many candidates, each at a place of its own in the picture of some camera."""
    for number in range(count):
        kind, camera = list(ViolationKind)[number % 3], CAMERAS[number // 3 % 3]
        house.take_in(replace(house.finding(zone=f"z{number}", kind=kind, camera=camera), where=None))


def states(house: House) -> list[str]:
    return sorted(case.state.value for case in house.store.cases(limit=100).items)


def wait_until_shown(chromium: Chromium, before: str = "") -> str:
    chromium.wait_for(f"{READY} && {READY} !== '{before}'")
    return str(chromium.value(READY))


def test_a_supervisor_confirms_rejects_skips_and_takes_back_with_keys(
    house: House, address: str, chromium: Chromium
) -> None:
    candidates(house, 6)
    chromium.look_like(1280, 800)
    chromium.open(f"{address}/review?lang=en")
    first = wait_until_shown(chromium)
    chromium.type("y")
    second = wait_until_shown(chromium, first)
    chromium.type("1")
    third = wait_until_shown(chromium, second)
    chromium.type("u")
    assert wait_until_shown(chromium, third) == second
    chromium.type("6")
    chromium.wait_for("document.getElementById('outbox').textContent === '0'")
    dossiers = {case_id: house.store.dossier(case_id) for case_id in (first, second, third)}
    assert [dossier.case.state for dossier in dossiers.values()] == ["filed", "rejected", "candidate"]
    assert dossiers[first].history[-1].actor == "Chen Yu (chen.yu)"
    assert dossiers[second].history[-1].reason == "not_there"
    assert chromium.troubles == []


def test_twenty_fast_presses_judge_nothing_that_was_not_looked_at(
    house: House, address: str, chromium: Chromium
) -> None:
    candidates(house, 9)
    chromium.look_like(1280, 800)
    chromium.open(f"{address}/review")
    shown = wait_until_shown(chromium)
    chromium.value(
        "const press = () => document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'y', bubbles: true}));"
        "for (let n = 0; n < 20; n++) press()"
    )
    wait_until_shown(chromium, shown)
    chromium.wait_for("document.getElementById('outbox').textContent === '0'")
    assert states(house) == ["candidate"] * 8 + ["filed"]
    assert chromium.troubles == []


def test_no_key_counts_before_the_pictures_are_there(house: House, address: str, chromium: Chromium) -> None:
    candidates(house, 3)
    chromium.slow_down(milliseconds=400)
    chromium.open(f"{address}/review")
    too_early = chromium.value(
        "new Promise((done) => {"
        "  const look = () => {"
        "    if (!document.getElementById('case').textContent) return requestAnimationFrame(look);"
        "    for (let n = 0; n < 5; n++)"
        "      document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'y', bubbles: true}));"
        "    done([document.querySelector('#pictures img').complete, document.getElementById('outbox').textContent]);"
        "  };"
        "  look();"
        "})"
    )
    assert too_early == [False, "0"]
    wait_until_shown(chromium)
    chromium.type("y")
    chromium.wait_for("document.getElementById('outbox').textContent === '1'")


def test_without_a_line_the_next_one_is_shown_and_verdicts_wait_and_are_sent_once(
    house: House, address: str, chromium: Chromium
) -> None:
    candidates(house, 4)
    chromium.open(f"{address}/review?lang=en")
    first = wait_until_shown(chromium)
    chromium.slow_down(offline=True)
    chromium.type("y")
    second = wait_until_shown(chromium, first)
    chromium.type("1")
    wait_until_shown(chromium, second)
    assert chromium.value("document.getElementById('outbox').textContent") == "2"
    chromium.wait_for("performance.getEntriesByType('resource').some(({name}) => name.endsWith('/verdict'))")
    assert chromium.value("document.getElementById('outbox').textContent") == "2"
    assert states(house) == ["candidate"] * 4
    chromium.slow_down()
    chromium.open(f"{address}/review?lang=en")
    chromium.wait_for("document.getElementById('outbox').textContent === '0'")
    assert states(house) == ["candidate"] * 2 + ["filed", "rejected"]
    assert [len(house.store.dossier(case_id).verdicts) for case_id in (first, second)] == [1, 1]


def test_the_next_ones_are_asked_for_by_several_so_that_second_looks_are_among_them(
    house: House, address: str, chromium: Chromium
) -> None:
    candidates(house, 14)
    chromium.open(f"{address}/review")
    shown = wait_until_shown(chromium)
    for _ in range(5):
        chromium.type("y")
        shown = wait_until_shown(chromium, shown)
    asked = [parse_qs(urlsplit(url).query)["limit"][0] for url in chromium.requests if "/v1/review?" in url]
    assert len(asked) == 2
    assert all(int(limit) >= LEAST_FOR_SECOND for limit in asked)


def test_who_comes_second_is_told_and_the_work_goes_on(house: House, address: str, chromium: Chromium) -> None:
    candidates(house, 3)
    chromium.look_like(1280, 800)
    chromium.open(f"{address}/review?lang=en")
    shown = wait_until_shown(chromium)
    house.doors.desk.reject(shown, version=1, by="Ms First", reason="permitted bay")
    chromium.type("y")
    chromium.wait_for("document.getElementById('told').textContent.includes('somebody else first')")
    assert house.store.dossier(shown).case.state == "rejected"
    wait_until_shown(chromium, shown)


def test_the_wall_settles_many_at_once(house: House, address: str, chromium: Chromium) -> None:
    candidates(house, 6)
    chromium.look_like(1280, 800, dark=True)
    chromium.open(f"{address}/review?lang=zh")
    wait_until_shown(chromium)
    chromium.value("document.getElementById('as-wall').click()")
    chromium.wait_for("document.querySelectorAll('#tiles button:enabled').length === 6")
    chromium.value("[...document.querySelectorAll('#tiles button')].slice(0, 4).forEach((tile) => tile.click())")
    chromium.value("document.querySelector('[data-bulk=permitted]').click()")
    chromium.wait_for("document.getElementById('outbox').textContent === '0'")
    assert states(house) == ["candidate"] * 2 + ["rejected"] * 4
    assert chromium.troubles == []


@pytest.fixture
def several(house: House, tmp_path: Path) -> None:
    """A city with a choice of filing conditions, before the service begins."""
    house.city = city_with_several_conditions(tmp_path)


@pytest.mark.usefixtures("several")
def test_the_filing_condition_is_chosen_where_there_are_several(house: House, request: pytest.FixtureRequest) -> None:
    address: str = request.getfixturevalue("address")
    chromium: Chromium = request.getfixturevalue("chromium")
    garbage = house.take_in(house.finding(kind=ViolationKind.EXPOSED_GARBAGE, camera="market-street"))
    chromium.look_like(1280, 800)
    chromium.open(f"{address}/review?lang=en")
    assert wait_until_shown(chromium) == garbage.id
    assert chromium.value("[...document.getElementById('condition').options].map((one) => one.label)") == [
        "生活垃圾未入容器 · Sanitation",
        "生活垃圾成堆 · Street wardens",
        "其他 · Street wardens",
    ]
    chromium.value("document.getElementById('condition').value = '2026-1/0110-2'")
    chromium.type("y")
    chromium.wait_for("document.getElementById('outbox').textContent === '0'")
    assert house.now(garbage).duty_line == "0110-2"
    parking = house.take_in(house.finding(kind=ViolationKind.ILLEGAL_PARKING))
    chromium.open(f"{address}/review?lang=en")
    assert wait_until_shown(chromium) == parking.id
    assert chromium.value("document.getElementById('conditions').hidden")
    assert chromium.troubles == []
