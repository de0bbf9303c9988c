"""Residents' pages in a real browser: both languages and themes, phone and desk; no complaint, nothing from outside."""

import re

import pytest

from api.accounts.roles import Role
from inference.findings import ViolationKind
from tests.rigs.chromium import PROGRAM, Chromium
from tests.web_house import WHERE, House

pytestmark = [
    pytest.mark.skipif(PROGRAM is None, reason="no chromium here: apt-get install chromium"),
    pytest.mark.timeout(180),
]
SCREENS = ((1280, 800, False, True, "en"), (390, 844, True, False, "zh"))


def form_of(page: str) -> str:
    return re.findall(r'name="form" value="(\w+)"', page)[0]


def test_every_page_loads_without_a_complaint_and_fits_the_screen(
    house: House, address: str, chromium: Chromium
) -> None:
    resident, office = house.stranger(), house.browser(Role.COMMUNITY, Role.VOLUNTEER)
    case = house.confirmed(house.case(kind=ViolationKind.EXPOSED_GARBAGE))
    there = f"lat={WHERE.lat}&lon={WHERE.lon}"
    fields = {"lat": str(WHERE.lat), "lon": str(WHERE.lon), "category": "0110", "words": "bags"}
    sent = resident.post(
        "/public/report", data={"form": form_of(resident.get(f"/public/report/what?{there}").text), **fields}
    )
    wish = {"form": form_of(resident.get("/public/services/order").text), "area": "north", "phone": "138", "words": "x"}
    ordered = resident.post("/public/services", data=wish)
    told = {"area": "north", "title": "Water off", "text": "8 to 12", "first": "2026-03-02", "last": "2026-03-03"}
    assert office.post("/announcements", data=told).status_code == 303
    pages = ["/public", "/public/report", f"/public/report?{there}&metres=150&mark=1", f"/public/report/what?{there}"]
    pages += ["/public/cases", f"/public/cases/{case.number}", "/public/find?number=2026-999999"]
    pages += [sent.headers["location"], "/public/services", "/public/services/order", ordered.headers["location"]]
    pages += ["/public/announcements?area=north", "/services", "/announcements"]
    for width, height, phone, dark, language in SCREENS:
        chromium.look_like(width, height, dark=dark, phone=phone)
        for path in pages:
            chromium.open(f"{address}{path}{'&' if '?' in path else '?'}lang={language}")
            assert chromium.value("document.documentElement.scrollWidth") <= width, (path, width)
            assert chromium.value("document.querySelector('h1').textContent.trim().length > 1"), path
            unnamed = chromium.value(
                "[...document.querySelectorAll('input:not([type=hidden]), select, textarea')]"
                ".filter((one) => !one.labels?.length && !one.alt && !one.getAttribute('aria-label')).length"
            )
            assert unnamed == 0, path
    assert chromium.troubles == []
    assert [url for url in chromium.requests if not url.startswith((address, "about:", "data:image/"))] == []


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
