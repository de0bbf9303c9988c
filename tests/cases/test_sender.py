"""Deliveries: what is due goes out, nothing vanishes, nothing goes out twice where that would be believed."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from cases.breaker import PACE
from cases.city import CityOrder
from cases.deliveries import Decision, DeliveryDesk
from cases.desk import Desk
from cases.dossier import Change, Dossier
from cases.errors import FilingFailed
from cases.filing import Channel, Filing, FilingState
from cases.intake import Intake
from cases.moving import move
from cases.ports import Filer, Receipt
from cases.retries import BACK_OFF, LONGEST_SILENCE, OPEN_FOR
from cases.sender import LEASE, Sender
from cases.states import Act, CaseState
from inference.findings import ViolationKind
from tests.case_builders import NOON, CountedIds, HandClock, a_city, a_finding
from tests.case_fakes import FakeFiler, MemoryStore

CITY = a_city(auto_file=True, channel=Channel.WEBHOOK)
RETRY = FilingFailed("answered 500", retry=True)


class Post:
    """A store with filed cases, a clock, and senders on it."""

    def __init__(self, city: CityOrder = CITY) -> None:
        self.city = city
        self.store = MemoryStore()
        self.clock = HandClock()
        self.ids = CountedIds()
        self.desk = Desk(self.store, self.city, clock=self.clock, new_id=self.ids)

    def file(self, key: str = "1", kind: ViolationKind = ViolationKind.ILLEGAL_PARKING) -> str:
        taken = Intake(self.store, self.city, clock=self.clock, new_id=self.ids).take(
            a_finding(key, zone=f"zone-{key}", kind=kind)
        )
        assert taken.case is not None
        return taken.case.id

    def sender(self, filer: Filer) -> Sender:
        return Sender(self.store, {Channel.WEBHOOK: filer}, clock=self.clock, random=Random(7))

    @property
    def states(self) -> list[FilingState]:
        return [filing.state for filing in self.store.book.filings.values()]


@pytest.fixture
def post() -> Post:
    return Post()


def test_a_delivered_case_is_dispatched(post: Post) -> None:
    case_id, filer = post.file(), FakeFiler()
    sent = post.sender(filer).send_next()
    assert sent is not None
    assert (sent.state, sent.reference, sent.sent_at, sent.attempts) == (FilingState.SENT, "theirs-1", NOON, 1)
    dossier = post.store.book.dossier(case_id)
    assert dossier.case.state is CaseState.DISPATCHED
    assert (dossier.history[-1].act, dossier.history[-1].actor) == (Act.DISPATCH, "jiexun")
    assert post.sender(filer).send_next() is None


def test_a_failure_waits_longer_each_time_and_keeps_its_name(post: Post) -> None:
    post.file()
    filer = FakeFiler(*[RETRY] * 4)
    sender = post.sender(filer)
    for pause in BACK_OFF[:4]:
        failed = sender.send_next()
        assert failed is not None
        assert failed.state is FilingState.FAILED
        assert pause <= failed.next_try_at - post.clock.now <= 1.2 * pause
        assert sender.send_next() is None
        post.clock.now = failed.next_try_at
    assert sender.send_next() is not None
    assert post.states == [FilingState.SENT]
    assert len(set(filer.got)) == 1


def test_after_three_days_a_person_is_told(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    case_id = post.file()
    sender = post.sender(FakeFiler(*[RETRY] * 100))
    while (tried := sender.send_next()) is not None and tried.state is FilingState.FAILED:
        post.clock.now = tried.next_try_at
    assert post.clock.now - NOON >= timedelta(days=3)
    assert post.states == [FilingState.DEAD]
    assert "needs a person: answered 500" in caplog.text
    assert post.store.book.dossier(case_id).case.state is CaseState.FILED
    [filing] = post.store.book.filings
    DeliveryDesk(post.store, clock=post.clock).decide(case_id, filing, Decision.AGAIN, by="li", reason="it works again")
    post.clock.forward(seconds=1)
    assert sender.send_next() is not None


def test_waits_are_spread(post: Post) -> None:
    waits: set[timedelta] = set()
    for number in range(20):
        each = Post()
        each.file()
        sender = Sender(each.store, {Channel.WEBHOOK: FakeFiler(RETRY)}, clock=each.clock, random=Random(number))
        failed = sender.send_next()
        assert failed is not None
        waits.add(failed.next_try_at - NOON)
    assert max(waits) - min(waits) >= 0.1 * BACK_OFF[0]


@pytest.mark.parametrize(
    ("asked", "least"),
    [
        (timedelta(seconds=1), BACK_OFF[0]),
        (timedelta(minutes=7), timedelta(minutes=7)),
        (timedelta(days=900), timedelta(hours=24)),
    ],
)
def test_we_wait_as_long_as_asked_within_reason(post: Post, asked: timedelta, least: timedelta) -> None:
    post.file()
    failed = post.sender(FakeFiler(FilingFailed("busy", retry=True, retry_after=asked))).send_next()
    assert failed is not None
    assert least <= failed.next_try_at - NOON <= 1.2 * least


def test_a_final_refusal_is_dead_at_once(post: Post) -> None:
    post.file()
    post.sender(FakeFiler(FilingFailed("answered 410", retry=False))).send_next()
    assert post.states == [FilingState.DEAD]


def test_a_lost_answer_is_repeated_only_where_repetitions_are_recognised(post: Post) -> None:
    lost = FilingFailed("reset", retry=True, maybe_delivered=True)
    post.file()
    post.sender(FakeFiler(lost)).send_next()
    assert post.states == [FilingState.FAILED]

    other = Post()
    other.file()
    sender = other.sender(FakeFiler(lost, recognises_repetitions=False))
    sender.send_next()
    assert other.states == [FilingState.HELD]
    other.clock.forward(days=30)
    assert sender.send_next() is None


@pytest.mark.parametrize("recognises", [True, False])
def test_a_sender_that_died_is_replaced(post: Post, recognises: bool) -> None:
    class Dies:
        recognises_repetitions = recognises

        def file(self, dossier: Dossier, filing: Filing) -> Receipt:
            raise SystemExit

    post.file()
    with pytest.raises(SystemExit):
        post.sender(Dies()).send_next()
    successor = FakeFiler(recognises_repetitions=recognises)
    assert post.sender(successor).send_next() is None
    post.clock.now += LEASE
    post.sender(successor).send_next()
    assert post.states == ([FilingState.SENT] if recognises else [FilingState.HELD])
    assert len(successor.got) == (1 if recognises else 0)


class Interrupted:
    """A department during whose answer something else happens; then it fails, or not."""

    recognises_repetitions = True

    def __init__(self, meanwhile: Callable[[], object], answer: Exception | None) -> None:
        self._meanwhile = meanwhile
        self._answer = answer

    def file(self, dossier: Dossier, filing: Filing) -> Receipt:
        self._meanwhile()
        if self._answer is not None:
            raise self._answer
        return Receipt(reference="the slow one")


@pytest.mark.parametrize("answer", [None, RETRY])
def test_a_sender_beyond_its_lease_is_fenced_off(
    post: Post, answer: Exception | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    case_id = post.file()

    def another_takes_over() -> None:
        post.clock.now += LEASE
        post.sender(FakeFiler()).send_next()

    post.sender(Interrupted(another_takes_over, answer)).send_next()
    [filing] = post.store.book.filings.values()
    assert (filing.state, filing.reference, filing.lease) == (FilingState.SENT, "theirs-1", 2)
    assert [entry.act for entry in post.store.book.dossier(case_id).history].count(Act.DISPATCH) == 1
    assert "taken over" in caplog.text


@pytest.mark.parametrize("answer", [None, RETRY])
def test_a_department_may_answer_before_its_receipt_is_written(post: Post, answer: Exception | None) -> None:
    case_id = post.file()
    accept = lambda: post.desk.accept(case_id, version=1, by="police")  # noqa: E731
    post.sender(Interrupted(accept, answer)).send_next()
    assert post.states == [FilingState.ACKNOWLEDGED]
    assert post.store.book.dossier(case_id).case.state is CaseState.ACCEPTED


def test_a_case_that_was_voided_while_it_was_sent_stays_void(post: Post) -> None:
    case_id = post.file()

    def void() -> None:
        with post.store.transaction() as book:
            case, entry = move(book.dossier(case_id).case, Act.VOID, by="li", at=NOON, reason="a test picture")
            book.write(Change(case=case, entries=(entry,)))

    post.sender(Interrupted(void, None)).send_next()
    assert post.states == [FilingState.SENT]
    assert post.store.book.dossier(case_id).case.state is CaseState.VOID


def test_a_department_gets_its_cases_in_order_and_holds_up_nobody_else(post: Post) -> None:
    first, second = post.file("1"), post.file("2")
    other = post.file("3", ViolationKind.EXPOSED_GARBAGE)
    sender = post.sender(FakeFiler())
    tried = [sender.send_next(), sender.send_next(), sender.send_next()]
    assert [each.case_id if each else None for each in tried] == [first, other, None]
    post.clock.now += PACE
    tried = [sender.send_next(), sender.send_next()]
    assert [each.case_id if each else None for each in tried] == [second, None]


def test_a_filing_that_a_department_cannot_digest_holds_up_none_of_its_others(post: Post) -> None:
    poison = post.file("0")
    filer = Poisoned(poison)
    sender = post.sender(filer)
    for number in range(1, 30):
        post.file(str(number))
    for _ in range(200):
        sender.send_next()
        post.clock.forward(seconds=1)
    assert post.states.count(FilingState.SENT) == 29
    assert post.store.book.breaker("police").open_until is None


def test_what_needs_a_person_does_not_hold_up_the_queue(post: Post) -> None:
    post.file("1")
    second = post.file("2")
    sender = post.sender(FakeFiler(FilingFailed("answered 422", retry=False)))
    sender.send_next()
    post.clock.now += PACE
    tried = sender.send_next()
    assert tried is not None
    assert tried.case_id == second


def test_deliveries_of_one_case_go_out_in_order(post: Post) -> None:
    case_id = post.file()
    sender = post.sender(FakeFiler(RETRY))
    sender.send_next()
    [first] = post.store.book.filings.values()
    later = replace(first, id="later", department="street", state=FilingState.DUE, next_try_at=NOON)
    with post.store.transaction() as book:
        book.write(Change(case=book.dossier(case_id).case, entries=(), filing=later))
    assert sender.send_next() is None
    post.clock.now = first.next_try_at
    post.clock.forward(seconds=2)
    assert [each.id for each in (sender.send_next(), sender.send_next()) if each] == [first.id, "later"]


def test_a_department_that_fails_is_left_in_peace_then_probed_then_served(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(20):
        post.file(str(number))
    filer = FakeFiler(*[RETRY] * 4)
    sender = post.sender(filer)
    for _ in range(45):
        sender.send_next()
        post.clock.forward(seconds=1)
    assert len(filer.got) == len(set(filer.got)) == 3
    assert "nothing is sent to department police until" in caplog.text
    post.clock.forward(minutes=1)
    assert sender.send_next() is not None  # the probe fails
    assert sender.send_next() is None
    post.clock.forward(minutes=3)
    for _ in range(30):
        sender.send_next()
        post.clock.now += PACE
    assert post.states == [FilingState.SENT] * 20


def test_a_probe_is_no_attempt_and_longest_silence_leaves_it_to_a_person(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(3):
        post.file(str(number))
    sender = post.sender(FakeFiler(*[RETRY] * 10_000))
    for _ in range(3):
        sender.send_next()
        post.clock.now += PACE
    before = dict(post.store.book.filings)
    probes = 0
    while FilingState.DEAD not in post.states:
        assert {filing.attempts for filing in post.store.book.filings.values()} == {1}
        post.clock.now = max(filing.next_try_at for filing in before.values())
        post.clock.now = max(post.clock.now, post.store.book.breaker("police").open_until or NOON)
        probed = sender.send_next()
        assert probed is not None
        probes += 1
        assert (probed.next_try_at, probed.error) == (before[probed.id].next_try_at, "answered 500")
    assert post.clock.now - NOON >= LONGEST_SILENCE > timedelta(days=4)
    assert probes > LONGEST_SILENCE / OPEN_FOR[-1]
    assert sum(filing.probes for filing in post.store.book.filings.values()) == probes
    assert max(f.probes for f in post.store.book.filings.values()) <= probes / 3 + 1  # they take turns
    assert "needs a person: answered 500" in caplog.text


def test_a_department_that_refuses_a_probe_for_good_has_answered(post: Post) -> None:
    for number in range(3):
        post.file(str(number))
    sender = post.sender(FakeFiler(*[RETRY] * 3, FilingFailed("answered 422", retry=False)))
    for _ in range(3):
        sender.send_next()
        post.clock.now += PACE
    post.clock.forward(minutes=1)
    sender.send_next()
    assert sorted(post.states) == [FilingState.DEAD, FilingState.FAILED, FilingState.FAILED]
    assert post.store.book.breaker("police").open_until is None


def test_a_whole_department_waits_as_long_as_it_asks(post: Post) -> None:
    post.file("1")
    post.file("2")
    filer = FakeFiler(FilingFailed("busy", retry=True, retry_after=timedelta(hours=1)))
    sender = post.sender(filer)
    sender.send_next()
    post.clock.forward(minutes=59)
    assert sender.send_next() is None
    post.clock.forward(minutes=1)
    assert sender.send_next() is not None


def test_a_department_that_is_gone_is_not_bothered_with_the_rest(post: Post) -> None:
    post.file("1")
    post.file("2")
    sender = post.sender(FakeFiler(FilingFailed("answered 410", retry=False, gone=True)))
    sender.send_next()
    post.clock.forward(hours=23)
    assert sender.send_next() is None
    assert post.states == [FilingState.DEAD, FilingState.DUE]


def test_the_built_in_inbox_needs_no_pace() -> None:
    post = Post(a_city(auto_file=True))
    for number in range(10):
        post.file(str(number))
    sender = Sender(post.store, {Channel.INBOX: FakeFiler()}, clock=post.clock, random=Random(7))
    while sender.send_next() is not None:
        pass
    assert post.states == [FilingState.SENT] * 10


def test_a_fault_of_ours_ends_no_sender_and_loses_nothing(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    post.file()
    tried = post.sender(FakeFiler(KeyError("x"))).send_next()
    assert tried is not None
    assert (tried.state, tried.error) == (FilingState.FAILED, "a fault of ours (KeyError)")
    assert "report it" in caplog.text


def test_whoever_was_held_up_beyond_the_lease_sends_nothing(post: Post) -> None:
    post.file()
    filer = FakeFiler()
    errand = post.sender(filer).take()
    assert errand is not None
    post.clock.now += LEASE
    errand()
    assert filer.got == []


class Poisoned(FakeFiler):
    """A department that takes every case but one."""

    def __init__(self, case_id: str) -> None:
        super().__init__()
        self.case_id = case_id

    def file(self, dossier: Dossier, filing: Filing) -> Receipt:
        self.answers = [RETRY if dossier.case.id == self.case_id else None]
        return super().file(dossier, filing)
