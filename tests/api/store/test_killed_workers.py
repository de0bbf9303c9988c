"""Workers that share cameras, killed, or stopped beyond their lease and woken: nothing is lost, nothing is doubled.

JIEXUN_TEST_WORKER_KILLS sets how often; 3 in the suite.
"""

import os
from itertools import count
from pathlib import Path
from random import Random
from time import sleep

import pytest

from api.store.store import SqlStore
from tests.rigs import camera_worker
from tests.rigs.camera_worker import CAMERAS, RHYTHM, SECONDS
from tests.rigs.empty_database import empty_database
from tests.rigs.killer import Worker

KILLS = int(os.environ.get("JIEXUN_TEST_WORKER_KILLS", "3"))
PAUSE = 0.03


def found(url: str) -> list[tuple[str, str, str]]:
    with SqlStore(url) as store:
        return sorted((f.finding.camera, f.finding.key, str(f.finding.last_seen)) for f in store.findings().items)


def reached(url: str) -> float:
    """Seconds of the clip up to which every camera was written down."""
    with SqlStore(url) as store:
        memories = [store.camera_memory(camera) for camera in CAMERAS]
    return min(memory.position if memory else -1.0 for memory in memories)


def undisturbed(folder: Path) -> tuple[list[tuple[str, str, str]], float]:
    folder.mkdir()
    url = empty_database(folder / "undisturbed.db")
    camera_worker.work(url, str(folder), "alone", 0.0, True)
    return found(url), reached(url)


@pytest.mark.slow
def test_workers_that_are_killed_or_stopped_and_woken(url: str, tmp_path: Path) -> None:
    random, names, done = Random(20260302), count(1), 0
    expected, end = undisturbed(tmp_path / "expected")
    assert end == SECONDS
    assert [camera for camera, _, _ in expected] == list(CAMERAS)
    shared = tmp_path / "shared"
    shared.mkdir()

    def hire() -> Worker:
        return Worker(camera_worker.work, url, str(shared), f"w{next(names)}", PAUSE, False)

    workers, asleep = [hire(), hire()], list[Worker]()
    while reached(url) < end:
        sleep(2 * RHYTHM.silent if asleep else random.uniform(0, RHYTHM.silent))
        for sleeper in asleep:
            sleeper.wake()  # it believes that its cameras are still its own
        workers, asleep = [*workers, *asleep], []
        if done < KILLS:
            done += 1
            victim = workers.pop(random.randrange(len(workers)))
            workers.append(hire())
            if done % 2:
                victim.stop()
                asleep.append(victim)
            else:
                victim.kill()
    for worker in (*workers, *asleep):
        worker.kill()
    assert found(url) == expected
    with SqlStore(url) as store:
        assert store.summary().findings == len(CAMERAS)
        assert max(held.token for held in store.leases.standing().held.values()) > 1
