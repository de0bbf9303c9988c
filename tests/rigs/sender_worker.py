"""A sender, made to be stopped and killed in a process of its own."""

import os
from datetime import timedelta
from random import Random
from time import sleep

from api.store.store import SqlStore
from cases.filing import AT_WORK, Channel
from cases.retries import Schedule
from cases.sender import Sender
from tests.rigs import delivery_channels
from tests.rigs.killer import Told

TIMEOUT = timedelta(milliseconds=250)
LEASE = timedelta(milliseconds=700)
A_MOMENT = timedelta(milliseconds=20)
QUICK = Schedule(back_off=(A_MOMENT,) * 500, ask=(A_MOMENT,) * 200, open_for=(A_MOMENT,))


def work(database: str, channel: Channel, url: str, address: str, *, told: Told = lambda: None) -> None:
    """Deliver until nothing is left to be delivered."""
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
        while True:
            if (errand := sender.take()) is not None:
                told()
                errand()
            elif any(store.dossier(case.id).filings[0].state in AT_WORK for case in store.cases(limit=5000).items):
                sleep(0.05)
            else:
                return
