"""Workers in processes of their own, made to be stopped and killed.

They are forked from a process that has imported everything already: importing takes longer than such a life does.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from random import Random
from time import sleep
from traceback import format_exc

Told = Callable[[], None]
"""Called by a worker before each step of its work."""

_FORGE = multiprocessing.get_context("forkserver")
_FORGE.set_forkserver_preload(["tests.rigs.camera_worker", "tests.rigs.case_worker", "tests.rigs.sender_worker"])


class Worker:
    """A function at work in a process of its own, from now on.

    Args:
        work: a function of a module, so that the other process finds it.
        arguments: for it; it gets a `told` besides.
    """

    def __init__(self, work: Callable[..., None], *arguments: object) -> None:
        self._said, says = _FORGE.Pipe(duplex=False)
        self._process = _FORGE.Process(target=_live, args=(says, work, arguments), daemon=True)
        self._process.start()
        says.close()

    def takes_a_step(self) -> bool:
        """Wait for its next step; False where it has ended.

        Raises:
            AssertionError: it ended badly on its own.
        """
        try:
            complaint = self._said.recv()
        except EOFError:
            return False
        assert not complaint, complaint
        return True

    def stop(self) -> None:
        """Freeze it until `wake`."""
        os.kill(self._pid, signal.SIGSTOP)

    def wake(self) -> None:
        """Let it go on as if nothing had been."""
        os.kill(self._pid, signal.SIGCONT)

    def kill(self) -> None:
        """End it without a word."""
        self._process.kill()
        self._end()

    def join(self) -> None:
        """Wait for its end.

        Raises:
            AssertionError: it ended badly.
        """
        while self.takes_a_step():
            pass
        self._end()

    @property
    def _pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def _end(self) -> None:
        self._process.join()
        self._process.close()
        self._said.close()


def run_and_kill(work: Callable[..., None], *arguments: object, most_steps: int, random: Random) -> bool:
    """Start a worker and kill it (SIGKILL) a moment after one of its first `most_steps` steps.

    Counted in steps rather than seconds, so that the kills fall into the work on a slow machine, too.

    Returns:
        True where it was killed, False where it had ended well before.

    Raises:
        AssertionError: it ended badly on its own.
    """
    worker = Worker(work, *arguments)
    for _ in range(random.randint(1, most_steps)):
        if not worker.takes_a_step():
            worker.join()
            return False
    sleep(random.uniform(0, 0.03))
    worker.kill()
    return True


def _live(says: Connection, work: Callable[..., None], arguments: tuple[object, ...]) -> None:
    try:
        work(*arguments, told=lambda: says.send(""))
    except Exception:
        says.send(format_exc())
