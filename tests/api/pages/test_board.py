"""The dispatch board as a dispatcher uses it, in a real browser: live, and every order in two steps."""

import json

import pytest

from api.accounts.roles import Role
from cases.states import CaseState
from inference.findings import ViolationKind
from tests.patrolled_house import driving
from tests.rigs.chromium import PROGRAM, Chromium
from tests.web_house import Browser, House

in_chromium = [
    pytest.mark.skipif(PROGRAM is None, reason="no chromium here: apt-get install chromium"),
    pytest.mark.timeout(180),
]
LIVE = "!document.querySelector('#live-mark .dot').classList.contains('off')"


def spot(case_id: str) -> str:
    return f"document.querySelector('[data-case=\"{case_id}\"].spot-case')"


@pytest.fixture
def dispatcher(house: House, address: str, chromium: Chromium) -> Chromium:
    """A board on which somebody looks."""
    chromium.set_cookie(address, "jiexun", house.accounts.open_session(house.person(Role.DISPATCHER, Role.SUPERVISOR)))
    chromium.look_like(1280, 800)
    chromium.open(f"{address}/board?lang=en")
    chromium.wait_for(LIVE)
    return chromium


class TestInABrowser:
    pytestmark = in_chromium

    def test_a_new_case_and_what_becomes_of_it_are_shown_without_reload(
        self, house: House, dispatcher: Chromium
    ) -> None:
        case = house.case()
        dispatcher.wait_for(f"document.getElementById('queue').textContent.includes('{case.number}')")
        dispatcher.wait_for(f"{spot(case.id)}?.dataset.state === 'candidate'")
        house.doors.desk.reject(case.id, version=case.version, by="Ms Other", reason="permitted bay")
        dispatcher.wait_for(f"!document.getElementById('queue').textContent.includes('{case.number}')")
        dispatcher.wait_for(f"!{spot(case.id)}")
        assert dispatcher.troubles == []

    def test_a_vehicle_moves_on_the_map(self, house: House, dispatcher: Chromium) -> None:
        pin = "document.querySelector('.pin.layer-vehicles:not(.still)')"
        driving(house, 1)
        dispatcher.wait_for(f"{pin} !== null")
        before = dispatcher.value(f"{pin}.style.transform")
        driving(house, 40)
        dispatcher.wait_for(f"{pin}.style.transform !== {json.dumps(before)}")
        layer = "Number(getComputedStyle(document.querySelector('.leaflet-{}-pane')).zIndex)"
        assert dispatcher.value(f"{pin}.closest('.leaflet-vehicles-pane') !== null")
        assert dispatcher.value(f"{layer.format('vehicles')} > {layer.format('cases')}")
        assert dispatcher.troubles == []

    def test_an_order_is_two_steps_from_the_board(self, house: House, dispatcher: Chromium) -> None:
        case = house.confirmed(house.case())
        quick = f"document.querySelector('.quick[data-open=order][data-case=\"{case.id}\"]')"
        dispatcher.wait_for(f"{quick} !== null")
        dispatcher.value(f"{quick}.click()")
        form = "document.activeElement.form"
        dispatcher.wait_for(f"{form}?.action.endsWith('/orders')")
        dispatcher.value(f"{form}.elements.text.value = 'clear the lane'; {form}.requestSubmit()")
        dispatcher.wait_for("document.getElementById('queue').textContent.includes('clear the lane')")
        [order] = house.now(case).orders
        assert (order.text, order.given_by) == ("clear the lane", "Chen Yu (chen.yu)")
        assert dispatcher.value("location.pathname") == "/board"
        assert dispatcher.troubles == []

    def test_who_comes_second_is_told_on_the_board(self, house: House, dispatcher: Chromium) -> None:
        case = house.case()
        dispatcher.wait_for(f"document.querySelector('a[data-case=\"{case.id}\"]') !== null")
        dispatcher.value(f"document.querySelector('a[data-case=\"{case.id}\"]').click()")
        dispatcher.wait_for("document.querySelector('#panel .move.first form') !== null")
        house.doors.desk.reject(case.id, version=case.version, by="Ms Other", reason="permitted bay")
        dispatcher.value("document.querySelector('#panel .move.first form').requestSubmit()")
        dispatcher.wait_for("document.getElementById('panel-said')?.textContent.includes('Somebody else was first')")
        assert house.now(case).state is CaseState.REJECTED

    def test_it_fits_every_screen_and_asks_nobody_else(self, house: House, address: str, chromium: Chromium) -> None:
        house.confirmed(house.case())
        for width, height, dark in ((1280, 800, False), (390, 844, True)):
            chromium.look_like(width, height, dark=dark, phone=width < 400)
            chromium.open(f"{address}/board?lang={'en' if dark else 'zh'}")
            chromium.wait_for(LIVE)
            chromium.value("document.querySelector('.queue a.row').click()")
            chromium.wait_for("!document.getElementById('panel').hidden")
            assert chromium.value("document.documentElement.scrollWidth") <= width
        assert chromium.troubles == []
        assert all(url.startswith((address, "about:", "data:")) for url in chromium.requests)


@pytest.mark.parametrize("show", ["all", "verify", "late", "joint", "watched", "nonsense"])
def test_every_queue_is_a_page_without_scripts_too(house: House, browser: Browser, show: str) -> None:
    case = house.case()
    page = browser.get(f"/board?show={show}")
    assert page.status_code == 200
    assert (case.number in page.text) == (show in ("all", "verify", "nonsense"))


def test_a_board_shows_what_its_reader_may_do(house: House) -> None:
    case = house.confirmed(house.case())
    leader = house.browser_of(house.person(Role.LEADER, name="leader"))
    panel = leader.get(f"/board/cases/{case.id}").text
    assert f"/cases/{case.id}/orders" in panel
    assert f"/cases/{case.id}/supervisions" in panel
    assert f"/cases/{case.id}/subtasks" not in panel
    south = house.browser_of(house.person(Role.LEADER, name="south", areas=["south"]))
    assert south.get(f"/board/cases/{case.id}").status_code == 404
    assert case.number not in south.get("/board").text
    other = house.case(kind=ViolationKind.EXPOSED_GARBAGE, camera="market-street")
    assert other.number in south.get("/board/queue").text
