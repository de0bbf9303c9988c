import os
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one command left behind; `seconds` of processor time that it took."""

    status: int
    out: str
    err: str
    seconds: float


Jiexun = Callable[..., Said]


@pytest.fixture
def jiexun(tmp_path: Path) -> Jiexun:
    """Runs `jiexun` the way a shell does, in an empty folder, without the settings of whoever runs the tests."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("JIEXUN_")}
    folder = tmp_path / "cwd"
    folder.mkdir()

    def run(*words: object, env: dict[str, str] | None = None, setup: Callable[[], object] | None = None) -> Said:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(
            [sys.executable, "-m", "api.cli", *map(str, words)],
            cwd=folder,
            env={**bare, "PYTHONPATH": str(ROOT), **(env or {})},
            capture_output=True,
            encoding="utf-8",
            timeout=240,
            check=False,
            preexec_fn=setup,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Said(status=done.returncode, out=done.stdout, err=done.stderr, seconds=seconds)

    return run
