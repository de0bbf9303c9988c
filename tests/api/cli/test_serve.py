import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parents[3]
DEMO = ROOT / "datasets/demo/city.yaml"
NEEDS_MODEL = pytest.mark.skipif(not (ROOT / "models/current").exists(), reason="no model is shipped yet")


@contextmanager
def running(tmp_path: Path, *arguments: str) -> Generator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", "from api.cli import main; main()", *arguments]
    environment = {**os.environ, "JIEXUN_DATA_DIR": str(tmp_path)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return door.getsockname()[1]


@NEEDS_MODEL
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_told_to_stop(number: signal.Signals, tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, "serve", "--city", str(DEMO), "--port", str(port)) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"Demo District on http://127.0.0.1:{port} (stop with Ctrl-C)\n"
        with urlopen(f"http://127.0.0.1:{port}/livez", timeout=30) as answer:
            assert answer.status == 200
        process.send_signal(number)
        assert process.wait(30) == 0


@NEEDS_MODEL
def test_it_works_until_it_is_told_to_stop(tmp_path: Path) -> None:
    with running(tmp_path, "work", "--city", str(DEMO)) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("ready for ")
        time.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


@NEEDS_MODEL
def test_a_port_that_is_taken_is_said(
    run: Callable[[Sequence[object]], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIEXUN_DATA_DIR", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
        said = run(["serve", "--city", DEMO, "--port", port])
    assert said.status == 2
    assert said.err.startswith(f"cannot listen on 127.0.0.1:{port} (Address already in use); choose others with --host")


def test_nothing_is_served_without_a_city(
    run: Callable[[Sequence[object]], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIEXUN_DATA_DIR", str(tmp_path / "data"))
    for command in ("serve", "work"):
        said = run([command])
        assert (said.status, said.err) == (2, "no city is named; give --city FILE or set JIEXUN_CITY_FILE\n")
    assert not (tmp_path / "data").exists()


def test_the_database_is_made_and_upgraded(
    run: Callable[[Sequence[object]], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIEXUN_DATA_DIR", str(tmp_path / "data"))
    for _ in range(2):
        assert run(["db", "upgrade"]).status == 0
    assert (tmp_path / "data/jiexun.db").is_file()


def test_a_database_that_cannot_be_opened_is_refused_without_its_password(
    run: Callable[[Sequence[object]], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIEXUN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("JIEXUN_DATABASE_URL", "nosql://admin:hunter2@host/db")
    said = run(["db", "upgrade"])
    assert said.status == 2
    assert said.err.count("\n") == 1
    assert "hunter2" not in said.err
