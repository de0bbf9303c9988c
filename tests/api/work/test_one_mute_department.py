"""One of ten departments does not answer: it holds two connections at most, and the nine others get everything."""

import threading
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from time import sleep

from api.outgoing.web import OutgoingClient
from api.store.store import SqlStore
from api.work.shift import deliver
from cases.channels.signature import Secret
from cases.channels.webhook import Endpoint, WebhookFiler
from cases.filing import Channel
from cases.sender import Sender
from tests.filed_cases import file_cases
from tests.rigs.empty_database import empty_database
from tests.rigs.fakedept import SECRET, Manner, fake_department

EACH = 6


def test_one_mute_department_holds_up_nobody(tmp_path: Path) -> None:
    url = empty_database(tmp_path / "jiexun.db")
    names = [f"department-{number}" for number in range(10)]
    with SqlStore(url) as store, ExitStack() as rigs:
        departments = {name: rigs.enter_context(fake_department()) for name in names}
        mute = departments[names[0]]
        mute.manner = Manner.MUTE
        for name in names:
            file_cases(store, EACH, channel=Channel.WEBHOOK, at=datetime.now(UTC), department=name)
        filer = WebhookFiler(
            {name: Endpoint(url=one.url, secrets=(Secret(SECRET),)) for name, one in departments.items()},
            OutgoingClient(frozenset(one.address for one in departments.values())),
            base_url="https://city.example",
            clock=lambda: datetime.now(UTC),
            timeout=timedelta(seconds=20),
        )
        sender = Sender(store, {Channel.WEBHOOK: filer}, clock=lambda: datetime.now(UTC), random=Random(1))
        stop = threading.Event()
        shift = threading.Thread(target=deliver, args=(sender, stop))
        shift.start()
        for _ in range(600):
            if all(len(departments[name].created) == EACH for name in names[1:]):
                break
            sleep(0.1)
        assert [len(departments[name].created) for name in names[1:]] == [EACH] * 9
        assert mute.connections == mute.most_connections == 2, "both are still waiting for an answer"
        stop.set()
        rigs.close()  # hangs up on the two
        shift.join(30)
        assert not shift.is_alive()
