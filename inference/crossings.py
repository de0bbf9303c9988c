"""Places between two steps that must both happen, marked so that tests can let a process die, or a step fail, there.

    os.fsync(file.fileno())
    crossing("evidence.synced")
    draft.replace(place)

In service a crossing does nothing. A test watches crossings in its own process with `watched`, and lets another process
die at one by its environment: `JIEXUN_TEST_DIE_AT=evidence.synced`, or `evidence.synced:3` for the third time.
Every crossing is tested (`tests/api/store/test_kill_points.py`): a new one that no scenario reaches fails there.
"""

import os
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager

from inference.errors import InferenceError

DIE_AT = "JIEXUN_TEST_DIE_AT"
DIED = 86
"""Exit status of a process that died at a crossing."""

Watcher = Callable[[str], object]

_watchers: list[Watcher] = []


def crossing(name: str) -> None:
    """Mark a place.

    Args:
        name: `room.event`, once in all of the code; the event is what has just happened, or is about to.
    """
    for watcher in _watchers:
        watcher(name)


@contextmanager
def watched(watcher: Watcher) -> Generator[None]:
    """Let `watcher` see every crossing while the block runs; what it raises comes out of the crossing."""
    _watchers.append(watcher)
    try:
        yield
    finally:
        _watchers.remove(watcher)


def die_where_told(environment: Mapping[str, str]) -> str | None:
    """For tests only: die at the crossing that the environment names.

    Returns:
        What the environment says; None in service, where it says nothing.

    Raises:
        InferenceError: it is no name and count.
    """
    told = environment.get(DIE_AT)
    if told is None:
        return None
    name, _, times = told.partition(":")
    if not (name and (times or "1").isdecimal() and int(times or 1)):
        raise InferenceError(f"{DIE_AT} must be NAME or NAME:TIMES; unset it, it is for tests only")
    _watchers.append(_dying_at(name, int(times or 1)))
    return told


def _dying_at(name: str, times: int) -> Watcher:
    left = times

    def die(crossed: str) -> None:
        nonlocal left
        if crossed == name:
            left -= 1
            if left == 0:
                os._exit(DIED)  # no clearing up of any kind: that is the point

    return die
