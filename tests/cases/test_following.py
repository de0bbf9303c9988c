"""Asking departments how a matter stands: what is new is written down, and nothing is asked for ever."""

from dataclasses import replace
from random import Random

import pytest

from cases.desk import Desk
from cases.dossier import Change
from cases.errors import FilingFailed
from cases.filing import Channel, Filing, FilingState
from cases.following import EVERY, LEASE, SOON, Follower
from cases.intake import Intake
from cases.moving import move
from cases.ports import Receipt, Tidings
from cases.sender import Sender
from cases.states import Act, CaseState
from tests.case_builders import CountedIds, HandClock, a_city, a_finding
from tests.case_fakes import FakeFiler, MemoryStore

CITY = a_city(auto_file=True, channel=Channel.OPEN311)


class Department:
    """Says what it was told to, in order."""

    def __init__(self, *said: Tidings | Exception) -> None:
        self.said = list(said)
        self.asked: list[Filing] = []

    def tidings(self, filing: Filing) -> Tidings:
        self.asked.append(filing)
        said = self.said.pop(0)
        if isinstance(said, Exception):
            raise said
        return said


class Post:
    """One delivered case, and a department that is asked about it."""

    def __init__(self, *said: Tidings | Exception, receipt: Receipt | None = None) -> None:
        self.store, self.clock, self.department = MemoryStore(), HandClock(), Department(*said)
        Intake(self.store, CITY, clock=self.clock, new_id=CountedIds()).take(a_finding())
        filer = FakeFiler(receipt=receipt or Receipt(reference="SR-1"))
        Sender(self.store, {Channel.OPEN311: filer}, clock=self.clock, random=Random(1)).send_next()
        self.desk = Desk(self.store, CITY, clock=self.clock, new_id=CountedIds())
        self.follower = Follower(
            self.store, {Channel.OPEN311: self.department}, desk=self.desk, clock=self.clock, random=Random(1)
        )

    @property
    def filing(self) -> Filing:
        [filing] = self.store.book.filings.values()
        return filing

    @property
    def notices(self) -> list[tuple[str, str]]:
        history = self.store.book.dossier(self.filing.case_id).history
        return [(entry.actor, entry.reason) for entry in history if entry.act is Act.NOTICE]

    def ask(self) -> None:
        """When its time has come, and not before."""
        assert self.filing.follow_at is not None
        self.clock.now = self.filing.follow_at
        errand = self.follower.take()
        assert errand is not None
        errand()


def test_what_is_new_is_a_receipt_and_a_notice_and_what_is_not_is_silent() -> None:
    open_ = Tidings(reference="SR-1", state="open", said="crew 7")
    post = Post(open_, open_, Tidings(reference="SR-1", state="closed", said="towed", is_over=True))
    post.ask()
    assert post.filing.state is FilingState.ACKNOWLEDGED
    assert post.notices == [("police", "by open311: open (crew 7)")]
    post.ask()
    assert len(post.notices) == 1
    post.ask()
    assert post.notices[-1] == ("police", "by open311: closed (towed)")
    assert (post.filing.their_state, post.filing.follow_at) == ("closed", None)
    assert post.follower.take() is None


def test_a_token_is_asked_about_sooner_until_it_becomes_a_number() -> None:
    post = Post(Tidings(), Tidings(reference="SR-9"), receipt=Receipt(token="T-9"))
    post.ask()
    assert post.filing.follow_at is not None
    assert SOON <= post.filing.follow_at - post.clock.now <= 1.2 * SOON
    assert post.filing.state is FilingState.SENT
    post.ask()
    assert post.filing.reference == "SR-9"
    assert post.filing.follow_at - post.clock.now >= EVERY
    assert post.notices == [("police", "by open311: its number there is SR-9")]


def test_a_department_that_cannot_be_asked_is_asked_later(caplog: pytest.LogCaptureFixture) -> None:
    post = Post(FilingFailed("no answer", retry=True), Tidings(reference="SR-1", state="open"))
    post.ask()
    assert "asked in vain about delivery id-2: no answer" in caplog.text
    post.ask()
    assert post.filing.their_state == "open"


def test_a_case_that_has_ended_is_asked_about_no_more() -> None:
    post = Post()
    with post.store.transaction() as book:
        case = replace(book.dossier(post.filing.case_id).case, state=book.dossier(post.filing.case_id).case.state)
        returned, first = move(case, Act.RETURN, by="police", at=post.clock(), reason="not ours")
        ended, second = move(returned, Act.VOID, by="li", at=post.clock(), reason="nobody's")
        book.write(Change(case=ended, entries=(first, second)))
    post.ask()
    assert post.filing.follow_at is None
    assert post.department.asked == []


def test_a_follower_that_died_is_replaced_and_two_never_ask_at_once() -> None:
    post = Post(Tidings(reference="SR-1", state="open"))
    assert post.follower.take() is not None
    assert post.follower.take() is None
    post.clock.now += LEASE
    post.ask()
    assert len(post.department.asked) == 1


def test_an_answer_that_comes_too_late_changes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    post = Post(Tidings(reference="SR-1", state="open"), Tidings(reference="SR-1", state="closed"))
    slow = post.follower.take()
    assert slow is not None
    post.clock.now += LEASE
    post.ask()
    slow()
    assert post.filing.their_state == "open"
    assert "answered meanwhile" in caplog.text


DONE = Tidings(reference="SR-1", state="closed", said="towed", is_over=True, is_handled=True)


def test_what_is_closed_there_is_handled_here_with_the_words_of_the_department() -> None:
    post = Post(Tidings(reference="SR-1", state="open"), DONE)
    post.ask()
    post.ask()
    dossier = post.store.book.dossier(post.filing.case_id)
    assert dossier.case.state is CaseState.HANDLED
    assert [entry.act for entry in dossier.history[-3:]] == [Act.NOTICE, Act.ACCEPT, Act.HANDLE]
    assert (dossier.history[-1].actor, dossier.history[-1].reason) == ("police", "by open311: closed (towed)")
    assert post.follower.take() is None


def test_a_case_that_is_handled_or_somebody_elses_stays_as_it_is() -> None:
    post = Post(DONE)
    case_id = post.filing.case_id
    post.desk.send_back(case_id, version=post.store.book.cases[case_id].version, by="police", reason="not ours")
    post.ask()
    case = post.store.book.cases[case_id]
    assert case.state is CaseState.RETURNED
    [(_, notice)] = post.notices
    assert notice.startswith("by open311: closed (towed); the case stays as it is: ")
    assert "returned" in notice
    assert (post.filing.their_state, post.filing.follow_at) == ("closed", None)


def test_closed_without_an_agreement_is_a_receipt_only() -> None:
    post = Post(replace(DONE, is_handled=False))
    post.ask()
    assert post.store.book.cases[post.filing.case_id].state is CaseState.DISPATCHED
