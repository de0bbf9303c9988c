"""An edge box and its centre: days without a link, lost answers, a thin link; every finding arrives, and once.

JIEXUN_TEST_EDGE_FINDINGS sets how many findings wait; 8 in the suite.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import pytest

from api.accounts.roles import Right
from api.edge.courier import Courier
from api.edge.form import EdgeReceipt, FindingForm, written
from api.edge.intake import EdgeIntake
from api.store.store import SqlStore
from api.work.shift import deliver_all
from cases.intake import Outcome
from cases.ports import Answer, NoAnswer
from inference.evidence.spool import FolderSpool
from inference.findings import EvidenceRef, EvidenceRole, Finding
from tests.case_builders import NOON, HandClock, a_finding
from tests.rigs.empty_database import empty_database
from tests.web_house import Browser, House, build_house

FINDINGS = int(os.environ.get("JIEXUN_TEST_EDGE_FINDINGS", "8"))


@dataclass
class Link:
    """The line from the box to the centre: may be down, may lose answers, and is paid by the byte."""

    browser: Browser
    key: str
    clock: HandClock
    down_until: datetime = NOON
    loses_every: int = 0
    requests: list[str] = field(default_factory=list[str])
    sent: int = 0

    def post(
        self,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes,
        timeout: timedelta,
        before: datetime | None = None,
    ) -> Answer:
        if self.clock() < self.down_until:
            raise NoAnswer("no route to host", maybe_delivered=False)
        self.requests.append(urlsplit(url).path)
        self.sent += len(body)
        answer = self.browser.post(urlsplit(url).path, content=body, headers=dict(headers))
        if self.loses_every and len(self.requests) % self.loses_every == 0:
            raise NoAnswer("reset by peer", maybe_delivered=True)
        return Answer(status=answer.status_code, headers={}, body=answer.content)


@dataclass
class Box:
    """An edge box with a camera that has findings."""

    store: SqlStore
    folder: Path
    link: Link
    clock: HandClock
    centre: House
    rate: float | None = None
    center: str = "https://centre.example"

    def __post_init__(self) -> None:
        self.evidence = FolderSpool(self.folder)
        self.courier = Courier(
            self.store.edge,
            self.evidence,
            self.link,
            center=self.center,
            key=self.link.key,
            clock=self.clock,
            random=Random(1),
            bytes_per_second=self.rate,
        )

    def find(self, number: int, camera: str = "east-gate") -> Finding:
        """A look with one finding; two findings after one another share a picture."""
        pictures = [f"panorama {number // 2}".encode() * 50, f"manifest {number}".encode() * 20]
        refs = tuple(
            EvidenceRef(
                role=role,
                sha256=self.evidence.put(data),
                media_type="image/jpeg",
                size_bytes=len(data),
                captured_at=NOON,
            )
            for role, data in zip((EvidenceRole.FIRST, EvidenceRole.MANIFEST), pictures, strict=True)
        )
        key = hashlib.sha256(str(number).encode()).hexdigest()[:32]
        at = NOON + timedelta(hours=number)
        finding = a_finding(key, camera=camera, zone=f"zone-{number}", at=at, evidence=refs)
        EdgeIntake(self.store, clock=self.clock).record_look(
            camera=camera, memory=b"m", position=float(number), captured_at=at, findings=[finding]
        )
        return finding

    def work_for(self, **time: float) -> None:
        """Let the courier do what is due, minute by minute."""
        until = self.clock.now + timedelta(**time)
        while self.clock.now < until:
            deliver_all(self.courier)
            self.clock.forward(minutes=1)


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    (tmp_path / "centre").mkdir()
    centre = build_house(tmp_path / "centre")
    _, key = centre.accounts.make_key("box", rights=[Right.SEND_FINDINGS], camera=None)
    clock = HandClock()
    with centre.store, SqlStore(empty_database(tmp_path / "box.db")) as store:
        link = Link(centre.stranger(key=key), key, clock)
        yield Box(store, tmp_path / "evidence", link, clock, centre)


def test_days_without_a_link_and_lost_answers_lose_and_double_nothing(box: Box) -> None:
    found = [box.find(number) for number in range(FINDINGS)]
    box.find(0)  # the camera goes over the same second again after a crash
    box.link.down_until = NOON + timedelta(days=4)
    box.work_for(hours=2)
    assert box.store.edge.backlog.waiting == FINDINGS
    box.clock.now = box.link.down_until
    box.link.loses_every = 3
    box.work_for(minutes=10 * FINDINGS + 60)
    assert box.store.edge.backlog.waiting == box.store.edge.backlog.refused == 0
    there = {each.finding.key: each.finding for each in box.centre.store.findings(limit=200).items}
    assert there.keys() == {finding.key for finding in found}
    for finding in found:
        assert there[finding.key].evidence == finding.evidence
        for ref in finding.evidence:
            assert len(box.centre.evidence.get(ref.sha256)) == ref.size_bytes
    assert list(box.folder.glob("[0-9a-f][0-9a-f]/*")) == [], "what is delivered is given up"


def test_evidence_that_is_there_does_not_travel_again(box: Box) -> None:
    first, second = box.find(0), box.find(1)
    assert first.evidence[0].sha256 == second.evidence[0].sha256
    box.work_for(minutes=5)
    assert sum(path.endswith(first.evidence[0].sha256) for path in box.link.requests) == 1
    assert box.centre.store.findings().total == 2


def test_the_budget_holds_on_average(box: Box) -> None:
    for number in range(6):
        box.find(number)
    slow = Box(box.store, box.folder, box.link, box.clock, box.centre, rate=100.0)
    slow.work_for(minutes=2)
    assert 0 < box.link.sent <= 100 * 120 + 5000  # one finding may begin before the budget is used up
    assert box.store.edge.backlog.waiting > 0
    slow.work_for(minutes=10)
    assert box.store.edge.backlog.waiting == 0


def test_what_the_centre_never_takes_stays_and_holds_up_nobody(box: Box) -> None:
    box.find(0, camera="unknown-camera")
    box.find(1)
    box.work_for(minutes=5)
    backlog = box.store.edge.backlog
    assert (backlog.waiting, backlog.refused) == (0, 1)
    assert box.centre.store.findings().total == 1


def test_what_was_refused_is_offered_once_more_when_its_cause_is_mended(box: Box) -> None:
    sha256 = box.find(0).evidence[0].sha256
    lost = box.evidence.get(sha256)
    box.evidence.discard(sha256)
    box.work_for(minutes=5)
    box.evidence.put(lost)
    box.work_for(minutes=5)
    assert box.store.edge.backlog.refused == 1
    assert box.store.edge.offer_again() == 1
    box.work_for(minutes=5)
    assert (box.store.edge.backlog.refused, box.centre.store.findings().total) == (0, 1)


def test_where_no_centre_answers_everything_waits(box: Box) -> None:
    box.find(0)
    Box(box.store, box.folder, box.link, box.clock, box.centre, center="https://centre.example/moved").work_for(hours=1)
    assert (box.store.edge.backlog.waiting, box.store.edge.backlog.refused) == (1, 0)
    box.work_for(minutes=5)
    assert box.centre.store.findings().total == 1


def test_a_key_that_is_revoked_only_stops_the_link(box: Box) -> None:
    box.find(0)
    box.centre.accounts.revoke_key(box.centre.accounts.book.keys()[0].id)
    box.work_for(minutes=30)
    assert box.store.edge.backlog.waiting == 1


def test_a_finding_travels_unchanged() -> None:
    finding = a_finding("0f" * 16, at=NOON)
    assert FindingForm.model_validate_json(written(finding)).finding() == finding


def test_nothing_is_taken_before_all_evidence_is_there(box: Box) -> None:
    finding = box.find(3)
    said = box.link.browser.post(
        "/v1/edge/findings", content=written(finding), headers={"Content-Type": "application/json"}
    )
    receipt = EdgeReceipt.model_validate_json(said.content)
    assert set(receipt.missing) == {ref.sha256 for ref in finding.evidence}
    assert box.centre.store.findings().total == 0
    box.work_for(minutes=2)
    again = box.link.browser.post(
        "/v1/edge/findings", content=written(finding), headers={"Content-Type": "application/json"}
    )
    assert EdgeReceipt.model_validate_json(again.content).outcome is Outcome.KNOWN


def test_evidence_that_was_purged_at_the_centre_is_not_asked_for_again(box: Box) -> None:
    finding = box.find(0)
    box.work_for(minutes=5)
    for ref in finding.evidence:
        box.centre.evidence.discard(ref.sha256)
    said = box.link.browser.post(
        "/v1/edge/findings", content=written(finding), headers={"Content-Type": "application/json"}
    )
    receipt = EdgeReceipt.model_validate_json(said.content)
    assert (receipt.missing, receipt.outcome) == ((), Outcome.KNOWN)


def test_evidence_under_a_wrong_name_is_refused(box: Box) -> None:
    said = box.link.browser.post(f"/v1/edge/evidence/{'0' * 64}", content=b"something else")
    assert said.status_code == 422
