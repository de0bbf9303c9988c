"""A clock that jumps under load: every case goes its whole way, once, in the order of the log and not of the time.

The clock jumps by its own count of questions, so that no run depends on how fast the machine is.
`JIEXUN_TEST_JUMPS` says how many cases each of four clients takes through; 3 in the suite.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from threading import Lock

from api.store.store import SqlStore
from cases.audit.verifier import follow
from cases.case import Case
from cases.desk import Desk
from cases.dossier import Dossier
from cases.errors import StaleVersion
from cases.filing import AT_WORK, Channel, Filing, FilingState
from cases.intake import Intake
from cases.ports import Receipt
from cases.sender import Sender
from cases.states import Act, CaseState
from cases.timekeeper import Timekeeper
from tests.case_builders import NOON, CountedIds, a_city, a_finding, a_proof

EACH = int(os.environ.get("JIEXUN_TEST_JUMPS", "3"))
CLIENTS = 4
JUMPS = (
    timedelta(hours=-2),
    timedelta(seconds=1),
    timedelta(seconds=-1),
    timedelta(days=400),
    timedelta(seconds=-1),
    timedelta(hours=-2),
    timedelta(days=-399),
)


@dataclass
class JumpingClock:
    """Every tenth time that it is asked, somebody has set it."""

    now: datetime = NOON
    asked: int = 0
    lock: Lock = field(default_factory=Lock)

    def __call__(self) -> datetime:
        with self.lock:
            self.asked += 1
            if self.asked % 10 == 0:
                self.now += JUMPS[self.asked // 10 % len(JUMPS)]
            return self.now


@dataclass
class Books:
    """A department that knows repetitions by their name."""

    taken: dict[str, str] = field(default_factory=dict[str, str])
    recognises_repetitions: bool = True

    def file(self, dossier: Dossier, filing: Filing) -> Receipt:
        self.taken[filing.id] = dossier.case.id
        return Receipt()


def test_every_case_goes_its_way_once_whatever_time_it_is_said_to_be(url: str) -> None:
    clock, books, ids = JumpingClock(), Books(), CountedIds()
    city = a_city(channel=Channel.WEBHOOK)
    with SqlStore(url, clock=clock) as store:
        intake = Intake(store, city, clock=clock, new_id=ids)
        desk = Desk(store, city, clock=clock, new_id=ids)
        timekeeper = Timekeeper(store, city, clock=clock)

        def client(number: int) -> None:
            sender = Sender(store, {Channel.WEBHOOK: books}, clock=clock, random=Random(number), pace=timedelta(0))
            for one in range(EACH):
                place, name = 1000.0 * (number * EACH + one), f"{number}-{one}"
                taken = intake.take(a_finding(name, box=(place, 0, place + 200, 100), zone=name))
                assert taken.case is not None
                case_id = taken.case.id
                _insist(store, case_id, lambda case: desk.confirm(case.id, version=case.version, by="li"))
                while store.dossier(case_id).filings[0].state in AT_WORK:
                    sender.send_next()
                    timekeeper.tick()
                _insist(store, case_id, lambda case: desk.accept(case.id, version=case.version, by="police"))
                _insist(store, case_id, lambda case: _handled(desk, case))
                _insist(store, case_id, lambda case: desk.close(case.id, version=case.version, by="li"))

        with ThreadPoolExecutor(CLIENTS) as clients:
            list(clients.map(client, range(CLIENTS)))
        dossiers = [store.dossier(case.id) for case in store.cases(limit=5000).items]
        log = list(store.audit_entries())
        assert [number for number, _ in follow(entry.record() for entry in log)] == list(range(1, len(log) + 1))
    assert any(later.at < earlier.at for earlier, later in pairwise(log)), "the clock never went back"
    assert len(dossiers) == CLIENTS * EACH
    assert sorted(books.taken.values()) == sorted(dossier.case.id for dossier in dossiers)
    for dossier in dossiers:
        assert dossier.case.state is CaseState.CLOSED
        assert [filing.state for filing in dossier.filings] == [FilingState.ACKNOWLEDGED]
        assert all(one.after is following.before for one, following in pairwise(dossier.history))
        acts = [entry.act for entry in dossier.history]
        once = (Act.OPEN, Act.FILE, Act.DISPATCH, Act.ACCEPT, Act.HANDLE, Act.CLOSE)
        assert [acts.count(act) for act in once] == [1] * len(once)


def _handled(desk: Desk, case: Case) -> Case:
    return desk.handle(case.id, version=case.version, by="police", proofs=(a_proof(),))


def _insist(store: SqlStore, case_id: str, move: Callable[[Case], Case]) -> None:
    """As a person does, who is told that the case has changed meanwhile."""
    while True:
        try:
            move(store.dossier(case_id).case)
        except StaleVersion:
            continue
        return
