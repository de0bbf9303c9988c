"""The most memory that `jiexun inspect` takes on a clip, in a process of its own."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from api.errors import BenchError

SHORT_DWELL = "10"
"""Seconds; so that a short clip comes to findings, whose evidence takes the most memory."""


def peak_of_inspect(clip: Path, model: Path) -> float:
    """Megabytes (10^6 bytes) of physical memory at the worst moment.

    Raises:
        BenchError: the process failed; the sentence is its own.
    """
    with TemporaryDirectory(prefix="jiexun-bench-") as out:
        options = ["--model", model, "--out", out, "--json", "--dwell", SHORT_DWELL]
        command = [sys.executable, "-m", "api.bench.inspecting", clip, *options]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        raise BenchError(f"the memory of inspect cannot be measured, it failed: {done.stderr.strip() or 'killed'}")
    return int(done.stdout.splitlines()[-1]) / 1e6
