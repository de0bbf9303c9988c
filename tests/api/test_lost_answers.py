"""A lost answer never becomes a silent double. JIEXUN_LOST_ANSWERS sets how many are lost on either database."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from api.store.store import SqlStore
from cases.filing import Channel, FilingState
from cases.sender import Sender
from tests.case_builders import HandClock
from tests.filed_cases import file_cases
from tests.rigs import delivery_channels
from tests.rigs.databases import Databases, how_many
from tests.rigs.fake311 import fake_311
from tests.rigs.fakedept import Manner
from tests.rigs.fakemail import MailManner, fake_mail

LOSING = (Manner.RESET_AFTER_READING, Manner.MUTE, Manner.GARBAGE)
MOSTLY_LOSING = (*LOSING, *LOSING, Manner.GOOD)
"""Not always: whoever loses every answer for three days is given up, and a person is told."""
MAIL_LOSING = (
    MailManner.RESET_AFTER_DATA,
    MailManner.MUTE_AFTER_DATA,
    MailManner.GREYLISTS_450,
    MailManner.GOOD,
)


@pytest.fixture
def losses(databases: Databases) -> int:
    return how_many("JIEXUN_LOST_ANSWERS", databases, sqlite=12, postgresql=4)


def test_open311_has_every_case_once_whatever_became_of_the_answers(url: str, losses: int) -> None:
    random, clock = Random(20260302), HandClock(datetime.now(UTC))
    with SqlStore(url) as store, fake_311() as server:
        server.clock = clock
        file_cases(store, losses, channel=Channel.OPEN311, at=clock.now)
        filer = delivery_channels.open311(server.url, [server.address], clock=clock)
        sender = Sender(
            store,
            {Channel.OPEN311: filer},
            inquirers={Channel.OPEN311: filer},
            clock=clock,
            random=random,
        )
        lost = 0
        for _ in range(200 * losses):
            server.takes = random.random() < 0.5
            server.manner = random.choice(MOSTLY_LOSING) if lost < losses else Manner.GOOD
            settled = sender.send_next()
            if settled is None:
                if not _at_work(store, clock):
                    break
                clock.forward(minutes=7)
            elif settled.state is FilingState.UNKNOWN and settled.asked == 0:
                lost += 1
        assert lost >= losses
        settled = _filings(store)
        assert [filing.state for filing in settled] == [FilingState.SENT] * losses
        markers = Counter(request["description"].splitlines()[0] for request in server.requests)
        assert len(markers) == losses
        assert set(markers.values()) == {1}
        theirs = {request["service_request_id"]: request["description"] for request in server.requests}
        assert all(filing.id in theirs[filing.reference or ""] for filing in settled)


def test_an_email_whose_answer_was_lost_waits_for_a_person(url: str, losses: int) -> None:
    random, clock = Random(20260302), HandClock(datetime.now(UTC))
    with SqlStore(url) as store, fake_mail() as server:
        file_cases(store, losses, channel=Channel.EMAIL, at=clock.now)
        filer = delivery_channels.mail("127.0.0.1", server.port)
        sender = Sender(store, {Channel.EMAIL: filer}, clock=clock, random=random)
        for _ in range(200 * losses):
            server.manner = random.choice(MAIL_LOSING)
            if sender.send_next() is None:
                if not _at_work(store, clock):
                    break
                clock.forward(minutes=7)
        states = Counter(filing.state for filing in _filings(store))
        assert states.keys() <= {FilingState.SENT, FilingState.HELD}
        assert states[FilingState.HELD] > 0
        assert max(Counter(message["Message-ID"] for message in server.messages).values()) == 1


def _at_work(store: SqlStore, clock: HandClock) -> bool:
    with store.transaction() as book:
        return book.next_filing(clock.now + timedelta(days=400)) is not None


def _filings(store: SqlStore):
    return [store.dossier(case.id).filings[0] for case in store.cases(limit=1000).items]
