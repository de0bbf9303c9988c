"""People stop a command, or close what it writes to: it leaves without a word."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.rigs.spot_city import spot_city

ROOT = Path(__file__).parents[2]


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    """`jiexun inspect --json` on a clip that takes a while."""
    city = spot_city(tmp_path)
    words = ["inspect", "clip.mp4", "--city", "city.yaml", "--model", "models/spot/1", "--every", "0.2", "--json"]
    return ["env", "-C", str(city.folder), f"PYTHONPATH={ROOT}", sys.executable, "-m", "api.cli", *words]


def reads_clip(pid: int) -> bool:
    return any(file.path.endswith("clip.mp4") for file in psutil.Process(pid).open_files())


def test_interrupted_it_leaves_quietly(command: list[str]) -> None:
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 60
        while not reads_clip(process.pid) and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, "")


def test_nobody_reading_any_more_is_no_fault_of_ours(command: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, timeout=120, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")
