"""Joint cases: a lead, co-departments with sub-tasks, and nothing handled before all have reported."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cases.errors import CaseNotFound, MoveRefused, StaleVersion
from cases.escalation import Audience
from cases.guards import acts_of
from cases.intake import Intake
from cases.moving import move
from cases.reach import Reach, without_words
from cases.reorganisation import Reorganisation, Transfer, hand_over
from cases.states import Act, CaseState
from cases.subtask import Subtask, SubtaskState
from cases.timers import TimerKind
from tests.case_builders import NOON, CountedIds, HandClock, a_case, a_finding, a_proof
from tests.case_fakes import MemoryStore
from tests.joint_city import CASE, Street, a_joint_city


@pytest.fixture
def joint() -> Street:
    street = Street("cleaning", "street", "police")
    street.do("confirm")
    street.do("accept", by="police")
    return street


def test_the_duty_list_makes_a_case_joint_when_it_is_filed(joint: Street) -> None:
    assert joint.case.department == "police"
    assert joint.case.co_departments == ("cleaning", "street")
    assert joint.of("cleaning").due_at == NOON + timedelta(hours=2)
    assert joint.acts == [(Act.TASK_GIVEN, "cleaning", ""), (Act.TASK_GIVEN, "street", "")]
    assert joint.told("task_given") == [(Audience.DEPARTMENT, "cleaning", 0), (Audience.DEPARTMENT, "street", 0)]
    assert len(joint.memory.book.filings) == 1


def test_what_is_filed_without_a_verdict_is_joint_as_well() -> None:
    store, city = MemoryStore(), a_joint_city("cleaning", auto_file=True)
    taken = Intake(store, city, clock=HandClock(), new_id=CountedIds()).take(a_finding())
    assert taken.case is not None
    assert taken.case.unreported == ("cleaning",)


def test_nothing_is_handled_before_all_have_reported(joint: Street) -> None:
    assert Act.HANDLE not in acts_of(joint.case)
    with pytest.raises(MoveRefused, match="cleaning and street have not reported a sub-task as done"):
        joint.do("handle", by="police", proofs=(a_proof(),))
    joint.part("done", "cleaning", by="wang", note="swept", proofs=(a_proof(),))
    with pytest.raises(MoveRefused, match="street has not reported"):
        joint.do("handle", by="police", proofs=(a_proof(),))
    assert joint.told("task_done") == []
    joint.part("done", "street")
    assert joint.told("task_done") == [(Audience.DEPARTMENT, "police", 0)]
    joint.do("handle", by="police", proofs=(a_proof(),))
    joint.do("close")
    done = joint.of("cleaning")
    assert (done.state, done.answered_by, done.note, done.proofs) == ("done", "wang", "swept", (a_proof(),))
    assert joint.case.state is CaseState.CLOSED
    entry = next(one for one in joint.memory.book.dossier(CASE).history if one.act is Act.TASK_DONE)
    assert (entry.proofs, entry.actor, entry.before, entry.after) == ((a_proof(),), "wang", "accepted", "accepted")


def test_closing_asks_as_well() -> None:
    part = Subtask(department="street", task="", given_by="li", given_at=NOON)
    handled = replace(a_case(CaseState.HANDLED, (a_proof(),)), subtasks=(part,))
    with pytest.raises(MoveRefused, match="street has not reported"):
        move(handled, Act.CLOSE, by="li", at=NOON)


def test_who_returns_a_part_cannot_be_skipped(joint: Street) -> None:
    joint.part("done", "street")
    with pytest.raises(MoveRefused, match="say why"):
        joint.part("send_back", "cleaning", reason=" ")
    joint.part("send_back", "cleaning", reason="no rubbish there")
    assert joint.told("task_returned") == [(Audience.DISPATCHER, "", 0)]
    assert joint.case.unreported == ("cleaning",)
    with pytest.raises(MoveRefused, match="cleaning is returned"):
        joint.part("done", "cleaning")
    joint.part("give", "cleaning", task="")
    assert (joint.of("cleaning").turn, joint.of("cleaning").state) == (2, SubtaskState.OPEN)
    joint.part("send_back", "cleaning", reason="still none")
    joint.part("withdraw", "cleaning", reason="they are right")
    assert joint.case.co_departments == ("street",)
    joint.do("handle", by="police", proofs=(a_proof(),))
    assert [(act, reason) for act, who, reason in joint.acts if who == "cleaning"] == [
        (Act.TASK_GIVEN, ""),
        (Act.TASK_RETURNED, "no rubbish there"),
        (Act.TASK_GIVEN, ""),
        (Act.TASK_RETURNED, "still none"),
        (Act.TASK_WITHDRAWN, "they are right"),
    ]


def test_a_dispatcher_makes_a_case_joint_later() -> None:
    street = Street()
    with pytest.raises(MoveRefused, match="is candidate"):
        street.part("give", "street", task="keep people away")
    street.do("confirm")
    with pytest.raises(MoveRefused, match="say what street is to do"):
        street.part("give", "street", task="")
    with pytest.raises(MoveRefused, match="no department is called moon; choose one of: police, cleaning, street"):
        street.part("give", "moon", task="shine")
    with pytest.raises(MoveRefused, match="police leads case"):
        street.part("give", "police", task="help yourself")
    street.part("give", "street", task="keep people away", hours=0.5)
    assert street.of("street").due_at == NOON + timedelta(minutes=30)
    with pytest.raises(MoveRefused, match="has an open sub-task already"):
        street.part("give", "street", task="more")
    with pytest.raises(CaseNotFound, match="cleaning has no sub-task"):
        street.part("done", "cleaning")
    with pytest.raises(StaleVersion):
        street.joint.done(CASE, "street", version=street.case.version - 1, by="wang")
    assert street.case.co_departments == ("street",)


def test_what_is_handled_is_sent_back_first_and_rework_reopens_no_part(joint: Street) -> None:
    for department in ("cleaning", "street"):
        joint.part("done", department)
    joint.do("handle", by="police", proofs=(a_proof(),))
    with pytest.raises(MoveRefused, match="is handled, so nobody can be asked"):
        joint.part("give", "street", task="again")
    joint.do("rework", reason="not clean")
    assert joint.case.unreported == ()
    joint.part("give", "cleaning", task="sweep again")
    assert joint.case.unreported == ("cleaning",)
    assert joint.of("cleaning").task == "sweep again"
    assert joint.of("street").state is SubtaskState.DONE


def test_the_clock_of_a_part_tells_its_department_once_and_rests_with_the_case(joint: Street) -> None:
    joint.part("done", "street")
    joint.wait(minutes=61)
    assert joint.told("subtask") == [(Audience.DEPARTMENT, "cleaning", 50)]
    joint.do("suspend", until=joint.clock.now + timedelta(hours=10), reason="road works")
    assert joint.of("cleaning").due_at is None
    joint.wait(hours=11)
    assert joint.case.state is CaseState.ACCEPTED
    due_at = joint.of("cleaning").due_at
    assert due_at is not None
    assert due_at - joint.clock.now == timedelta(minutes=59)
    joint.wait(minutes=60)
    assert sorted(joint.told("subtask")) == [
        (Audience.DEPARTMENT, "cleaning", 50),
        (Audience.DEPARTMENT, "cleaning", 100),
        (Audience.DISPATCHER, "", 100),
    ]
    joint.part("done", "cleaning")
    joint.wait(hours=50)
    assert len(joint.told("subtask")) == 3


def test_a_case_that_ends_expects_nothing_of_anybody() -> None:
    street = Street("cleaning")
    street.do("confirm")
    street.do("void", reason="it was a film set")
    gone = street.of("cleaning")
    assert (gone.state, gone.note, gone.answered_by) == (SubtaskState.WITHDRAWN, "the case is void", "jiexun")
    street.wait(hours=9)
    assert street.told("subtask") == []


def test_who_becomes_the_lead_has_no_part_besides(joint: Street) -> None:
    joint.do("send_back", by="police", reason="not ours")
    assert joint.of("street").due_at is not None
    joint.do("reassign", department="street", reason="the street's")
    assert joint.of("street").state is SubtaskState.WITHDRAWN
    assert joint.case.unreported == ("cleaning",)


def test_a_co_department_sees_the_case_until_its_part_is_withdrawn(joint: Street) -> None:
    cleaning = Reach(departments=frozenset({"cleaning"}))
    assert cleaning.covers(joint.case)
    assert not Reach(departments=frozenset({"moon"})).covers(joint.case)
    joint.part("withdraw", "cleaning", reason="not needed")
    assert not cleaning.covers(joint.case)


def test_the_public_reads_which_departments_help_and_no_words(joint: Street) -> None:
    joint.part("done", "cleaning", by="wang", note="swept by Wang", proofs=(a_proof(),))
    shown = without_words(joint.case).subtasks[0]
    assert (shown.department, shown.state) == ("cleaning", SubtaskState.DONE)
    assert (shown.note, shown.proofs, shown.answered_by, shown.given_by, shown.task) == ("", (), None, "", "")


def test_merged_departments_hand_their_parts_over(joint: Street) -> None:
    joint.wait(minutes=30)
    transfers = (Transfer(sources=frozenset({"cleaning"}), heir="street"),)
    plan = Reorganisation(name="Reform", valid_from=NOON, transfers=transfers)

    def apply(plan: Reorganisation) -> object:
        return hand_over(joint.store, joint.city, plan, CASE, by="li", clock=joint.clock, new_id=joint.ids)

    assert apply(plan) is not None
    assert joint.case.department == "police"
    assert joint.of("cleaning").state is SubtaskState.WITHDRAWN
    assert joint.case.unreported == ("street",)
    assert apply(plan) is None


def test_a_part_moves_to_its_heir_with_what_is_left_of_its_time() -> None:
    street = Street("cleaning")
    street.do("confirm")
    street.wait(minutes=61)
    plan = Reorganisation(
        name="Reform", valid_from=NOON, transfers=(Transfer(sources=frozenset({"cleaning"}), heir="street"),)
    )
    hand_over(street.store, street.city, plan, CASE, by="li", clock=street.clock, new_id=street.ids)
    assert street.of("street").due_at == NOON + timedelta(hours=2)
    assert street.case.co_departments == ("street",)
    timer = street.memory.book.timers[CASE, TimerKind.SUBTASK.value, "street"]
    assert (timer.told, timer.due_at) == (50, NOON + timedelta(hours=2))
    assert street.acts[-2:] == [
        (Act.TASK_WITHDRAWN, "cleaning", "Reform: cleaning → street"),
        (Act.TASK_GIVEN, "street", "Reform: cleaning → street"),
    ]
