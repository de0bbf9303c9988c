"""A sender in a process of its own, made to be stopped and killed.

Usage: `python sender_worker.py DATABASE CHANNEL URL ADDRESS`. Says a line before each delivery, ends when none is left.
"""

import os
import sys
from datetime import timedelta
from pathlib import Path
from random import Random
from time import sleep

sys.path.insert(0, str(Path(__file__).parents[2]))

from api.store.store import SqlStore
from cases.filing import AT_WORK, Channel
from cases.retries import Schedule
from cases.sender import Sender
from tests.rigs import delivery_channels

TIMEOUT = timedelta(milliseconds=250)
LEASE = timedelta(milliseconds=700)
A_MOMENT = timedelta(milliseconds=20)
QUICK = Schedule(back_off=(A_MOMENT,) * 500, ask=(A_MOMENT,) * 200, open_for=(A_MOMENT,))


def work(database: str, channel: Channel, url: str, address: str) -> None:
    with SqlStore(database) as store:
        open311 = delivery_channels.open311(url, [address], timeout=TIMEOUT)
        webhook = delivery_channels.webhook(url, [address], timeout=TIMEOUT)
        sender = Sender(
            store,
            {Channel.WEBHOOK: webhook, Channel.OPEN311: open311},
            inquirers={Channel.OPEN311: open311},
            clock=delivery_channels.real_now,
            random=Random(os.getpid()),
            schedule=QUICK,
            lease=LEASE,
            pace=timedelta(0),
        )
        while any(store.dossier(case.id).filings[0].state in AT_WORK for case in store.cases(limit=1000).items):
            if (errand := sender.take()) is None:
                sleep(0.02)
                continue
            sys.stdout.write("errand\n")
            sys.stdout.flush()
            errand()


if __name__ == "__main__":
    work(sys.argv[1], Channel(sys.argv[2]), sys.argv[3], sys.argv[4])
