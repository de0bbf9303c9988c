"""The page of patrols: a day's coverage, vehicles and passes, for those who may see them."""

from datetime import timedelta

import pytest

from api.accounts.roles import Role
from cases.patrolling.passes import Pass, PassKind, TrackPoint
from inference.geo import LatLon
from tests.case_builders import HERE, a_finding
from tests.rigs.chromium import PROGRAM, Chromium
from tests.web_house import House


def driven(house: House) -> Pass:
    begun = house.clock() - timedelta(minutes=1)
    one = Pass(id="p-1", vehicle="patrol-7", kind=PassKind.LIVE, started_at=begun, last_at=begun)
    points = [
        TrackPoint(at=begun + timedelta(seconds=n), place=LatLon(lat=31.23, lon=121.47 + n / 1e5), off_metres=3)
        for n in range(5)
    ]
    with house.store.transaction() as book:
        book.keep_pass(one.further(points, 0, 0), None)
        book.add_track("p-1", points)
    return one


def test_a_pass_is_on_the_page_and_can_be_played_again(house: House) -> None:
    driven(house)
    browser = house.browser(Role.DISPATCHER)
    assert "/patrols/passes/p-1" in browser.get("/patrols?lang=en").text
    assert "Patrol car 7" in browser.get("/patrols/passes/p-1?lang=en").text
    [vehicle] = browser.get("/v1/patrols/vehicles").json()
    assert (vehicle["vehicle"], vehicle["live"]) == ("patrol-7", True)
    whole = browser.get("/v1/patrols/passes/p-1/track").json()
    assert (len(whole["points"]), whole["more"]) == (5, False)
    part = browser.get("/v1/patrols/passes/p-1/track?limit=2").json()
    assert part["more"]
    after = part["points"][-1]["at"].replace("+", "%2B")
    assert len(browser.get(f"/v1/patrols/passes/p-1/track?after={after}").json()["points"]) == 3
    assert browser.get("/v1/patrols/passes/p-1/track?after=2026-03-02T00:00:00").status_code == 422


@pytest.mark.skipif(PROGRAM is None, reason="no chromium here: apt-get install chromium")
@pytest.mark.timeout(180)
def test_a_way_that_could_not_be_loaded_whole_is_said_to_be_cut(house: House, address: str, chromium: Chromium) -> None:
    driven(house)
    chromium.set_cookie(address, "jiexun", house.accounts.open_session(house.person(Role.DISPATCHER)))
    chromium.open(f"{address}/patrols/passes/p-1?lang=en")
    chromium.wait_for("document.getElementById('time').max === '4'")
    assert chromium.value("document.getElementById('cut').hidden")
    assert chromium.troubles == []
    chromium.value("document.getElementById('map').dataset.track = '/v1/patrols/passes/none/track'")
    chromium.value("void import('/static/patrol_pass.js?again')")
    chromium.wait_for("!document.getElementById('cut').hidden")


def test_what_an_old_pass_has_found_is_shown_however_much_was_found_since(house: House) -> None:
    one = driven(house)
    own = a_finding("1" * 32, camera="patrol-7", at=one.started_at + timedelta(seconds=2), where=HERE)
    later = [
        a_finding(f"{n:032x}", camera="patrol-7", at=house.clock() + timedelta(hours=1), where=HERE) for n in range(201)
    ]
    house.doors.intake.record_look(
        camera="patrol-7", memory=b"", position=0.0, captured_at=house.clock(), findings=[own, *later]
    )
    shown = house.browser(Role.DISPATCHER).get("/v1/patrols/passes/p-1/track").json()["found"]
    assert [found["key"] for found in shown] == [own.key]


def test_another_day_is_empty_and_a_city_without_roads_says_so(house: House) -> None:
    driven(house)
    text = house.browser(Role.LEADER).get("/patrols?day=2026-01-01&lang=en").text
    assert "/patrols/passes/p-1" not in text
    assert "names no roads" in text
    assert house.browser(Role.LEADER).get("/patrols?day=yesterday").status_code == 422


def test_vehicles_outside_somebody_s_areas_do_not_exist_for_them(house: House) -> None:
    driven(house)
    browser = house.browser(Role.SUPERVISOR, areas=["north"])
    assert "/patrols/passes/p-1" not in browser.get("/patrols").text
    assert browser.get("/v1/patrols/vehicles").json() == []
    assert browser.get("/v1/patrols/passes/p-1/track").status_code == 404
    assert browser.get("/patrols/passes/p-1").status_code == 404
