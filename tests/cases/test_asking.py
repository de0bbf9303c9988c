"""A delivery of which nobody knows whether it arrived: its receiver is asked before anything is sent again."""

from random import Random

import pytest

from cases.breaker import Breaker
from cases.dossier import Dossier
from cases.errors import FilingFailed
from cases.filing import Channel, Filing, FilingState
from cases.intake import Intake
from cases.ports import Receipt
from cases.retries import ASK, BACK_OFF, LONGEST_SILENCE
from cases.sender import LEASE, Sender
from cases.states import CaseState
from tests.case_builders import CountedIds, HandClock, a_city, a_finding
from tests.case_fakes import FakeFiler, MemoryStore

LOST = FilingFailed("the answer was lost", retry=True, maybe_delivered=True)
CITY = a_city(auto_file=True, channel=Channel.OPEN311)


class FakeInquirer:
    """Gives the answers it was told to, in order."""

    def __init__(self, *answers: Receipt | Exception | None) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def find(self, dossier: Dossier, filing: Filing) -> Receipt | None:
        self.asked.append(filing.id)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


class Post:
    """One filed case whose answer was lost, and what the receiver says when it is asked."""

    def __init__(self, *answers: Receipt | Exception | None, first: Exception = LOST) -> None:
        self.store, self.clock = MemoryStore(), HandClock()
        self.filer, self.inquirer = FakeFiler(first, recognises_repetitions=False), FakeInquirer(*answers)
        Intake(self.store, CITY, clock=self.clock, new_id=CountedIds()).take(a_finding())
        self.sender = Sender(
            self.store,
            {Channel.OPEN311: self.filer},
            inquirers={Channel.OPEN311: self.inquirer},
            clock=self.clock,
            random=Random(7),
        )

    @property
    def filing(self) -> Filing:
        [filing] = self.store.book.filings.values()
        return filing

    def step(self) -> FilingState:
        """Whatever is next, when its time has come."""
        self.clock.now = max(self.clock.now, self.filing.next_try_at)
        self.clock.forward(seconds=1)
        assert self.sender.send_next() is not None
        return self.filing.state


def test_a_case_that_is_found_is_linked_and_not_sent_again() -> None:
    post = Post(Receipt(reference="SR-9"))
    assert [post.step(), post.step()] == [FilingState.UNKNOWN, FilingState.SENT]
    assert post.filing.reference == "SR-9"
    assert len(post.filer.got) == 1
    assert post.store.book.cases[post.filing.case_id].state is CaseState.DISPATCHED


def test_a_case_that_is_missing_twice_is_sent_again() -> None:
    post = Post(None, None)
    assert [post.step() for _ in range(4)] == [
        FilingState.UNKNOWN,
        FilingState.UNKNOWN,
        FilingState.DUE,
        FilingState.SENT,
    ]
    assert len(post.filer.got) == 2
    assert post.filing.attempts == 2


def test_a_case_that_shows_late_is_not_sent_again() -> None:
    post = Post(None, Receipt(reference="SR-9"))
    assert [post.step() for _ in range(3)][-1] is FilingState.SENT
    assert len(post.filer.got) == 1


def test_a_receiver_that_cannot_be_asked_leaves_it_to_a_person(caplog: pytest.LogCaptureFixture) -> None:
    silent = FilingFailed("no answer", retry=True)
    post = Post(*[silent] * len(ASK))
    states = [post.step() for _ in range(len(ASK) + 1)]
    assert states == [*[FilingState.UNKNOWN] * len(ASK), FilingState.HELD]
    assert len(post.filer.got) == 1
    assert "needs a person: no answer" in caplog.text


def test_a_receiver_that_never_shows_its_cases_leaves_it_to_a_person_at_once() -> None:
    post = Post(FilingFailed("shows no descriptions", retry=False))
    assert [post.step(), post.step()] == [FilingState.UNKNOWN, FilingState.HELD]


def test_a_sender_that_died_sending_leaves_a_question() -> None:
    post = Post(Receipt(reference="SR-9"))
    assert post.sender.take() is not None
    post.clock.now += LEASE
    assert post.step() is FilingState.UNKNOWN
    assert post.step() is FilingState.SENT
    assert post.filer.got == []


def test_a_sender_that_died_asking_is_replaced() -> None:
    post = Post(Receipt(reference="SR-9"))
    post.step()
    post.clock.now = post.filing.next_try_at
    assert post.sender.take() is not None
    assert post.sender.send_next() is None
    post.clock.now += LEASE
    assert post.sender.send_next() is not None
    assert post.filing.state is FilingState.SENT


def open_breaker(post: Post) -> None:
    """Its department does not answer since now."""
    with post.store.transaction() as book:
        silent = Breaker(department=post.filing.department, since=post.clock.now, opened=1, open_until=post.clock.now)
        book.keep_breaker(silent)


def test_a_question_that_is_a_probe_counts_only_when_it_is_answered() -> None:
    silent = FilingFailed("no answer", retry=True)
    post = Post(*[silent] * 50, None, None)
    post.step()
    open_breaker(post)
    asked_at = post.filing.next_try_at
    for probe in range(1, 51):
        with post.store.transaction() as book:
            post.clock.now = max(post.clock.now, book.breaker(post.filing.department).open_until or post.clock.now)
        assert post.step() is FilingState.UNKNOWN
        assert (post.filing.asked, post.filing.probes, post.filing.next_try_at) == (0, probe, asked_at)
    post.clock.forward(minutes=5)
    assert (post.step(), post.filing.asked) == (FilingState.UNKNOWN, 1)
    assert [post.step(), post.step()] == [FilingState.DUE, FilingState.SENT]
    assert (post.filing.attempts, post.filing.probes) == (2, 51)


def test_a_question_to_a_department_that_is_silent_for_too_long_is_left_to_a_person() -> None:
    post = Post(FilingFailed("no answer", retry=True))
    post.step()
    open_breaker(post)
    post.clock.now += LONGEST_SILENCE
    assert post.step() is FilingState.HELD


def test_a_probe_whose_answer_was_lost_is_asked_about_then_sent_again_soon() -> None:
    post = Post(None, None)
    open_breaker(post)
    assert (post.step(), post.filing.attempts, post.filing.probes) == (FilingState.UNKNOWN, 0, 1)
    with post.store.transaction() as book:
        book.keep_breaker(book.breaker(post.filing.department).succeeded())
    assert [post.step(), post.step()] == [FilingState.UNKNOWN, FilingState.DUE]
    assert post.filing.next_try_at - post.clock.now <= 1.2 * BACK_OFF[0]
    assert post.step() is FilingState.SENT
