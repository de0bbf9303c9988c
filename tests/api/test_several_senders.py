"""Senders that are killed, or stopped beyond their lease and woken: every case arrives, none twice.

JIEXUN_SENDER_KILLS sets how often they are killed; 4 for each channel in the suite.
"""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from time import sleep

import pytest

from api.store.store import SqlStore
from cases.filing import Channel, FilingState
from cases.states import Act
from tests.filed_cases import file_cases
from tests.rigs import sender_worker
from tests.rigs.empty_database import empty_database
from tests.rigs.fake311 import Fake311, fake_311
from tests.rigs.fakedept import FakeDepartment, fake_department
from tests.rigs.killer import run_and_kill

KILLS = int(os.environ.get("JIEXUN_SENDER_KILLS", "4"))
CHANNELS = [Channel.WEBHOOK, Channel.OPEN311]


@contextmanager
def receiver(channel: Channel) -> Generator[FakeDepartment | Fake311]:
    if channel is Channel.WEBHOOK:
        with fake_department() as department:
            yield department
    else:
        with fake_311() as server:
            yield server


def command(url: str, channel: Channel, to: FakeDepartment | Fake311) -> list[str]:
    return [sys.executable, str(Path(sender_worker.__file__)), url, channel, to.url, to.address]


def assert_each_arrived_once(url: str, to: FakeDepartment | Fake311, filings: list[str]) -> None:
    if isinstance(to, FakeDepartment):
        assert sorted(to.created) == sorted(filings)
    else:
        markers = Counter(request["description"].splitlines()[0].partition("[")[2] for request in to.requests)
        assert markers == Counter(f"jiexun {filing}]" for filing in filings)
    with SqlStore(url) as store:
        dossiers = [store.dossier(case.id) for case in store.cases(limit=1000).items]
    assert [dossier.filings[0].state for dossier in dossiers] == [FilingState.SENT] * len(filings)
    for dossier in dossiers:
        assert [entry.act for entry in dossier.history].count(Act.DISPATCH) == 1


@pytest.mark.slow
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_sender_that_is_killed_again_and_again(tmp_path: Path, channel: Channel) -> None:
    random, kills = Random(20260302), 0
    url = empty_database(tmp_path / "jiexun.db")
    with SqlStore(url) as store:
        filings = file_cases(store, 3 * KILLS, channel=channel, at=datetime.now(UTC))
    with receiver(channel) as to:
        while kills < KILLS and run_and_kill(command(url, channel, to), most_lines=3, random=random):
            kills += 1
        assert kills >= KILLS / 2
        sender_worker.work(url, channel, to.url, to.address)
        assert_each_arrived_once(url, to, filings)


@pytest.mark.slow
@pytest.mark.parametrize("channel", CHANNELS)
def test_one_of_four_senders_is_stopped_beyond_its_lease_and_woken(tmp_path: Path, channel: Channel) -> None:
    random = Random(20260302)
    url = empty_database(tmp_path / "jiexun.db")
    with SqlStore(url) as store:
        filings = file_cases(store, 30, channel=channel, at=datetime.now(UTC))
    with receiver(channel) as to:
        senders = [
            subprocess.Popen(command(url, channel, to), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            for _ in range(4)
        ]
        stopped = senders[0]
        assert stopped.stdout is not None
        for _ in range(3):
            if not stopped.stdout.readline():
                break
            sleep(random.uniform(0, 0.005))
            stopped.send_signal(signal.SIGSTOP)
            sleep(2 * sender_worker.LEASE.total_seconds())
            stopped.send_signal(signal.SIGCONT)
        for sender in senders:
            _, complaint = sender.communicate(timeout=120)
            assert sender.returncode == 0, complaint.decode(errors="replace")
        assert_each_arrived_once(url, to, filings)
