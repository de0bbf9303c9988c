"""Runs scenarios in forks of a process that has imported everything: a death costs milliseconds, not seconds.

Usage: `python fork_server.py`. One JSON object a line on its input is one run; the exit status comes back.
The server itself runs nothing and opens nothing, so its forks begin clean; they end without any clearing up.
"""

import json
import os
import subprocess
import sys
import traceback
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from signal import SIGKILL
from tempfile import TemporaryDirectory
from threading import Timer

sys.path.insert(0, str(Path(__file__).parents[2]))

from inference.crossings import DIE_AT, die_where_told, watched
from tests.rigs.crossing_scenarios import SCENARIOS, Place, warm_app
from tests.rigs.empty_database import empty_database
from tests.rigs.patrol_scenario import filmed_street


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a scenario.

    Attributes:
        scenario: its name.
        place: where.
        die_at: at which crossing, as `JIEXUN_TEST_DIE_AT` has it; empty: to the end.
        kill_after: seconds after which it is killed, as by `kill -9`; None: it is left alone.
    """

    scenario: str
    place: Place
    die_at: str = ""
    kill_after: float | None = None


class ForkServer:
    """The other end of a running server."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(self, run: Run) -> int:
        """Run it; the exit status."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asdict(run)) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def fork_server() -> Generator[ForkServer]:
    """A server that is there until the end of the block."""
    command = [sys.executable, str(Path(__file__))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield ForkServer(process)


def serve() -> None:
    """Run what comes until the input ends."""
    warm_app()
    with TemporaryDirectory() as folder:
        empty_database(Path(folder) / "template.db")  # every fork has it, and all that a migration imports
    filmed_street()
    for line in sys.stdin:
        said = json.loads(line)
        run = Run(
            scenario=said["scenario"],
            place=Place(**said["place"]),
            die_at=said["die_at"],
            kill_after=said["kill_after"],
        )
        pid = os.fork()
        if pid == 0:
            os._exit(_run(run))
        killer = Timer(run.kill_after, os.kill, (pid, SIGKILL)) if run.kill_after is not None else None
        if killer:
            killer.start()
        _, status = os.waitpid(pid, 0)
        if killer:
            killer.cancel()
            killer.join()
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _run(run: Run) -> int:
    counts = Counter[str]()
    try:
        if run.die_at:
            die_where_told({DIE_AT: run.die_at})
        with watched(lambda name: counts.update([name])):
            SCENARIOS[run.scenario](run.place)
        Path(run.place.folder, "crossed.json").write_text(json.dumps(counts), encoding="utf-8")
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    serve()
