"""Cameras by HTTP: pictures that are logged, editions that do not overwrite each other, trials that leave no trace."""

from datetime import timedelta
from typing import Any

import pytest

from api.accounts.roles import Role
from api.store.leases import WorkerSign
from api.work.report import CameraReport, WorkerReport, written
from inference.frame import Frame
from inference.sources.still_picture import still_picture
from tests.web_house import Browser, House, jpeg

ROAD = {"id": "road", "kind": "no_parking", "polygon": [[0, 0], [1, 0], [1, 1], [0, 1]], "dwell": 60}
HERE = {"lat": 31.2304, "lon": 121.4737}


def ring_of(house: House, minutes: int) -> None:
    """Pictures of the last minutes, one every ten seconds, in each of which a car stands."""
    ring = house.ring("east-gate")
    for number in range(6 * minutes):
        at = house.clock.now - timedelta(minutes=minutes) + number * timedelta(seconds=10)
        ring.offer(Frame(camera="east-gate", captured_at=at, pts=0.0, picture=still_picture(jpeg(1, (160, 90)))))


def draw(browser: Browser, *zones: dict[str, Any], instead_of: int = 0) -> Any:
    sent = {"instead_of": instead_of, "drawing": {"zones": list(zones)}}
    return browser.ask("PUT", "/v1/cameras/east-gate/drawing", json=sent)


def test_a_trial_says_what_would_have_been_found_and_keeps_nothing(house: House, browser: Browser) -> None:
    ring_of(house, 4)
    tried = browser.post("/v1/cameras/east-gate/dry-run", json={"zones": [ROAD]}).json()
    assert (tried["pictures"], tried["lost"]) == (24, 0)
    [found] = tried["findings"]
    assert (found["kind"], found["zone"], found["object_class"]) == ("illegal_parking", "road", "car")
    assert 60 <= found["seen_for"] < 120
    assert found["box"] == pytest.approx([0.25, 0.25, 0.75, 0.75], abs=0.01)
    assert (
        browser.post("/v1/cameras/east-gate/dry-run", json={"zones": [{**ROAD, "dwell": 600}]}).json()["findings"] == []
    )
    elsewhere = {**ROAD, "polygon": [[0, 0], [0.1, 0], [0.1, 0.1]]}
    assert browser.post("/v1/cameras/east-gate/dry-run", json={"zones": [elsewhere]}).json()["findings"] == []
    assert house.store.findings().total == 0
    assert not list((house.folder / "evidence").rglob("*.*"))


def test_a_drawing_is_a_new_edition_and_none_is_overwritten(house: House, browser: Browser) -> None:
    assert browser.get("/v1/cameras/east-gate/drawing").json()["edition"] == 0
    drawn = draw(browser, ROAD)
    assert drawn.status_code == 200
    assert (drawn.json()["edition"], drawn.json()["made_by"]) == (1, "Chen Yu (chen.yu)")
    assert drawn.json()["drawing"]["zones"][0]["dwell"] == {"default": 60.0}
    stale = draw(browser, instead_of=0)
    assert stale.status_code == 409
    assert "somebody else" in stale.json()["detail"]
    wrong = draw(browser, {**ROAD, "kind": "shop_front"}, instead_of=1)
    assert wrong.status_code == 422
    assert "line" in wrong.json()["detail"]
    exported = browser.get("/v1/cameras/east-gate/drawing.yaml")
    assert "id: road" in exported.text
    assert "east-gate.yaml" in exported.headers["content-disposition"]


def test_who_looks_at_a_picture_is_written_down(house: House, browser: Browser) -> None:
    assert browser.get("/v1/cameras/east-gate/picture").status_code == 404
    ring_of(house, 1)
    answer = browser.get("/v1/cameras/east-gate/picture")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    [entry] = house.store.audit_of("east-gate")
    assert (entry.actor, entry.what) == ("Chen Yu (chen.yu)", "camera.viewed")
    then = house.ring("east-gate").times()[0]
    first = browser.get("/v1/cameras/east-gate/picture", params={"at": then.isoformat()})
    assert first.headers["x-captured-at"] == then.isoformat()


def test_a_list_says_how_cameras_are_doing(house: House, browser: Browser) -> None:
    at = house.clock()
    said = WorkerReport(hands=1, busy=0.1, cameras={"east-gate": CameraReport(state="failed", error="no route to it")})
    sign = WorkerSign(name="gate-house", started_at=at, seen_at=at, report=written(said))
    house.store.leases.sign(sign, free=(), choose=lambda _: ["east-gate"])
    told = {one["id"]: (one["state"], one["said"]) for one in browser.get("/v1/cameras").json()}
    assert told["east-gate"] == ("failed", "no route to it")
    assert told["market-street"] == ("no_worker", "")
    assert "no route to it" in browser.get("/cameras").text
    house.clock.forward(minutes=2)
    assert {one["state"] for one in browser.get("/v1/cameras").json()} == {"no_worker"}
    north = house.browser_of(house.person(Role.SUPERVISOR, name="north", areas=["north"]))
    assert [one["id"] for one in north.get("/v1/cameras").json()] == ["east-gate"]


def test_reference_points_say_by_how_much_they_are_off(browser: Browser) -> None:
    corners = ((0.1, 0.9, 0, 0), (0.9, 0.9, 0, 10), (0.9, 0.5, 10, 10), (0.1, 0.5, 10, 0))
    points = [
        {"picture": [x, y], "place": {"lat": HERE["lat"] + north * 9e-6, "lon": HERE["lon"] + east * 1.05e-5}}
        for x, y, north, east in corners
    ]
    fit = browser.post("/v1/cameras/east-gate/calibration", json=points).json()
    assert fit["worst"] < 0.01
    off = {"picture": [0.5, 0.7], "place": {**HERE, "lat": HERE["lat"] + 9e-5}}
    assert browser.post("/v1/cameras/east-gate/calibration", json=[*points, off]).json()["worst"] > 0.5
    refused = browser.post("/v1/cameras/east-gate/calibration", json=points[:2])
    assert refused.status_code == 422
    assert "four" in refused.json()["detail"]
