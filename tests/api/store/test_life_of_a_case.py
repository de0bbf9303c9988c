"""The whole life of cases under any order of what people, departments, clocks and dying processes do, against a model.

The model knows three things of a case: the seconds it has left, whether they run, and whether they ever ran out. Of
deliveries it knows what the department has in its books. The clock may jump, back and far ahead, at any moment.
`JIEXUN_TEST_SEQUENCES` says how many sequences of 50 steps are tried on each store.
"""

import os
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from api.store.store import SqlStore
from cases.case import Case
from cases.desk import Desk
from cases.dossier import Dossier
from cases.errors import CaseNotFound, FilingFailed, MoveRefused, StaleVersion
from cases.filing import Channel, Filing, FilingState, Matter
from cases.guards import acts_of
from cases.intake import Intake
from cases.ports import Receipt, Store, Transaction
from cases.replies import LEADS_TO, Reply, ReplyDesk, ReplyKind
from cases.sender import Sender
from cases.states import MOVES, Act, CaseState
from cases.supervising import SupervisionDesk
from cases.supervision import SupervisionKind
from cases.timekeeper import Timekeeper
from tests.case_builders import CountedIds, HandClock, a_city, a_finding, a_proof
from tests.case_fakes import MemoryStore
from tests.rigs.databases import Databases

SEQUENCES = int(os.environ.get("JIEXUN_TEST_SEQUENCES", "24"))
LIMIT = 2 * 3600.0  # seconds; illegal parking
S = CaseState
RUNNING = {S.FILED, S.DISPATCHED, S.ACCEPTED, S.REWORK}
RESTING = {S.RETURNED, S.SUSPENDED}
BY_MACHINE = {Act.DISPATCH, Act.OVERDUE}


class Died(BaseException):
    """Nobody catches it, as nobody catches a SIGKILL."""


@dataclass
class MortalStore:
    """A store whose transactions may end with the process that began them, right before they are written.

    Attributes:
        inner: where cases are kept.
        dies_in: so many more transactions are written; None where all are.
    """

    inner: Store
    dies_in: int | None = None

    @contextmanager
    def transaction(self) -> Generator[Transaction]:
        with self.inner.transaction() as book:
            yield book
            if self.dies_in == 0:
                self.dies_in = None
                raise Died
            self.dies_in = None if self.dies_in is None else self.dies_in - 1


@dataclass
class Books:
    """A department that knows repetitions by their name, as `webhook-id` gives it, and does what it is told.

    Attributes:
        cases: case by delivery: what it would have in its books.
        answer: how it answers the next time.
    """

    cases: dict[str, str] = field(default_factory=dict[str, str])
    answer: str = "good"
    recognises_repetitions: bool = True

    def file(self, dossier: Dossier, filing: Filing) -> Receipt:
        if self.answer == "down":
            raise FilingFailed("did not answer", retry=True, maybe_delivered=False)
        if self.answer == "refuses":
            raise FilingFailed("answered 422", retry=False)
        assert self.cases.setdefault(filing.id, dossier.case.id) == dossier.case.id
        if self.answer == "lost":
            raise FilingFailed("hung up", retry=True, maybe_delivered=True)
        if self.answer == "we die":
            raise Died
        return Receipt(reference=filing.id)


@dataclass
class Left:
    """The plain model of one case.

    Attributes:
        seconds: until the deadline while its time runs, else what is left.
        most: what was left when its time began to run; a clock that is set back gives nobody more than that.
        overdue: whether nothing was left at any time.
    """

    seconds: float = LIMIT
    most: float = LIMIT
    overdue: bool = False


class Life(RuleBasedStateMachine):
    """Drives the real desk and timekeeper."""

    def __init__(self) -> None:
        super().__init__()
        self.clock, new_id = HandClock(), CountedIds()
        self.scope = self.open_store()
        self.store_here = MortalStore(self.scope.__enter__())
        self.books = Books()
        city = a_city(channel=Channel.WEBHOOK)
        self.intake = Intake(self.store_here, city, clock=self.clock, new_id=new_id)
        self.desk = Desk(self.store_here, city, clock=self.clock, new_id=new_id)
        self.replies = ReplyDesk(self.store_here, self.desk, clock=self.clock)
        self.above = SupervisionDesk(self.store_here, city, clock=self.clock)
        self.timekeeper = Timekeeper(self.store_here, city, clock=self.clock)
        filers = {Channel.WEBHOOK: self.books}
        self.sender = Sender(self.store_here, filers, clock=self.clock, random=Random(1))
        self.left: dict[str, Left] = {}
        self.known: list[str] = []
        self.told = 0

    @contextmanager
    def open_store(self) -> Generator[Store]:
        yield MemoryStore()

    def teardown(self) -> None:
        self.scope.__exit__(None, None, None)

    def dossier(self, case_id: str) -> Dossier:
        with self.store_here.transaction() as book:
            return book.dossier(case_id)

    @rule()
    def see(self) -> None:
        if len(self.known) < 3:
            number = len(self.known)
            box = (number * 300.0, 0.0, number * 300.0 + 200, 100.0)
            taken = self.intake.take(a_finding(f"stay-{number}", box=box, where=None, at=self.clock.now))
            assert taken.case is not None
            self.known.append(taken.case.id)

    @rule(which=st.integers(0, 2), pick=st.integers(0, 99), wild=st.integers(0, 5), stale=st.integers(0, 9))
    def act(self, which: int, pick: int, wild: int, stale: int) -> None:
        if which >= len(self.known):
            return
        before = self.dossier(self.known[which])
        case = before.case
        moves = sorted(set(MOVES) - BY_MACHINE)
        # Mostly what the state allows, else few lives would get beyond their first move.
        fitting = [act for act in moves if act in acts_of(case) and act not in (Act.REJECT, Act.VOID)]
        act = moves[pick % len(moves)] if not wild or not fitting else fitting[pick % len(fitting)]
        left = self.left.get(case.id, Left())
        late = left.overdue or self.is_late(case)
        expected = act in acts_of(case) and not (late and act in (Act.ASK_EXTENSION, Act.EXTEND))
        expected &= bool(case.proofs) or not MOVES[act].needs_proof
        if not stale or not expected:
            with pytest.raises((StaleVersion, MoveRefused)):
                self.move(case, act, case.version - (not stale))
            assert self.dossier(case.id) == before
            return
        moved = self.move(case, act, case.version)
        assert (moved.state, moved.version) == (MOVES[act].after or case.state, case.version + 1)
        self.model(case, moved, act, late=late)

    def move(self, case: Case, act: Act, version: int) -> Case:
        names = {Act.FILE: "confirm", Act.RETURN: "send_back"}
        # Two people take turns, so that a second review is somebody else's.
        more: dict[str, object] = {"by": f"person-{version % 2}", "reason": "because"}
        if act is Act.HANDLE:
            more = {"by": "police", "proofs": (a_proof(),)}
        elif act is Act.ACCEPT:
            more = {"by": "police"}
        elif act is Act.REASSIGN:
            more["department"] = "police" if version % 2 else "street"
        elif act is Act.SUSPEND:
            more["until"] = self.clock.now + timedelta(hours=30)
        return getattr(self.desk, names.get(act, act.value))(case.id, version=version, **more)

    def model(self, case: Case, moved: Case, act: Act, *, late: bool) -> None:
        if act is Act.FILE:
            self.left[case.id] = Left()
            return
        if case.id not in self.left:
            return
        left = self.left[case.id]
        left.overdue |= late
        if act is Act.REOPEN or moved.department != case.department:
            left.seconds = left.most = LIMIT
        if act is Act.EXTEND:
            left.seconds = left.most = min(left.seconds, left.most) + LIMIT
        if moved.state not in RUNNING:
            left.seconds = min(left.seconds, left.most)
            left.seconds = max(left.seconds, 0.0)  # who was late goes on with nothing, not with a debt

    @rule(which=st.integers(0, 2), pick=st.integers(0, 99))
    def die_in_the_middle(self, which: int, pick: int) -> None:
        """A process that dies before its move is written has moved nothing."""
        if which < len(self.known):
            before = self.dossier(self.known[which])
            acts = sorted(set(acts_of(before.case)) - BY_MACHINE)
            if acts:
                self.store_here.dies_in = 0
                with pytest.raises((Died, MoveRefused)):
                    self.move(before.case, acts[pick % len(acts)], before.case.version)
                self.store_here.dies_in = None
                assert self.dossier(before.case.id) == before

    @rule(which=st.integers(0, 2), dies=st.booleans())
    def supervise(self, which: int, dies: bool) -> None:
        """A supervision order is given, or lifted where one stands."""
        if which < len(self.known):
            before = self.dossier(self.known[which])
            case, late = before.case, self.is_late(before.case)
            self.store_here.dies_in = 0 if dies else None
            with suppress(Died, MoveRefused):
                if case.standing_supervisions:
                    self.above.lift(case.id, case.supervisions[-1].number, version=case.version, by="li", reason="so")
                else:
                    kind = SupervisionKind.LEADER
                    self.above.order(case.id, version=case.version, by="li", kind=kind, requirement="at once")
            self.store_here.dies_in = None
            assert not dies or self.dossier(case.id) == before
            if self.dossier(case.id) != before:
                self.left[case.id].overdue |= late

    @rule(answer=st.sampled_from(["good", "good", "lost", "down", "refuses", "we die"]), idle=st.booleans())
    def deliver(self, answer: str, idle: bool) -> None:
        """One delivery; `idle` is a sender that dies between taking and sending it."""
        self.books.answer = answer
        with suppress(Died):
            errand = self.sender.take()
            if errand and not idle:
                errand()

    @rule(which=st.integers(0, 2), kind=st.sampled_from(ReplyKind), dies_in=st.sampled_from([None, None, 0, 1, 2]))
    def hear(self, which: int, kind: ReplyKind, dies_in: int | None) -> None:
        """The department says something; where we die over it, it says so again, and in any case once more."""
        if which >= len(self.known):
            return
        before = self.dossier(self.known[which])
        case = before.case
        late = self.left.get(case.id, Left()).overdue or self.is_late(case)
        reply = self.reply(case, kind)
        self.store_here.dies_in = dies_in
        try:
            with suppress(Died):
                self.replies.take(reply)
            self.store_here.dies_in = None
            moved = self.replies.take(reply).case
        except (MoveRefused, CaseNotFound):  # a candidate is no department's yet
            self.store_here.dies_in = None
            assert self.dossier(case.id) == before
            return
        assert moved.state is LEADS_TO[kind]
        again = self.replies.take(reply)
        assert (again.repeated, again.case) == (True, moved)
        acts = [entry.act for entry in self.dossier(case.id).history[len(before.history) :]]
        assert len(acts) == len(set(acts))
        if moved != case:
            self.model(case, moved, Act.RETURN if kind is ReplyKind.RETURNED else Act.ACCEPT, late=late)

    def reply(self, case: Case, kind: ReplyKind) -> Reply:
        self.told += 1
        proofs = (a_proof(),) if kind is ReplyKind.HANDLED else ()
        name = f"m-{self.told}"
        return Reply(
            id=name,
            department=case.department or "police",
            case_id=case.id,
            kind=kind,
            by="wang",
            reason="so",
            content=name.encode(),
            proofs=proofs,
        )

    def is_late(self, case: Case) -> bool:
        return case.state in RUNNING and self.left.get(case.id, Left()).seconds < 0

    @rule(minutes=st.sampled_from([1, 14, 29, 61, 119, 121, 1500]))
    def wait(self, minutes: int) -> None:
        self.pass_time(minutes)

    @rule(minutes=st.sampled_from([-120, -1 / 60, 1 / 60, 400 * 24 * 60]))
    def jump(self, minutes: float) -> None:
        """Somebody sets the clock."""
        self.pass_time(minutes)

    def pass_time(self, minutes: float) -> None:
        self.clock.forward(minutes=minutes)
        for case_id, left in self.left.items():
            if self.dossier(case_id).case.state in RUNNING:
                left.seconds -= minutes * 60

    @rule()
    def tick(self) -> None:
        while self.timekeeper.tick():
            pass
        for case_id, left in self.left.items():
            case = self.dossier(case_id).case
            left.overdue |= case.state in RUNNING and left.seconds < 0
            assert (case.overdue_at is not None) == left.overdue
            assert not (case.state is S.SUSPENDED and case.suspended_until and case.suspended_until <= self.clock.now)

    @invariant()
    def the_deadline_is_what_is_left(self) -> None:
        for case_id, left in self.left.items():
            case = self.dossier(case_id).case
            if case.state in RUNNING:
                assert case.deadline_at is not None
                wrong = (case.deadline_at - self.clock.now).total_seconds() - left.seconds
                assert abs(wrong) < 0.01
            else:
                left.most = left.seconds
            if case.state in RESTING:
                assert case.deadline_at is None
            assert case.overdue_at is None or left.overdue

    @invariant()
    def history_leads_to_the_state_and_nothing_is_told_twice(self) -> None:
        for case_id in self.known:
            dossier = self.dossier(case_id)
            assert dossier.history[-1].after is dossier.case.state
            assert all(one.after is following.before for one, following in pairwise(dossier.history))
            acts = Counter(entry.act for entry in dossier.history)
            assert acts[Act.OVERDUE] == (dossier.case.overdue_at is not None)
            assert acts[Act.SUSPEND] <= 1
            assert acts[Act.EXTEND] <= 2
            assert acts[Act.APPEAL] <= 1
            assert len({notice.id for notice in dossier.notices}) == len(dossier.notices)
            if dossier.case.state is S.CLOSED:
                assert dossier.case.proofs

    @invariant()
    def what_was_sent_is_in_the_books_and_nothing_vanishes(self) -> None:
        for case_id in self.known:
            dossier = self.dossier(case_id)
            arrived = [each for each in dossier.filings if each.state in (FilingState.SENT, FilingState.ACKNOWLEDGED)]
            by_us = [each for each in arrived if each.sent_at is not None]
            assert all(self.books.cases[each.id] == case_id for each in by_us)
            acts = Counter(entry.act for entry in dossier.history)
            assert acts[Act.DISPATCH] <= sum(each.matter is Matter.CASE for each in by_us)
            told = Counter(each.matter for each in dossier.filings)
            assert told[Matter.SUPERVISION_LIFTED] == acts[Act.SUPERVISION_LIFTED]
            assert 0 <= told[Matter.SUPERVISE] - acts[Act.SUPERVISE] <= acts[Act.REASSIGN]  # who has it next is told
            assert len(dossier.filings) == len({each.id for each in dossier.filings})
            assert bool(dossier.filings) == (acts[Act.FILE] > 0)
            assert acts[Act.FILE] <= 1


def many(share: int) -> settings:
    return settings(
        max_examples=max(SEQUENCES // share, 1),
        stateful_step_count=50,
        deadline=None,
        phases=[phase for phase in Phase if phase is not Phase.shrink] if SEQUENCES < 100 else list(Phase),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )


def test_any_life_in_memory() -> None:
    run_state_machine_as_test(Life, settings=many(1))


def test_any_life_on_sqlite(sqlite_files: Databases) -> None:
    run_state_machine_as_test(life_on(sqlite_files), settings=many(12 if SEQUENCES < 100 else 1))


def test_any_life_on_postgresql(postgres_databases: Databases) -> None:
    run_state_machine_as_test(life_on(postgres_databases), settings=many(12 if SEQUENCES < 100 else 1))


def life_on(databases: Databases) -> type[Life]:
    class LifeInSql(Life):
        @contextmanager
        def open_store(self) -> Generator[Store]:
            with databases.upgraded() as url, SqlStore(url) as store:
                yield store

    return LifeInSql
