"""Kills a process at a random moment, again and again."""

import subprocess
from collections.abc import Sequence
from random import Random
from time import sleep


def run_and_kill(command: Sequence[str], *, most_lines: int, random: Random) -> bool:
    """Start a process and kill it (SIGKILL) a moment after one of its first `most_lines` lines of output.

    Counted in lines of progress rather than seconds, so that the kills fall into the work on a slow machine, too.

    Returns:
        True where it was killed, False where it had ended well before.

    Raises:
        AssertionError: it ended badly on its own.
    """
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        for _ in range(random.randint(1, most_lines)):
            if not process.stdout.readline():
                _, complaint = process.communicate()
                assert process.returncode == 0, complaint.decode(errors="replace")
                return False
        sleep(random.uniform(0, 0.03))
        process.kill()
        process.communicate()
        return True
