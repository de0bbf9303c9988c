"""Keeps a server running for as long as whoever started this lives, however that ends, and tidies up after it.

Usage: `python keeper.py FOLDER USER PROGRAM ARGUMENTS...`. When its input ends it quits the program and deletes
the folder. USER may be empty: the program then runs as the user who runs this.
"""

import shutil
import signal
import subprocess
import sys


def keep(folder: str, user: str, *command: str) -> None:
    with subprocess.Popen(command, user=user or None, stdin=subprocess.DEVNULL) as program:
        sys.stdin.read()
        program.send_signal(signal.SIGQUIT)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    keep(*sys.argv[1:])
