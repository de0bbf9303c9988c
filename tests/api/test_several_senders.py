"""Senders that are killed, or stopped beyond their lease and woken: every case arrives, none twice.

JIEXUN_SENDER_KILLS sets how often they are killed; 4 for each channel in the suite, 2 on PostgreSQL.
"""

import os
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from random import Random
from time import sleep

import pytest

from api.store.store import SqlStore
from cases.filing import Channel, FilingState
from cases.states import Act
from tests.filed_cases import file_cases
from tests.rigs import sender_worker
from tests.rigs.databases import Databases, how_many
from tests.rigs.fake311 import Fake311, fake_311
from tests.rigs.fakedept import FakeDepartment, fake_department
from tests.rigs.killer import Worker, run_and_kill

KILLS = int(os.environ.get("JIEXUN_SENDER_KILLS", "4"))
MOST_IN_A_ROUND = 15
CHANNELS = [Channel.WEBHOOK, Channel.OPEN311]


def rounds(kills: int) -> list[int]:
    """Kills of each round, as an Open311 server shows at most fifty requests of a few minutes: more go to a person."""
    return [min(MOST_IN_A_ROUND, kills - done) for done in range(0, kills, MOST_IN_A_ROUND)]


@contextmanager
def receiver(channel: Channel) -> Generator[FakeDepartment | Fake311]:
    if channel is Channel.WEBHOOK:
        with fake_department() as department:
            yield department
    else:
        with fake_311() as server:
            yield server


def assert_each_arrived_once(url: str, to: FakeDepartment | Fake311, filings: list[str]) -> None:
    if isinstance(to, FakeDepartment):
        assert sorted(to.created) == sorted(filings)
    else:
        markers = Counter(request["description"].splitlines()[0].partition("[")[2] for request in to.requests)
        assert markers == Counter(f"jiexun {filing}]" for filing in filings)
    with SqlStore(url) as store:
        dossiers = [store.dossier(case.id) for case in store.cases(limit=5000).items]
    assert [dossier.filings[0].state for dossier in dossiers] == [FilingState.SENT] * len(filings)
    for dossier in dossiers:
        assert [entry.act for entry in dossier.history].count(Act.DISPATCH) == 1


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "kills"), list(enumerate(rounds(KILLS))))
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_sender_that_is_killed_again_and_again(
    databases: Databases, url: str, channel: Channel, seed: int, kills: int
) -> None:
    random, killed = Random(seed), 0
    kills = min(kills, how_many("JIEXUN_SENDER_KILLS", databases, sqlite=4, postgresql=2))
    with SqlStore(url) as store:
        filings = file_cases(store, 3 * kills, channel=channel, at=datetime.now(UTC))
    with receiver(channel) as to:
        work = (sender_worker.work, url, channel, to.url, to.address)
        while killed < kills and run_and_kill(*work, most_steps=3, random=random):
            killed += 1
        assert killed >= kills / 2
        sender_worker.work(url, channel, to.url, to.address)
        assert_each_arrived_once(url, to, filings)


@pytest.mark.slow
@pytest.mark.parametrize("channel", CHANNELS)
def test_one_of_four_senders_is_stopped_beyond_its_lease_and_woken(url: str, channel: Channel) -> None:
    random = Random(20260302)
    with SqlStore(url) as store:
        filings = file_cases(store, 30, channel=channel, at=datetime.now(UTC))
    with receiver(channel) as to:
        senders = [Worker(sender_worker.work, url, channel, to.url, to.address) for _ in range(4)]
        stopped = senders[0]
        for _ in range(3):
            if not stopped.takes_a_step():
                break
            sleep(random.uniform(0, 0.005))
            stopped.stop()
            sleep(2 * sender_worker.LEASE.total_seconds())
            stopped.wake()
        for sender in senders:
            sender.join()
        assert_each_arrived_once(url, to, filings)
