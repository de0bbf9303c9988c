from base64 import b64encode
from pathlib import Path

import pytest

from api.errors import CityError, SettingsError
from api.wiring import open_house, upgrade_database
from cases.filing import Channel

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "datasets/demo/city.yaml"
FULL = ROOT / "tests/api/city/full.yaml"
SECRET = "whsec_" + b64encode(bytes(range(24))).decode()


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation of its own for every test."""
    monkeypatch.setenv("JIEXUN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("EAST_GATE", "admin:hunter2")
    monkeypatch.setenv("WARDENS_SECRET", SECRET)
    return tmp_path / "data"


def test_an_installation_is_put_together_twice_from_the_same_folder(data: Path) -> None:
    for _ in range(2):
        with open_house(city_file=DEMO) as house:
            assert house.store.summary().cases == 0
            assert house.evidence.get(house.evidence.put(b"x")) == b"x"
            assert house.sender.send_next() is None
            assert house.order.channel_of("sanitation") is Channel.INBOX
    assert {path.name for path in data.iterdir()} >= {"jiexun.db", "evidence"}


def test_pushed_cameras_and_fetched_ones_are_told_apart(tmp_path: Path) -> None:
    fixed = tmp_path / "city.yaml"
    fixed.write_text(FULL.read_text(encoding="utf-8").replace("    moving: true\n", ""), encoding="utf-8")
    with open_house(city_file=FULL) as house:
        assert house.posts(pushed=True) == []  # what a vehicle sends waits on the disk
    with open_house(city_file=fixed) as house:
        [pushed], [fetched] = house.posts(pushed=True), house.posts(pushed=False)
    assert (pushed.view.id, pushed.address) == ("van", "push")
    assert (fetched.view.id, fetched.address) == ("east-gate", "rtsp://admin:hunter2@10.0.0.5:554/stream1")
    assert "hunter2" not in repr(fetched)


def test_the_doors_know_who_may_knock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIEXUN_HOSTS", "cases.example")
    with open_house(city_file=DEMO) as house:
        assert house.doors(None, {}).hosts == {"cases.example"}


def test_the_newer_of_two_secrets_may_stand_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARDENS_SECRET", f"{SECRET} {SECRET}")
    with open_house(city_file=FULL) as house:
        assert house.order.channel_of("wardens") is Channel.WEBHOOK


def test_a_secret_that_is_none_is_not_shown(monkeypatch: pytest.MonkeyPatch, data: Path) -> None:
    monkeypatch.setenv("WARDENS_SECRET", "hunter2")
    with pytest.raises(SettingsError, match=r"^WARDENS_SECRET cannot be used: ") as refused, open_house(city_file=FULL):
        pass
    assert "hunter2" not in str(refused.value)
    assert not data.exists()


def test_a_city_must_be_named() -> None:
    with pytest.raises(SettingsError, match=r"give --city FILE or set JIEXUN_CITY_FILE$"), open_house():
        pass


def test_a_city_that_cannot_file_is_not_served(tmp_path: Path, data: Path) -> None:
    path = tmp_path / "city.yaml"
    path.write_text("city: {name: {zh: 城, en: City}}\n", encoding="utf-8")
    with pytest.raises(CityError, match="duty_list: is missing"), open_house(city_file=path):
        pass
    assert not data.exists()


def test_a_missing_secret_stops_the_start_before_anything_is_written(
    monkeypatch: pytest.MonkeyPatch, data: Path
) -> None:
    monkeypatch.delenv("EAST_GATE")
    with pytest.raises(CityError, match=r"cameras\[0\]\.credentials_env"), open_house(city_file=FULL):
        pass
    assert not data.exists()


def test_a_folder_that_cannot_be_made_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    monkeypatch.setenv("JIEXUN_DATA_DIR", str(tmp_path / "file/data"))
    with pytest.raises(SettingsError, match=r"^JIEXUN_DATA_DIR cannot be made \(Not a directory\); "):
        upgrade_database()
