"""The whole life of cases under any order of moves, waits and rounds of the timekeeper, against a plain model of time.

The model knows three things of a case: the seconds it has left, whether they run, and whether they ever ran out.
`JIEXUN_TEST_SEQUENCES` says how many sequences of 50 steps are tried on each store.
"""

import os
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from api.store.store import SqlStore
from api.store.upgrade import upgrade
from cases.case import Case
from cases.desk import Desk
from cases.dossier import Dossier
from cases.errors import MoveRefused, StaleVersion
from cases.guards import acts_of
from cases.intake import Intake
from cases.ports import Store
from cases.states import MOVES, Act, CaseState
from cases.timekeeper import Timekeeper
from tests.case_builders import CountedIds, HandClock, a_city, a_finding, a_proof
from tests.case_fakes import MemoryStore

SEQUENCES = int(os.environ.get("JIEXUN_TEST_SEQUENCES", "24"))
LIMIT = 2 * 3600.0  # seconds; illegal parking
S = CaseState
RUNNING = {S.FILED, S.DISPATCHED, S.ACCEPTED, S.REWORK}
RESTING = {S.RETURNED, S.SUSPENDED}
BY_MACHINE = {Act.DISPATCH, Act.OVERDUE}


@dataclass
class Left:
    """The plain model of one case."""

    seconds: float = LIMIT
    overdue: bool = False


class Life(RuleBasedStateMachine):
    """Drives the real desk and timekeeper."""

    def __init__(self) -> None:
        super().__init__()
        self.clock, new_id = HandClock(), CountedIds()
        self.scope = self.open_store()
        self.store_here = self.scope.__enter__()
        self.intake = Intake(self.store_here, a_city(), clock=self.clock, new_id=new_id)
        self.desk = Desk(self.store_here, a_city(), clock=self.clock, new_id=new_id)
        self.timekeeper = Timekeeper(self.store_here, a_city(), clock=self.clock)
        self.left: dict[str, Left] = {}
        self.known: list[str] = []

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
        late = left.overdue or (case.state in RUNNING and left.seconds < 0)
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
            left.seconds = LIMIT
        if act is Act.EXTEND:
            left.seconds += LIMIT
        if moved.state not in RUNNING:
            left.seconds = max(left.seconds, 0.0)  # who was late goes on with nothing, not with a debt

    @rule(minutes=st.sampled_from([1, 14, 29, 61, 119, 121, 1500]))
    def wait(self, minutes: int) -> None:
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


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("life") / "empty.db"
    upgrade(f"sqlite:///{path}")
    return path


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


def test_any_life_on_sqlite(tables: Path) -> None:
    class LifeOnSqlite(Life):
        @contextmanager
        def open_store(self) -> Generator[Store]:
            with TemporaryDirectory() as folder:
                copyfile(tables, Path(folder) / "jiexun.db")
                with SqlStore(f"sqlite:///{folder}/jiexun.db") as store:
                    yield store

    run_state_machine_as_test(LifeOnSqlite, settings=many(12 if SEQUENCES < 100 else 1))
