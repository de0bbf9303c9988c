"""The worker of patrols, and the doors beside it, killed at any moment: the same two passes and cases, each once.

The process that is killed (`kill -9`) takes a recording and live frames in and looks at them; started again it goes on.
JIEXUN_TEST_PATROL_KILLS sets how often on each database: 5 and 2 in the suite, 300 and more by hand.
"""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from signal import SIGKILL
from time import monotonic

import pytest

from api.store.store import SqlStore
from inference.evidence.folder import FolderStore
from tests.rigs.crossing_scenarios import Place
from tests.rigs.databases import Databases, how_many
from tests.rigs.fork_server import ForkServer, Run, fork_server
from tests.rigs.patrol_scenario import assert_both_passes_are_whole

logger = logging.getLogger(__name__)

SOONER, LATER = 0.7, 1.2
"""Kills come at any moment of the time that an undisturbed run takes here and now; that changes with what else runs."""
UNDISTURBED = 2
"""Histories before any kill: in the first one the server still begins, the second one is measured."""


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    with fork_server() as running:
        yield running


@pytest.mark.timeout(0)  # ends by itself, after as many kills as were asked for
def test_kills_at_random_moments_lose_nothing_and_double_nothing(
    server: ForkServer, databases: Databases, tmp_path: Path
) -> None:
    kills, random = how_many("JIEXUN_TEST_PATROL_KILLS", databases, sqlite=5, postgresql=2), Random(2026)
    killed, histories, seconds = 0, 0, 0.0
    while killed < kills:
        with databases.upgraded() as url:
            folder = tmp_path / str(histories)
            folder.mkdir()
            run = Run(scenario="patrol", place=Place(folder=str(folder), url=url, empty_url=url))
            began, status = monotonic(), -SIGKILL
            while histories >= UNDISTURBED and killed < kills and status != 0:
                status = server.run(replace(run, kill_after=random.uniform(0, seconds)))
                assert status in (0, -SIGKILL)
                killed += status != 0
                seconds *= SOONER if status == 0 else LATER
            assert server.run(run) == 0
            if histories < UNDISTURBED:
                seconds = monotonic() - began
            histories += 1
            with SqlStore(url) as store:
                assert_both_passes_are_whole(store, folder, FolderStore(folder / "evidence"))
    logger.info("%d kills in %d histories", killed, histories - UNDISTURBED)
