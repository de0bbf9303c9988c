"""A server of the tests ends with the process that started it, even if that is killed."""

import signal
import subprocess
import sys
from pathlib import Path

import psutil

from tests.rigs import keeper

SERVER = """
import pathlib, signal, sys
signal.signal(signal.SIGQUIT, signal.SIG_DFL)  # ignored from the start where a shell runs the tests in the background
pathlib.Path(sys.argv[1]).touch()
signal.pause()
"""
STARTER = """
import subprocess, sys
started = subprocess.Popen([sys.executable, *sys.argv[1:]], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
print(started.pid, flush=True)
sys.stdin.read()
"""


def test_a_server_ends_with_who_started_it_and_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "server"
    folder.mkdir()
    command = [keeper.__file__, str(folder), "", sys.executable, "-c", SERVER, str(folder / "is up")]
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert starter.stdout is not None
    kept = psutil.Process(int(starter.stdout.readline()))
    while not (folder / "is up").exists():
        assert kept.is_running()
    [server] = kept.children()
    starter.send_signal(signal.SIGKILL)
    starter.communicate()
    psutil.wait_procs([kept, server])
    assert not folder.exists()
