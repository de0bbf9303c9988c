"""From a finding to a department's own system, over real sockets: every bad manner ends well, nothing vanishes."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from api.outgoing.web import OutgoingClient
from api.store.store import SqlStore
from cases.channels.signature import Secret
from cases.channels.webhook import Endpoint, WebhookFiler
from cases.filing import Channel, Filing, FilingState
from cases.intake import Intake
from cases.sender import Sender
from cases.states import CaseState
from tests.case_builders import HandClock, a_city, a_finding, some_evidence
from tests.rigs.empty_database import empty_database
from tests.rigs.fakedept import SECRET, FakeDepartment, Manner, fake_department

F = FilingState
SOON = timedelta(seconds=0.5)

AFTER_ONE_TRY = {
    Manner.GOOD: F.SENT,
    Manner.GARBAGE: F.SENT,
    Manner.HUGE: F.SENT,
    Manner.RESET: F.FAILED,
    Manner.RESET_AFTER_READING: F.FAILED,
    Manner.MUTE: F.FAILED,
    Manner.LATE: F.FAILED,
    Manner.TRICKLE: F.FAILED,
    Manner.HALF: F.FAILED,
    Manner.NOT_HTTP: F.FAILED,
    Manner.ERROR_500: F.FAILED,
    Manner.BUSY_503: F.FAILED,
    Manner.BUSY_429: F.FAILED,
    Manner.MOVED_301: F.FAILED,
    Manner.GONE_410: F.DEAD,
}


class Works:
    """Store, clock and sender with one filed case, and its department."""

    def __init__(self, store: SqlStore, department: FakeDepartment, *, url: str | None = None) -> None:
        self.store = store
        # Signatures are judged by the real time of day.
        self.clock = HandClock(datetime.now(UTC))
        self.endpoint = Endpoint(url=url or department.url, secrets=(Secret(SECRET),))
        city = a_city(auto_file=True, channel=Channel.WEBHOOK)
        intake = Intake(store, city, clock=self.clock, new_id=lambda: os.urandom(16).hex())
        taken = intake.take(a_finding(at=self.clock.now, evidence=(some_evidence(),)))
        assert taken.case is not None
        self.case_id = taken.case.id
        filer = WebhookFiler(
            {"police": self.endpoint},
            OutgoingClient(frozenset({department.address, "refusing.example:8080"}), resolve=_resolve),
            base_url="https://city.example",
            clock=lambda: datetime.now(UTC),
            timeout=SOON,
        )
        self.sender = Sender(store, {Channel.WEBHOOK: filer}, clock=self.clock, random=Random(5))

    def try_now(self) -> Filing:
        tried = self.sender.send_next()
        assert tried is not None
        [kept] = self.store.dossier(self.case_id).filings
        assert kept == tried
        return kept

    @property
    def case_state(self) -> CaseState:
        return self.store.dossier(self.case_id).case.state


def _resolve(host: str, port: int) -> list[str]:
    if host == "nowhere.example":
        raise OSError("Name or service not known")
    return ["127.0.0.1"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    url = empty_database(tmp_path / "jiexun.db")
    with SqlStore(url) as opened:
        yield opened


def test_every_manner_has_its_end() -> None:
    assert set(AFTER_ONE_TRY) == set(Manner)


@pytest.mark.parametrize("manner", list(Manner))
def test_after_a_bad_manner_the_case_still_arrives_once(store: SqlStore, manner: Manner) -> None:
    with fake_department(manner) as department:
        works = Works(store, department)
        first = works.try_now()
        assert first.state is AFTER_ONE_TRY[manner]
        assert department.elsewhere == []
        if first.state is F.SENT:
            assert works.case_state is CaseState.DISPATCHED
        else:
            assert works.case_state is CaseState.FILED
            assert first.error
        if first.state is F.FAILED:
            assert works.sender.send_next() is None
            department.manner = Manner.GOOD
            works.clock.now = first.next_try_at
            assert works.try_now().state is F.SENT
            assert works.case_state is CaseState.DISPATCHED
        if first.state is F.DEAD:
            assert [filing.id for filing in store.needs_a_person()] == [first.id]
        else:
            assert department.created == {first.id: store.dossier(works.case_id).case.number}


@pytest.mark.parametrize(("manner", "seconds"), [(Manner.BUSY_503, 3600), (Manner.BUSY_429, 7)])
def test_a_busy_department_is_left_in_peace_as_long_as_it_asks(store: SqlStore, manner: Manner, seconds: int) -> None:
    with fake_department(manner) as department:
        works = Works(store, department)
        failed = works.try_now()
        assert failed.next_try_at >= works.clock.now + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://nowhere.example/cases", "has no address"),
        ("http://refusing.example:8080/cases", "did not answer"),
        ("http://inside.example/cases", "leads into a private network"),
        ("https://127.0.0.1:{port}/cases", "did not answer"),
    ],
    ids=["no such name", "refuses", "private", "no certificate"],
)
def test_an_address_that_leads_nowhere_waits_for_a_better_day(store: SqlStore, url: str, said: str) -> None:
    with fake_department() as department:
        works = Works(store, department, url=url.replace("{port}", str(department.port)))
        failed = works.try_now()
        assert failed.state is F.FAILED
        assert said in (failed.error or "")
        assert (department.attempts, works.case_state) == ([], CaseState.FILED)
