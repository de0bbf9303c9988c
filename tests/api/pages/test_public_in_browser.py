"""A resident's report in a real browser, without a mouse."""

import pytest

from tests.rigs.chromium import PROGRAM, Chromium
from tests.web_house import WHERE, House

pytestmark = [
    pytest.mark.skipif(PROGRAM is None, reason="no chromium here: apt-get install chromium"),
    pytest.mark.timeout(180),
]


def test_a_report_needs_no_mouse(house: House, address: str, chromium: Chromium) -> None:
    house.stranger()
    chromium.look_like(390, 844, phone=True)
    chromium.open(f"{address}/public/report/what?lat={WHERE.lat}&lon={WHERE.lon}&lang=en")
    while chromium.value("document.activeElement.name !== 'category'"):
        chromium.press("Tab")
    chromium.type("E")
    assert chromium.value("document.activeElement.value") == "0110"
    while chromium.value("document.activeElement.textContent.trim() !== 'Send'"):
        chromium.press("Tab")
    chromium.press("Enter")
    chromium.wait_for("location.pathname.startsWith('/public/follow/')")
    [case] = house.store.cases().items
    chromium.wait_for(f"document.body?.textContent.includes('{case.number}')")
    assert chromium.troubles == []
