"""On the way from a picture to a delivered case, whatever step fails, at whichever passing: nothing is lost or doubled.

Each fault is raised once, at the first, second, … passing of its kind until a run passes none, as the disk, the
database or the network raises it. Whoever asked is told in one sentence, asks again, and comes to the end.
"""

import errno
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import httpcore
import pytest
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError

from api.errors import StoreError
from api.receiving import Asked, Receipt, receive
from api.store.store import SqlStore
from cases.channels.inbox import InboxFiler
from cases.desk import Desk
from cases.filing import Channel, FilingState
from cases.intake import Intake
from cases.ports import Filer
from cases.report import Attachment
from cases.sender import Sender
from cases.states import CaseState
from inference.crossings import watched
from inference.errors import EvidenceError
from inference.evidence.folder import FolderStore
from inference.geo import LatLon
from tests.case_builders import HandClock, a_city, a_report
from tests.rigs.checker import assert_all_is_there_once
from tests.rigs.delivery_channels import webhook
from tests.rigs.fakedept import FakeDepartment, fake_department
from tests.rigs.ledger import Operation, Outcome

Result = TypeVar("Result")
Fault = Callable[[], Exception]


def disk() -> Exception:
    return OSError(errno.EIO, "Input/output error")


def database() -> Exception:
    return OperationalError("…", {}, Exception("disk I/O error"))


AT_CROSSINGS: dict[str, Fault] = {
    "evidence.folder_made": disk,
    "evidence.opened": disk,
    "evidence.written": disk,
    "evidence.synced": disk,
    "evidence.renamed": disk,
    "store.begun": database,
    "store.commit": database,
    "store.committed": database,
    "outgoing.connect": lambda: httpcore.ConnectError("Connection refused"),
    "outgoing.written": lambda: httpcore.WriteError("Broken pipe"),
    "outgoing.answered": lambda: httpcore.ReadError("Connection reset by peer"),
}
WRITING = "statement that writes"


@dataclass
class Nth:
    """Raises a fault at one passing, and remembers whether it came to that."""

    passing: int
    fault: Fault
    passed: int = 0

    def pass_by(self) -> None:
        self.passed += 1
        if self.passed == self.passing:
            raise self.fault()

    @property
    def raised(self) -> bool:
        return self.passed >= self.passing


@contextmanager
def failing(kind: str, passing: int) -> Generator[Nth]:
    """Let the so-many-eth passing of a kind fail while the block runs."""
    nth = Nth(passing, AT_CROSSINGS.get(kind, database))
    if kind != WRITING:
        with watched(lambda name: nth.pass_by() if name == kind else None):
            yield nth
        return

    def before(_: Connection, __: Any, statement: str, *___: Any) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            nth.pass_by()

    event.listen(Engine, "before_cursor_execute", before)
    try:
        yield nth
    finally:
        event.remove(Engine, "before_cursor_execute", before)


@dataclass
class Way:
    """The way of matters, one after the other, on one store. `told`: what whoever asked was told of faults."""

    store: SqlStore
    evidence: FolderStore
    department: FakeDepartment
    channel: Channel
    clock: HandClock = field(default_factory=lambda: HandClock(datetime.now(UTC)))
    told: list[str] = field(default_factory=list[str])
    operations: list[Operation] = field(default_factory=list[Operation])

    def __post_init__(self) -> None:
        city, ids = a_city(channel=self.channel), (f"id-{n}" for n in count(1))
        self.intake = Intake(self.store, city, clock=self.clock, new_id=lambda: next(ids))
        self.desk = Desk(self.store, city, clock=self.clock, new_id=lambda: next(ids))
        to_them = webhook(self.department.url, [self.department.address])
        filers: dict[Channel, Filer] = {Channel.INBOX: InboxFiler(), Channel.WEBHOOK: to_them}
        self.sender = Sender(self.store, filers, clock=self.clock, random=Random(1))

    def go(self, number: int) -> None:
        """One matter, from its picture to its delivery."""
        attachment = self.insist(lambda: self.attach(f"picture {number}".encode()))
        receipt = self.insist(lambda: self.report(number, attachment))
        self.operations.append(
            Operation(
                what="report",
                key=f"matter {number}",
                outcome=Outcome.ACKED,
                answer={"case_id": receipt.case_id, "case_number": receipt.case_number},
            )
        )
        self.insist(lambda: self.confirm(receipt.case_id))
        sent = None
        while sent is None or sent.state is not FilingState.SENT:
            sent = self.insist(self.sender.send_next)
            if sent is None:
                if self.store.dossier(receipt.case_id).filings[-1].state is FilingState.SENT:
                    break  # written down, and then came the fault
                self.clock.forward(hours=1)
        assert self.store.dossier(receipt.case_id).case.state is CaseState.DISPATCHED

    def insist(self, step: Callable[[], Result]) -> Result:
        """Do it, and once more where it fails in our own words; anything else comes out."""
        try:
            return step()
        except (StoreError, EvidenceError) as error:
            self.told.append(str(error))
            return step()

    def attach(self, data: bytes) -> Attachment:
        sha256 = self.evidence.put(data)
        kept = Attachment(sha256=sha256, media_type="image/jpeg", size_bytes=len(data), received_at=self.clock())
        with self.store.transaction() as book:
            return book.attach(kept)

    def report(self, number: int, attachment: Attachment) -> Receipt:
        text = f"matter {number}"
        place = LatLon(lat=20 + number * 0.01, lon=121.47)
        said = a_report(text, text=text, code="0505", place=place, at=self.clock())
        return receive(
            self.store,
            self.intake,
            replace(said, attachments=(attachment,)),
            at=self.clock(),
            asked=Asked(door="reports", key=text, body_sha256="0" * 64),
        )

    def confirm(self, case_id: str) -> None:
        case = self.store.dossier(case_id).case
        if case.state is CaseState.CANDIDATE:
            self.desk.confirm(case_id, version=case.version, by="Chen Yu")


@pytest.mark.parametrize(
    ("channel", "kinds"),
    [(Channel.WEBHOOK, (*AT_CROSSINGS, WRITING)), (Channel.INBOX, ("store.commit", "store.committed"))],
    ids=["webhook", "inbox"],
)
def test_any_step_may_fail_at_any_passing(
    url: str, store: SqlStore, tmp_path: Path, channel: Channel, kinds: tuple[str, ...]
) -> None:
    numbers, evidence = count(1), FolderStore(tmp_path / "evidence")
    with fake_department() as department:
        way = Way(store, evidence, department, channel)
        for kind in kinds:
            if kind == WRITING and "postgresql" in url:
                continue  # the statements are the same, and there are many
            faults = 0
            for passing in count(1):
                way.told.clear()
                with failing(kind, passing) as nth:
                    way.go(next(numbers))
                if not nth.raised:
                    break
                faults += 1
                assert_told_once_and_clearly(kind, way.told)
            assert faults > 0, kind
        assert_all_is_there_once(store, evidence, way.operations, department.created)


def assert_told_once_and_clearly(kind: str, told: list[str]) -> None:
    """A fault on the way to a department is the sender's own business; of any other whoever asked is told."""
    if kind.startswith("outgoing"):
        assert told == []
        return
    [sentence] = told
    assert "\n" not in sentence
    assert ("free space" if kind.startswith("evidence") else "check it") in sentence
