"""The whole service killed at random times while clients report, confirm, handle and close, and at last told to stop.

JIEXUN_TEST_SERVICE_KILLS sets how often on each database: in the suite 3 on SQLite and 1 on PostgreSQL, 60 and 500 by
hand; each fourth kill has a stop after it.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from time import sleep

import pytest

from api.store.store import SqlStore
from cases.channels.inbox import InboxFiler
from cases.filing import AT_WORK, Channel
from cases.sender import Sender
from tests.rigs.checker import assert_all_is_there_once
from tests.rigs.clients import clients
from tests.rigs.databases import Databases, how_many
from tests.rigs.delivery_channels import real_now, webhook
from tests.rigs.fakedept import FakeDepartment, Manner, fake_department
from tests.rigs.launcher import Launcher, launcher
from tests.rigs.ledger import Ledger
from tests.rigs.served_city import ServedCity, served_city, signed_in
from tests.web_house import Clock

PEOPLE = ["an", "bo", "chen", "du"]


@pytest.fixture(scope="module")
def starter() -> Iterator[Launcher]:
    with launcher() as running:
        yield running


@pytest.mark.slow
@pytest.mark.timeout(0)  # ends by itself, after as many kills as were asked for
def test_what_was_acked_survives_kills_and_a_stop_under_load_exactly_once(
    databases: Databases, url: str, tmp_path: Path, starter: Launcher
) -> None:
    random, ledger = Random(20261125), Ledger()
    kills = how_many("JIEXUN_TEST_SERVICE_KILLS", databases, sqlite=3, postgresql=1)
    with fake_department() as department, served_city(tmp_path, url, department, starter) as city:
        people = signed_in(url, PEOPLE)
        city.start()
        with clients(city.base_url, people, ledger) as stop:
            for number in range(kills):
                ledger.wait_for(random.randint(3, 40))
                sleep(random.uniform(0, 0.05))
                city.kill()
                department.manner = random.choice([Manner.GOOD, Manner.GOOD, Manner.RESET_AFTER_READING, Manner.RESET])
                if random.random() < 0.2:
                    city.start_and_kill(random.uniform(0, 1))
                city.start()
                if number % 4 == 0:
                    ledger.wait_for(10)
                    stop_and_wait(city)
                    city.start()
            ledger.wait_for(10)
            department.manner = Manner.MUTE  # what is on its way when the service is to stop gets no answer
            ledger.wait_for(10)
            with SqlStore(url) as store, store.transaction():  # and nothing can be written down
                stop_and_wait(city)
            stop.set()
        department.manner = Manner.GOOD
        assert_whole(city, department, ledger)
    told = Counter(operation.outcome.value for operation in ledger.all())
    sys.stdout.write(f"\n{kills} kills: {dict(told)}, slowest start {max(city.starts):.1f} s\n")


def stop_and_wait(city: ServedCity) -> None:
    """A service that is told to stop, and told again, does so by itself whatever hangs, and says that all is well."""
    city.ask_to_stop()
    city.ask_to_stop()
    assert city.wait() == 0, city.log()


def assert_whole(city: ServedCity, department: FakeDepartment, ledger: Ledger) -> None:
    """Deliver the rest as the next sender would when all leases have ended, then check everything."""
    with SqlStore(city.url) as store:
        clock = Clock(real_now() + timedelta(hours=1))
        filers = {Channel.INBOX: InboxFiler(), Channel.WEBHOOK: webhook(department.url, [department.address])}
        sender = Sender(store, filers, clock=clock, random=Random(1))
        while at_work(store):
            if sender.send_next() is None:
                clock.forward(minutes=10)
        assert_all_is_there_once(store, city.evidence, ledger.all(), department.created)


def at_work(store: SqlStore) -> bool:
    cases = store.cases(limit=100_000).items
    return any(filing.state in AT_WORK for case in cases for filing in store.dossier(case.id).filings)
