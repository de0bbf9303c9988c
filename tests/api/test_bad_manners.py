"""Fifteen bad manners on three channels: each case arrives, is dead with an alarm, or is held for a person.

What becomes of a case does not depend on the database: on PostgreSQL every sixth runs, with JIEXUN_BAD_MANNERS=all all.
"""

import os
import socket
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from api.store.store import SqlStore
from cases.channels.mail import Security
from cases.filing import NEEDS_A_PERSON, Channel, Filing, FilingState, Matter
from cases.ports import Filer, Inquirer
from cases.retries import Schedule
from cases.sender import Sender
from cases.states import CaseState
from tests.case_builders import HandClock
from tests.filed_cases import file_cases
from tests.rigs import delivery_channels
from tests.rigs.databases import Databases
from tests.rigs.fake311 import Fake311, fake_311
from tests.rigs.fakedept import FakeDepartment, Manner, fake_department
from tests.rigs.fakemail import FakeMail, MailManner, fake_mail

ENDS = {FilingState.SENT, FilingState.DEAD, FilingState.HELD}
ADDRESSES = ("refuses", "no such name", "no certificate")
WEB = [*Manner, *ADDRESSES]
MAIL = [*MailManner, *ADDRESSES]
SHORT = Schedule(
    back_off=(timedelta(minutes=1),) * 2, ask=(timedelta(minutes=1),) * 3, longest_silence=timedelta(minutes=3)
)
CASES = [
    *[(Channel.WEBHOOK, manner) for manner in WEB],
    *[(Channel.OPEN311, manner) for manner in WEB],
    *[(Channel.EMAIL, manner) for manner in MAIL],
]
EVERY = 1 if os.environ.get("JIEXUN_BAD_MANNERS") == "all" else 6
MESSAGES = [each for each in CASES if each[0].carries(Matter.TASK_GIVEN)]
"""A sub-task is told to a department's own system by the same sender: every fourth of them."""
RUNS = [
    *[("sqlite_files", *each, Matter.CASE) for each in CASES],
    *[("postgres_databases", *each, Matter.CASE) for each in CASES[::EVERY]],
    *[("sqlite_files", *each, Matter.TASK_GIVEN) for each in MESSAGES[:: min(EVERY, 4)]],
]


@pytest.fixture
def databases(request: pytest.FixtureRequest) -> Databases:
    return request.getfixturevalue(request.param)


@dataclass
class Receiver:
    """Somebody with a manner, behind one channel.

    Attributes:
        filer: how it is reached.
        inquirer: how it is asked, where it can be.
        rig: what it is made of.
    """

    filer: Filer
    inquirer: Inquirer | None
    rig: FakeDepartment | Fake311 | FakeMail

    @property
    def took(self) -> int:
        """How many cases are in its books, repetitions that it did not know included."""
        if isinstance(self.rig, FakeDepartment):
            return len(self.rig.created)
        return len(self.rig.requests if isinstance(self.rig, Fake311) else self.rig.messages)

    @property
    def elsewhere(self) -> list[str]:
        """What it saw at other places, e.g. after a redirect."""
        if isinstance(self.rig, FakeMail):
            return [command for command in self.rig.commands if "elsewhere" in command]
        return self.rig.elsewhere

    def mend(self) -> None:
        """It behaves from now on."""
        if isinstance(self.rig, FakeMail):
            self.rig.manner = MailManner.GOOD
        else:
            self.rig.manner = Manner.GOOD


@contextmanager
def receiver(channel: Channel, manner: str) -> Generator[Receiver]:
    with ExitStack() as rigs:
        closed = rigs.enter_context(socket.socket())
        closed.bind(("127.0.0.1", 0))  # a port on which nobody listens
        nobody = f"127.0.0.1:{closed.getsockname()[1]}"
        if channel is Channel.EMAIL:
            mail = rigs.enter_context(fake_mail(manner if isinstance(manner, MailManner) else MailManner.GOOD))
            host, port = {"no such name": ("nowhere.example", 25)}.get(manner, ("127.0.0.1", mail.port))
            port = closed.getsockname()[1] if manner == "refuses" else port
            security = Security.TLS if manner == "no certificate" else Security.NONE
            yield Receiver(delivery_channels.mail(host, port, security=security), None, mail)
            return
        behaved = manner if isinstance(manner, Manner) else Manner.GOOD
        rig = rigs.enter_context(fake_department(behaved) if channel is Channel.WEBHOOK else fake_311(behaved))
        url = {
            "refuses": rig.url.replace(rig.address, nobody),
            "no such name": rig.url.replace(rig.address, "nowhere.example"),
            "no certificate": rig.url.replace("http:", "https:"),
        }.get(manner, rig.url)
        if channel is Channel.WEBHOOK:
            yield Receiver(delivery_channels.webhook(url, [rig.address, nobody]), None, rig)
        else:
            filer = delivery_channels.open311(url, [rig.address, nobody])
            yield Receiver(filer, filer, rig)


@dataclass
class Post:
    """A store with one filed case, and its sender."""

    store: SqlStore
    clock: HandClock
    sender: Sender

    @property
    def filing(self) -> Filing:
        [dossier] = [self.store.dossier(case.id) for case in self.store.cases().items]
        return dossier.filings[0]

    def step(self) -> FilingState:
        self.clock.now = max(self.clock.now, self.filing.next_try_at) + timedelta(seconds=1)
        if self.sender.send_next() is None:
            [breaker] = self.store.breakers()
            self.clock.now = max(self.clock.now, breaker.open_until or self.clock.now) + timedelta(seconds=1)
            assert self.sender.send_next() is not None
        return self.filing.state


@contextmanager
def filed(databases: Databases, channel: Channel, matter: Matter, to: Receiver) -> Generator[Post]:
    clock = HandClock(datetime.now(UTC))
    with databases.upgraded() as url, SqlStore(url) as store:
        file_cases(store, 1, channel=channel, at=clock.now, matter=matter)
        sender = Sender(
            store,
            {channel: to.filer},
            inquirers={channel: to.inquirer} if to.inquirer else {},
            clock=clock,
            random=Random(1),
            schedule=SHORT,
        )
        yield Post(store, clock, sender)


@pytest.mark.parametrize(("databases", "channel", "manner", "matter"), RUNS, indirect=["databases"])
def test_a_receiver_that_never_changes_ends_every_case_in_the_open(
    databases: Databases, channel: Channel, manner: str, matter: Matter, caplog: pytest.LogCaptureFixture
) -> None:
    with receiver(channel, manner) as to, filed(databases, channel, matter, to) as post:
        state = post.step()
        for _ in range(30):
            if state in ENDS:
                break
            state = post.step()
        assert state in ENDS
        assert to.took <= 1
        assert to.elsewhere == []
        waiting = [filing.id for filing in post.store.needs_a_person()]
        if state in NEEDS_A_PERSON:
            assert waiting == [post.filing.id]
            assert "needs a person" in caplog.text
        else:
            assert waiting == []
            assert to.took == 1


@pytest.mark.parametrize(("databases", "channel", "manner", "matter"), RUNS, indirect=["databases"])
def test_a_receiver_that_mends_its_manners_has_the_case_once(
    databases: Databases, channel: Channel, manner: str, matter: Matter
) -> None:
    with receiver(channel, manner) as to, filed(databases, channel, matter, to) as post:
        state = post.step()
        to.mend()
        for _ in range(30):
            if state in ENDS:
                break
            state = post.step()
        case_state = post.store.dossier(post.filing.case_id).case.state
        if state is FilingState.SENT:
            moved = CaseState.DISPATCHED if matter is Matter.CASE else CaseState.FILED
            assert (to.took, case_state) == (1, moved)
        else:
            assert (state in NEEDS_A_PERSON, case_state) == (True, CaseState.FILED)
            assert to.took <= 1
        assert to.elsewhere == []
