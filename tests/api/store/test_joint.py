"""Joint cases in a database: written whole, seen by those who help, and whatever happens never handled early."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.store.store import SqlStore
from cases.errors import CaseNotFound, MoveRefused
from cases.escalation import Audience
from cases.ports import Store
from cases.reach import Reach
from cases.reorganisation import Reorganisation, Transfer, hand_over
from cases.states import Act, CaseState
from cases.subtask import SubtaskState
from tests.case_builders import NOON, a_proof
from tests.case_fakes import MemoryStore
from tests.joint_city import CASE, Scene
from tests.rigs.databases import Databases

CLEANING = Reach(departments=frozenset({"cleaning"}))
DEPARTMENTS = ("police", "cleaning", "street")
STEPS = ("give", "done", "send_back", "withdraw")
MOVES = ("accept", "send_back", "reassign", "handle", "rework", "close", "suspend", "resume", "reopen", "void")


def test_sub_tasks_come_back_as_they_were_written(store: SqlStore) -> None:
    scene = Scene(store, "cleaning", "street")
    scene.do("confirm")
    scene.part("done", "cleaning", by="王", note="扫了", proofs=(a_proof(),))
    scene.part("send_back", "street", reason="not ours")
    scene.part("give", "street", task="hold the ladder", hours=1)
    [cleaning, street] = store.dossier(CASE).case.subtasks
    assert (cleaning.department, cleaning.state, cleaning.note) == ("cleaning", SubtaskState.DONE, "扫了")
    assert (cleaning.proofs, cleaning.answered_by, cleaning.answered_at, cleaning.due_at) == (
        (a_proof(),),
        "王",
        NOON,
        None,
    )
    assert (street.turn, street.task, street.due_at) == (2, "hold the ladder", NOON + timedelta(hours=1))
    assert store.cases().items[0] == store.dossier(CASE).case


def test_who_helps_sees_the_case_in_lists_and_tasks_and_nobody_else_does(store: SqlStore) -> None:
    scene = Scene(store, "cleaning")
    theirs = store.within(CLEANING)
    assert theirs.cases().total == 0
    scene.do("confirm")
    assert [case.id for case in theirs.helping("cleaning").items] == [CASE]
    assert theirs.cases().total == theirs.summary().cases == 1
    assert theirs.dossier(CASE).case.unreported == ("cleaning",)
    assert theirs.finding("stay-1") is not None
    assert store.within(Reach(departments=frozenset({"street"}))).cases().total == 0
    assert store.inbox("cleaning").total == 0  # it leads nothing
    scene.part("withdraw", "cleaning", reason="not needed")
    assert theirs.cases().total == store.helping("cleaning").total == 0
    with pytest.raises(CaseNotFound):
        theirs.dossier(CASE)


def test_a_joint_case_counts_once_whoever_helps(store: SqlStore) -> None:
    scene = Scene(store, "cleaning", "street")
    scene.do("confirm")
    both = store.within(Reach(departments=frozenset({"police", "cleaning", "street"})))
    assert both.summary().cases == both.cases().total == len(both.cases().items) == 1
    assert [store.cases(department=name).total for name in DEPARTMENTS] == [1, 0, 0]


def test_the_timekeeper_tells_a_co_department_once(store: SqlStore) -> None:
    scene = Scene(store, "cleaning")
    scene.do("confirm")
    for _ in range(3):
        scene.wait(minutes=70)
    told = [(one.step, one.audience) for one in store.dossier(CASE).notices if one.about == "subtask"]
    assert Counter(told).most_common(1)[0][1] == 1
    assert (50, Audience.DEPARTMENT) in told
    assert (100, Audience.DISPATCHER) in told


def test_a_reorganisation_finds_the_parts_that_are_still_owed(store: SqlStore) -> None:
    scene = Scene(store, "cleaning")
    scene.do("confirm")
    assert store.helping("cleaning", states=(SubtaskState.RETURNED,)).total == 0
    transfers = (Transfer(sources=frozenset({"cleaning", "police"}), heir="street"),)
    plan = Reorganisation(name="Reform", valid_from=NOON, transfers=transfers)
    moved = hand_over(store, scene.city, plan, CASE, by="li", clock=scene.clock, new_id=scene.ids)
    assert moved is not None
    assert (moved.department, moved.unreported) == ("street", ())
    assert store.helping("cleaning").total == 0


steps = st.lists(
    st.tuples(
        st.sampled_from((*STEPS, *MOVES, *MOVES, "wait")),
        st.sampled_from(DEPARTMENTS),
        st.booleans(),
    ),
    max_size=30,
)


def live(scene: Scene, what: str, department: str, *, words: bool) -> None:
    """Try one thing; what is refused changes nothing."""
    before = scene.case
    more: dict[str, Any] = {"reason": "because" if words else ""}
    if what == "wait":
        scene.wait(minutes=50 if words else 7)
        return
    if what in ("handle", "done"):
        more = {"note": "", "proofs": (a_proof(),)}
    elif what == "give":
        more = {"task": "help" if words else ""}
    elif what == "accept":
        more = {}
    elif what == "suspend":
        more = {"reason": "works", "until": scene.clock.now + timedelta(hours=5)}
    elif what == "reassign":
        more = {"reason": "theirs", "department": department}
    try:
        if what in STEPS and not (what == "send_back" and words):
            scene.part(what, department, **more)
        else:
            scene.do(what, **more)
    except (MoveRefused, CaseNotFound):
        assert scene.case == before


def check(scene: Scene) -> None:
    case = scene.case
    if case.state in (CaseState.HANDLED, CaseState.CLOSED, CaseState.VOID):
        assert case.unreported == ()
    assert case.department not in case.unreported
    with scene.store.transaction() as book:
        dossier = book.dossier(CASE)
    acts = Counter((entry.act, entry.choice) for entry in dossier.history)
    for part in case.subtasks:
        # Given exactly as often as it was counted, and answered at most once for each time.
        assert acts[Act.TASK_GIVEN, part.department] == part.turn
        assert acts[Act.TASK_DONE, part.department] <= part.turn
        assert (part.due_at is not None) == (part.state is SubtaskState.OPEN and case.state is not CaseState.SUSPENDED)
    given = sum(count for (act, _), count in acts.items() if act is Act.TASK_GIVEN)
    assert sum(one.about == "task_given" for one in dossier.notices) == given
    assert len({part.department for part in case.subtasks}) == len(case.subtasks)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=steps)
def test_no_joint_case_is_handled_or_closed_with_an_open_part(steps: list[tuple[str, str, bool]]) -> None:
    life(MemoryStore(), steps)


@settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(steps=steps)
def test_nor_is_it_in_a_database(databases: Databases, steps: list[tuple[str, str, bool]]) -> None:
    with databases.upgraded() as url, SqlStore(url) as store:
        life(store, steps)


def life(store: Store, steps: list[tuple[str, str, bool]]) -> None:
    scene = Scene(store, "cleaning", "street")
    scene.do("confirm")
    scene.do("accept")
    for what, department, words in steps:
        live(scene, what, department, words=words)
        check(scene)
