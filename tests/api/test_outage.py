"""A long outage: nothing is lost, the department is not overrun afterwards. JIEXUN_OUTAGE_CASES: 50 in the suite."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from api.store.store import SqlStore
from cases.dossier import Dossier
from cases.errors import FilingFailed
from cases.filing import AT_WORK, Channel, Filing, FilingState
from cases.ports import Receipt
from cases.sender import Sender
from tests.case_builders import NOON, HandClock
from tests.filed_cases import file_cases
from tests.rigs.empty_database import empty_database

CASES = int(os.environ.get("JIEXUN_OUTAGE_CASES", "50"))


class Down:
    """A department that is down until an hour, then takes everything."""

    recognises_repetitions = True

    def __init__(self, clock: HandClock, until: datetime) -> None:
        self.clock, self.until = clock, until
        self.tries: list[datetime] = []
        self.taken: list[datetime] = []

    def file(self, dossier: Dossier, filing: Filing) -> Receipt:
        if self.clock.now < self.until:
            self.tries.append(self.clock.now)
            raise FilingFailed("did not answer", retry=True, maybe_delivered=False)
        self.taken.append(self.clock.now)
        return Receipt()


@pytest.mark.parametrize("down_for", [timedelta(hours=6), timedelta(days=4)])
def test_after_an_outage_everything_arrives_at_a_bearable_pace(tmp_path: Path, down_for: timedelta) -> None:
    clock = HandClock()
    department = Down(clock, NOON + down_for)
    url = empty_database(tmp_path / "jiexun.db")
    with SqlStore(url) as store:
        file_cases(store, CASES, channel=Channel.WEBHOOK, at=NOON)
        sender = Sender(store, {Channel.WEBHOOK: department}, clock=clock, random=Random(1))
        while clock.now < department.until:
            while sender.send_next() is not None:
                pass
            clock.forward(minutes=20)
        came_back = clock.now
        assert len(department.tries) <= down_for / timedelta(minutes=15) + 10
        with store.transaction() as book:
            assert book.breaker("police").since == NOON
        for _ in range(40 * CASES):
            if sender.send_next() is None:
                clock.forward(seconds=0.1 if department.taken else 30)
            if len(department.taken) == CASES:
                break
        states = {store.dossier(case.id).filings[0].state for case in store.cases(limit=5000).items}
    assert states == {FilingState.SENT}
    assert clock.now - came_back <= timedelta(minutes=21) + CASES * timedelta(seconds=0.3)
    for one in range(len(department.taken) - 5):
        assert department.taken[one + 5] - department.taken[one] >= timedelta(seconds=1) - timedelta(milliseconds=1)


def test_a_single_case_is_tried_for_three_days_then_a_person_is_told(tmp_path: Path) -> None:
    clock = HandClock()
    department = Down(clock, NOON + timedelta(days=400))
    url = empty_database(tmp_path / "jiexun.db")
    with SqlStore(url) as store:
        file_cases(store, 1, channel=Channel.WEBHOOK, at=NOON)
        sender = Sender(store, {Channel.WEBHOOK: department}, clock=clock, random=Random(1))
        while (filing := store.dossier(store.cases().items[0].id).filings[0]).state in AT_WORK:
            clock.now = max(clock.now + timedelta(seconds=1), filing.next_try_at)
            sender.send_next()
        assert store.needs_a_person() == (filing,)
    assert department.tries[-1] - department.tries[0] >= timedelta(days=3)
