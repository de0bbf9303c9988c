"""A camera that turns: every frame is judged by the zones of the preset that it names, or by none."""

from datetime import UTC, timedelta
from pathlib import Path

import pytest

from api.accounts.roles import Role
from api.city.city import load_city
from inference.evidence.spool import MemorySpool
from inference.findings import Finding
from inference.pipeline import Inspector, Keeping
from inference.sources.pushed import Mailbox
from tests.web_house import CITY, Browser, House, jpeg

PRESETS = """
  - id: square-market
    name: {zh: 广场市场侧, en: "Square, market"}
    area: "north"
    preset: {camera: square, name: market}
    zones:
      - {id: road, kind: no_parking, polygon: [[0, 0], [1, 0], [1, 1], [0, 1]], dwell: 60}
  - id: square-station
    name: {zh: 广场车站侧, en: "Square, station"}
    area: "north"
    preset: {camera: square, name: "2"}
    zones:
      - {id: forecourt, kind: no_parking, polygon: [[0, 0], [1, 0], [1, 1], [0, 1]], dwell: 60}
"""
URL = "/v1/cameras/square/frames"


@pytest.fixture
def square(house: House, tmp_path: Path) -> Browser:
    path = tmp_path / "turning.yaml"
    path.write_text(CITY.read_text(encoding="utf-8") + PRESETS.lstrip("\n"), encoding="utf-8")
    house.city = load_city(path, environment={"POLICE_SECRET": "whsec_" + "A" * 32})
    house.mailboxes |= {"square-market": Mailbox(), "square-station": Mailbox()}
    return house.camera("square")


def push(square: Browser, preset: str | None) -> tuple[int, str]:
    named = {} if preset is None else {"X-Preset": preset}
    answer = square.post(URL, content=jpeg(1, (160, 90)), headers={"Content-Type": "image/jpeg", **named})
    return answer.status_code, answer.json().get("camera") or answer.json()["detail"]


def test_a_frame_goes_to_the_preset_that_it_names_and_no_other(house: House, square: Browser) -> None:
    assert push(square, "2") == (202, "square-station")
    assert house.mailboxes["square-market"].take(0) is None
    frame = house.mailboxes["square-station"].take(0)
    assert frame is not None
    assert frame.camera == "square-station"


@pytest.mark.parametrize(("preset", "says"), [(None, "say with each frame"), ("3", "no zones"), ("", "no zones")])
def test_a_frame_of_nobody_knows_where_is_judged_by_nothing(
    house: House, square: Browser, preset: str | None, says: str
) -> None:
    status, detail = push(square, preset)
    assert status == 422
    assert says in detail
    assert "market, 2" in detail
    assert [mailbox.counts.offered for mailbox in house.mailboxes.values()] == [0, 0]


def test_a_camera_that_looks_one_way_may_not_name_a_preset(house: House, square: Browser) -> None:
    house.mailboxes["east-gate"] = Mailbox()
    headers = {"Content-Type": "image/jpeg", "X-Preset": "market"}
    answer = house.camera("east-gate").post("/v1/cameras/east-gate/frames", content=jpeg(), headers=headers)
    assert (answer.status_code, "knows no presets" in answer.json()["detail"]) == (422, True)
    assert house.mailboxes["east-gate"].counts.offered == 0


def test_what_stands_at_one_preset_does_not_stand_at_another(house: House, square: Browser) -> None:
    found: dict[str, list[Finding]] = {"square-market": [], "square-station": []}
    seeing = house.doors.seeing
    assert seeing is not None
    inspectors = {
        entry: Inspector(
            house.city.view(entry),
            seeing(),
            Keeping(spool=MemorySpool(), store=house.evidence, timezone=UTC),
        )
        for entry in found
    }
    for number in range(12):
        at_station = number >= 8  # the camera looks at the market for 80 s, then at the station for 30 s
        assert push(square, "2" if at_station else "market")[0] == 202
        entry = "square-station" if at_station else "square-market"
        frame = house.mailboxes[entry].take(0)
        assert frame is not None
        found[entry] += inspectors[entry].look(frame).findings
        house.clock.forward(seconds=10)
    [market] = found["square-market"]
    assert (market.camera, market.zone) == ("square-market", "road")
    assert found["square-station"] == []
    house.clock.forward(seconds=30)
    assert push(square, "2")[0] == 202
    frame = house.mailboxes["square-station"].take(0)
    assert frame is not None
    [station] = inspectors["square-station"].look(frame).findings
    assert (station.zone, timedelta(seconds=station.seen_for) < timedelta(seconds=80)) == ("forecourt", True)


def test_each_preset_has_its_page_with_links_to_the_others(house: House, square: Browser) -> None:
    browser = house.browser(Role.ADMIN)
    text = browser.get("/cameras/square-market?lang=en").text
    assert 'href="/cameras/square-station"' in text
    assert "turning camera square" in text
    assert "square · market" in browser.get("/cameras?lang=en").text
    assert 'href="/cameras/square-station"' not in browser.get("/cameras/east-gate").text


def test_a_key_is_made_for_the_camera_that_turns_and_not_for_a_preset(house: House, square: Browser) -> None:
    browser = house.browser(Role.ADMIN)
    assert '<option value="square">' in browser.get("/admin/keys").text
    assert browser.post("/admin/keys", data={"name": "dome", "camera": "square"}).status_code == 200
    assert browser.post("/admin/keys", data={"name": "dome", "camera": "square-market"}).status_code == 409
