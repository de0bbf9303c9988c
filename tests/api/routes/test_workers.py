"""Who watches which camera: as JSON, as a page, and as metrics, within everybody's reach."""

from datetime import timedelta

import pytest

from api.accounts.roles import Role
from api.store.leases import WorkerSign
from api.work.report import CameraReport, WorkerReport, written
from api.work.turns import Counts
from tests.web_house import Browser, House

COUNTS = Counts(offered=10, inspected=3, gated=4, rested=1, shed=1, refused=1)


@pytest.fixture
def cameras(house: House) -> list[str]:
    return [part.id for part in house.city.file.cameras]


@pytest.fixture
def worker(house: House, cameras: list[str]) -> WorkerSign:
    said = {
        cameras[0]: CameraReport(state="live", key_interval=2.0, counts=COUNTS),
        cameras[1]: CameraReport(state="failed", error="no answer from <10.0.0.7>"),
    }
    sign = WorkerSign(
        name="gate-house-1",
        started_at=house.clock(),
        seen_at=house.clock(),
        report=written(WorkerReport(hands=2, busy=0.25, cameras=said)),
    )
    house.store.leases.sign(sign, free=(), choose=lambda _: cameras[:2])
    return sign


def test_workers_are_listed_with_their_cameras(browser: Browser, worker: WorkerSign, cameras: list[str]) -> None:
    (told,) = browser.get("/v1/workers").json()
    assert (told["name"], told["hands"], told["busy"], told["silent"]) == ("gate-house-1", 2, 0.25, False)
    first, second = told["cameras"]
    assert (first["camera"], first["state"], first["key_interval"]) == (cameras[0], "live", 2.0)
    assert first["frames"]["offered"] == sum(n for what, n in first["frames"].items() if what != "offered")
    assert second["error"] == "no answer from <10.0.0.7>"


def test_the_page_shows_them_and_who_gives_no_sign(house: House, browser: Browser, worker: WorkerSign) -> None:
    page = browser.get("/workers").text
    assert "gate-house-1" in page
    assert "no answer from &lt;10.0.0.7&gt;" in page
    assert "失联" not in page
    house.clock.forward(seconds=31)
    assert "失联" in browser.get("/workers").text


def test_what_lies_beyond_somebodys_areas_is_not_shown(house: House, worker: WorkerSign) -> None:
    nobody = house.browser(Role.SUPERVISOR, areas=["nowhere"])
    (told,) = nobody.get("/v1/workers").json()
    assert told["cameras"] == []


def test_a_worker_of_another_version_is_listed_without_its_report(house: House, browser: Browser) -> None:
    at = house.clock() - timedelta(seconds=5)
    house.store.leases.sign(
        WorkerSign(name="old", started_at=at, seen_at=at, report='{"hands": "many"}'), free=(), choose=lambda _: ()
    )
    (told,) = browser.get("/v1/workers").json()
    assert (told["name"], told["busy"]) == ("old", None)


def test_metrics_tell_of_load_and_of_every_frame(browser: Browser, worker: WorkerSign, cameras: list[str]) -> None:
    lines = browser.get("/metrics").text.splitlines()
    assert 'jiexun_worker_busy{worker="gate-house-1"} 0.25' in lines
    label = f'worker="gate-house-1",camera="{cameras[0]}"'
    assert f'jiexun_camera_frames{{{label},outcome="offered"}} 10' in lines
    assert f'jiexun_camera_frames{{{label},outcome="shed"}} 1' in lines
    assert f'jiexun_camera_state{{{label},state="live"}} 1' in lines
