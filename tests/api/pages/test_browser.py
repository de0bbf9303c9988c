"""What people do on pages in a real browser; that every page is in order is shown by the walk, `test_walk.py`."""

import pytest

from api.accounts.roles import Role
from cases.appraisal.league import Unit
from cases.errors import FilingFailed
from inference.findings import ViolationKind
from tests.case_fakes import FakeFiler
from tests.rigs.chromium import PROGRAM, Chromium
from tests.web_house import House

pytestmark = [
    pytest.mark.skipif(PROGRAM is None, reason="no chromium here: apt-get install chromium"),
    pytest.mark.timeout(180),
]


def test_a_supervisor_meets_no_error_and_no_closed_door(house: House, address: str, chromium: Chromium) -> None:
    finding = house.finding()
    filed = house.confirmed(house.take_in(finding))
    house.case(kind=ViolationKind.STALL_ENCROACHMENT, camera="patrol-7")
    case = house.case(kind=ViolationKind.EXPOSED_GARBAGE, camera="market-street")
    house.deliver(FakeFiler(FilingFailed("answered 410", retry=False)))
    assert house.last_filing(filed).state == "dead"
    [unit] = house.doors.appraisal.table(house.doors.appraisal.this_month(), Unit.DEPARTMENT).standings
    members = f"/appraisal/2026-03/cases?unit={unit.unit}&among=reported"
    chromium.set_cookie(address, "jiexun", house.accounts.open_session(house.person(Role.SUPERVISOR)))
    chromium.look_like(390, 844, phone=True)
    pages = ["/", "/findings", f"/findings/{finding.key}", "/cases", f"/cases/{case.id}", f"/cases/{filed.id}"]
    pages += ["/orders", "/inbox", "/inbox/sanitation", "/appraisal", members, "/review"]
    links: set[str] = set()
    for path in pages:
        chromium.open(f"{address}{path}{'&' if '?' in path else '?'}lang=en")
        assert chromium.value("document.documentElement.scrollWidth") <= 390, path
        links |= set(chromium.value("[...document.querySelectorAll('a[href]')].map((link) => link.href)"))
    chromium.wait_for("document.getElementById('bench').dataset.ready")
    chromium.value("document.getElementById('as-wall').click()")
    chromium.wait_for("document.querySelectorAll('#tiles button:enabled').length === 2")
    assert chromium.value("document.querySelectorAll('[data-bulk]:enabled').length") == 0
    asked = ", ".join(f"fetch('{link}').then((answer) => [answer.status, answer.url])" for link in sorted(links))
    answers = chromium.value(f"Promise.all([{asked}])")
    assert len(answers) > 30
    assert [answer for answer in answers if answer[0] != 200] == []
    assert chromium.troubles == []
    assert all(url.startswith((address, "about:", "data:", "blob:")) for url in chromium.requests)


def test_a_verdict_needs_no_mouse(house: House, address: str, chromium: Chromium) -> None:
    case = house.case()
    chromium.look_like(1280, 800)
    chromium.open(f"{address}/cases/{case.id}?lang=en")
    while chromium.value("!document.activeElement.closest('.move.first')"):
        chromium.press("Tab")
    assert chromium.value("document.activeElement.textContent.trim()") == "Confirm and file"
    chromium.press("Enter")
    chromium.wait_for("location.search === '?done=confirm'")
    assert house.now(case).state == "filed"
    assert chromium.troubles == []


def test_the_overview_shows_a_new_case_by_itself(house: House, address: str, chromium: Chromium) -> None:
    chromium.look_like(1280, 800)
    chromium.open(f"{address}/?lang=en")
    chromium.wait_for("!document.getElementById('live-mark').hidden")
    case = house.case()
    chromium.wait_for(f"document.getElementById('live').textContent.includes('{case.number}')")
    assert chromium.troubles == []
