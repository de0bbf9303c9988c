"""How long a killed `jiexun serve` takes to be ready again: `python -m tests.rigs.starting [STARTS]`.

Prints seconds on the clock and of processor time from the start of the program to the first `ok` of /readyz.
"""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import httpx
import psutil

from tests.rigs.empty_database import empty_database
from tests.rigs.fakedept import fake_department
from tests.rigs.served_city import ServedCity, served_city


class Shell:
    """Starts `jiexun` as a shell does: a whole Python, with everything to be imported."""

    def __init__(self) -> None:
        self._processes: dict[int, subprocess.Popen[bytes]] = {}

    def start(self, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> int:
        """See `Launcher.start`."""
        with log.open("ab") as said:
            command = [sys.executable, "-m", "api.cli", *arguments]
            process = subprocess.Popen(command, env={**environment}, stdout=said, stderr=said)
        self._processes[process.pid] = process
        return process.pid

    def wait(self, pid: int) -> int:
        """See `Launcher.wait`."""
        return self._processes.pop(pid).wait()


def measure(city: ServedCity) -> tuple[float, float]:
    """Seconds on the clock and of processor time of one start; the service is killed afterwards."""
    began = time.monotonic()
    city.start()
    while not httpx.get(f"{city.base_url}/readyz").is_success:
        time.sleep(0.01)
    seconds = time.monotonic() - began
    worked = psutil.Process(city.pid).cpu_times()
    city.kill()
    return seconds, worked.user + worked.system


def main(starts: int) -> None:
    """Start and kill so often, then print what it took."""
    with TemporaryDirectory() as name, fake_department() as department:
        folder = Path(name)
        with served_city(folder, empty_database(folder / "jiexun.db"), department, Shell()) as city:
            taken = [measure(city) for _ in range(starts)]
    for what, seconds in zip(("clock", "processor"), zip(*taken, strict=True), strict=True):
        sys.stdout.write(f"{what}: median {median(seconds):.2f} s, slowest {max(seconds):.2f} s of {starts} starts\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
