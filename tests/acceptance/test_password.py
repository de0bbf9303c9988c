"""A password that is given to any command is never seen again: not on a screen, in a log, a database or a picture."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.rigs.fakecam import PASSWORD, FakeCamera, Manner
from tests.rigs.spot_city import CITY, spot_city

ROOT = Path(__file__).parents[2]
Jiexun = Callable[..., Any]
URL = f"rtsp://operator:{PASSWORD}@127.0.0.1:1/street"
DATABASE = f"postgresql+psycopg://operator:{PASSWORD}@127.0.0.1:1/jiexun"

TYPED = [
    ["inspect", URL],
    ["inspect", URL.replace("rtsp:", "http:")],
    ["inspect", URL.replace(":1/", ":port/")],
    ["inspect", URL.replace("operator:", "my operator:")],
    ["inspect", "clip.mp4", URL],
    ["inspect", URL, "--every", URL],
    ["inspect", URL, "--started-at", URL],
    ["inspect", URL, "--city", URL],
    ["inspect", URL, "--model", URL],
    ["inspect", URL, "--camera", URL, "--city", str(ROOT / "datasets/demo/city.yaml")],
    ["inspect", "/dev/null", "--out", f"/dev/null/{URL}"],
    [URL],
    ["check", URL],
    ["check", "--json", URL],
    ["bench", "--clip", URL],
    ["work", "--once", "--city", URL],
    ["serve", "--host", URL, "--city", str(ROOT / "datasets/demo/city.yaml")],
    ["demo", "--once", "--data", f"/dev/null/{URL}"],
]


@pytest.mark.parametrize("words", TYPED, ids=lambda words: " ".join(words).replace(PASSWORD, "***")[:70])
def test_no_command_repeats_a_password(words: list[str], jiexun: Jiexun, tmp_path: Path) -> None:
    said = jiexun(*words, env={"JIEXUN_DATA_DIR": str(tmp_path / "data")})
    assert said.status == 2, said
    assert PASSWORD not in said.out + said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize("command", [["db", "upgrade"], ["work", "--once"], ["serve"]], ids=" ".join)
@pytest.mark.parametrize("url", [DATABASE, DATABASE.replace(":1/", ":port/"), f"mysql://operator:{PASSWORD}@h/db"])
def test_no_command_repeats_the_password_of_the_database(command: list[str], url: str, jiexun: Jiexun) -> None:
    city = str(ROOT / "datasets/demo/city.yaml")
    said = jiexun(*command, env={"JIEXUN_DATABASE_URL": url, "JIEXUN_CITY_FILE": city})
    assert said.status == 2, said
    assert PASSWORD not in said.out + said.err
    assert said.err.count("\n") == 1, said.err


def test_a_password_in_a_city_file_is_refused_without_being_shown(jiexun: Jiexun, tmp_path: Path) -> None:
    (tmp_path / "city.yaml").write_text(CITY.replace("clip.mp4", URL), encoding="utf-8")
    for words in (["check"], ["check", "--json"], ["work", "--once", "--city"], ["inspect", "clip.mp4", "--city"]):
        said = jiexun(*words, tmp_path / "city.yaml")
        assert said.status == 2
        assert PASSWORD not in said.out + said.err


@pytest.mark.parametrize("manner", [Manner.DROP, Manner.UNAUTHORISED, Manner.OK])
def test_a_worker_leaves_the_password_of_its_camera_nowhere(manner: Manner, jiexun: Jiexun, tmp_path: Path) -> None:
    city = spot_city(tmp_path, seconds=1)
    with FakeCamera(manner) as camera:
        bare = camera.url.replace(f"operator:{PASSWORD}@", "")
        text = CITY.replace("source: clip.mp4", f"source: {bare}\n    credentials_env: STREET")
        (tmp_path / "city.yaml").write_text(text, encoding="utf-8")
        environment = {**city.environment, "STREET": f"operator:{PASSWORD}"}
        command = [sys.executable, "-m", "api.cli", "work", "--city", str(tmp_path / "city.yaml")]
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as worker:
            deadline = time.monotonic() + 60
            while camera.connections < 1 and time.monotonic() < deadline:
                time.sleep(0.05)
            time.sleep(3)
            worker.send_signal(signal.SIGTERM)
            out, err = worker.communicate(timeout=60)
    assert camera.connections > 0
    assert (worker.returncode, out) == (0, "ready for 1 camera (stop with Ctrl-C)\n")
    assert PASSWORD not in err
    written = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert tmp_path / "data/jiexun.db" in written
    assert [path for path in written if PASSWORD.encode() in path.read_bytes()] == []
