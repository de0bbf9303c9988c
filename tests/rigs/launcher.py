"""Starts `jiexun` again and again without most of the seconds that Python takes to import it: in forks of one process.

Usage: `python launcher.py`. A JSON object a line: with `arguments`, a service is started and its process id answered;
with `wait`, the exit status of that process. The launcher itself has one thread and opens nothing.
"""

import json
import os
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))


IMPORTED_ONCE = (
    "babel.dates",
    "cv2",
    "fastapi",
    "httpcore",
    "jinja2",
    "psycopg",
    "pydantic.v1",
    "pydantic_settings",
    "uvicorn.protocols.http.auto",
    "uvicorn.server",
    "api.accounts.accounts",
    "api.audit.bundle",
    "api.backup",
    "api.city.city",
    "api.outgoing.mail",
    "api.outgoing.web",
    "api.store.upgrade",
)
"""What a service imports, but for ONNX Runtime and all that imports it: it starts threads, which no fork has."""


class Launcher:
    """The other end of a running launcher."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def start(self, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> int:
        """Start `jiexun` with these arguments; its process id. What it says goes into `log`."""
        return self._said({"arguments": [*arguments], "environment": {**environment}, "log": str(log)})

    def wait(self, pid: int) -> int:
        """Wait for the end of one; its exit status, negative where a signal ended it."""
        return self._said({"wait": pid})

    def _said(self, order: Mapping[str, object]) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def launcher() -> Generator[Launcher]:
    """A launcher that is there until the end of the block."""
    command = [sys.executable, str(Path(__file__))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Launcher(process)


def serve() -> None:
    """Do what comes until the input ends."""
    for name in IMPORTED_ONCE:
        import_module(name)
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            _, status = os.waitpid(order["wait"], 0)
            _answer(os.waitstatus_to_exitcode(status))
        elif (pid := os.fork()) == 0:
            _become(order)
        else:
            _answer(pid)


def _become(order: Mapping[str, object]) -> None:
    """What the shell would do for `jiexun`."""
    from api.cli import main

    log = os.open(str(order["log"]), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for ours, theirs in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(ours, theirs)
    os.environ.update(order["environment"])  # pyright: ignore[reportArgumentType, reportCallIssue]
    main(order["arguments"])  # pyright: ignore[reportArgumentType]


def _answer(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve()
