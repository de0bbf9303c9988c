"""Timers through the life of a case: what pauses, what runs on, what starts anew, and who is told once."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

import pytest

from cases.city import CityOrder
from cases.desk import Desk
from cases.errors import MoveRefused
from cases.escalation import LADDER, Audience
from cases.intake import Intake
from cases.limit import Limit
from cases.standing import Appeal, ReturnCause
from cases.states import Act, CaseState
from cases.timekeeper import Timekeeper
from cases.timers import Timer, TimerKind
from cases.timing import STAGE_LIMITS
from inference.findings import ViolationKind
from tests.case_builders import NOON, CountedIds, HandClock, a_city, a_finding, a_proof
from tests.case_fakes import MemoryStore

CASE = "id-1"


class Street:
    """One case of illegal parking: the limit is two hours that never stop."""

    def __init__(self, city: CityOrder | None = None) -> None:
        self.store, self.clock, ids = MemoryStore(), HandClock(), CountedIds()
        city = city or a_city()
        Intake(self.store, city, clock=self.clock, new_id=ids).take(a_finding())
        self.desk = Desk(self.store, city, clock=self.clock, new_id=ids)
        self.timekeeper = Timekeeper(self.store, city, clock=self.clock)

    @property
    def case(self):
        return self.store.book.cases[CASE]

    def do(self, name: str, *, by: str = "li", **more: object) -> None:
        getattr(self.desk, name)(CASE, version=self.case.version, by=by, **more)

    def wait(self, **by: float) -> None:
        self.clock.forward(**by)
        while self.timekeeper.tick():
            pass

    def timer(self, kind: TimerKind = TimerKind.DISPOSAL) -> Timer:
        return self.store.book.timers[CASE, kind.value, ""]

    def told(self, kind: TimerKind = TimerKind.DISPOSAL) -> dict[int, set[Audience]]:
        about = [notice for notice in self.store.book.notices.values() if notice.about == kind]
        steps = {notice.step for notice in about}
        return {step: {notice.audience for notice in about if notice.step == step} for step in steps}


@pytest.fixture
def street() -> Street:
    return Street()


@pytest.fixture
def accepted(street: Street) -> Street:
    street.do("confirm")
    street.do("accept", by="police")
    return street


def due(street: Street) -> datetime | None:
    return street.case.deadline_at


def test_each_step_tells_the_right_people_once(accepted: Street) -> None:
    accepted.wait(minutes=59)
    assert accepted.told() == {}
    accepted.wait(minutes=1)
    assert accepted.told() == {50: {Audience.DEPARTMENT}}
    for _ in range(3):
        accepted.wait(minutes=20, seconds=1)
    all_of = {Audience.DEPARTMENT, Audience.DISPATCHER, Audience.STREET}
    assert accepted.told() == {50: {Audience.DEPARTMENT}, 100: all_of}
    assert accepted.case.overdue_at == NOON + timedelta(hours=2)
    accepted.wait(hours=10)
    assert accepted.told()[150] == {*all_of, Audience.LEADERS}
    assert max(Counter(notice.id for notice in accepted.store.book.notices.values()).values()) == 1
    assert [entry.act for entry in accepted.store.book.dossier(CASE).history].count(Act.OVERDUE) == 1


def test_a_city_has_stage_limits_and_a_ladder_of_its_own() -> None:
    stages = {**STAGE_LIMITS, TimerKind.ACCEPTANCE: Limit(amount=1)}
    ladder = {**LADDER, TimerKind.ACCEPTANCE: {50: (Audience.LEADERS,), 100: (), 150: ()}}
    street = Street(replace(a_city(), stages=stages, ladder=ladder))
    street.wait(minutes=29)
    assert street.told(TimerKind.ACCEPTANCE) == {}
    street.wait(minutes=1)
    assert street.told(TimerKind.ACCEPTANCE) == {50: {Audience.LEADERS}}
    street.wait(days=1)
    assert street.told(TimerKind.ACCEPTANCE) == {50: {Audience.LEADERS}}


def test_who_is_faster_than_the_timekeeper_is_late_all_the_same(accepted: Street) -> None:
    accepted.clock.forward(hours=2, seconds=1)
    accepted.do("handle", by="police", proofs=(a_proof(),))
    assert accepted.case.overdue_at == NOON + timedelta(hours=2)
    assert [entry.act for entry in accepted.store.book.dossier(CASE).history][-2:] == [Act.OVERDUE, Act.HANDLE]
    assert set(accepted.told()) == {50, 100}


def test_in_time_is_in_time_whatever_comes_later(accepted: Street) -> None:
    accepted.clock.forward(hours=2)
    accepted.do("handle", by="police", proofs=(a_proof(),))
    deadline = due(accepted)
    accepted.wait(days=3)
    assert accepted.case.overdue_at is None
    assert deadline == due(accepted) == NOON + timedelta(hours=2)


def test_a_return_pauses_and_the_same_department_goes_on(accepted: Street) -> None:
    accepted.wait(minutes=30)
    accepted.do("send_back", by="police", reason="not ours", cause=ReturnCause.NOT_OUR_UNIT)
    assert due(accepted) is None
    accepted.wait(days=1)
    accepted.do("reassign", department="police", reason="it is")
    assert due(accepted) == accepted.clock.now + timedelta(minutes=90)
    assert accepted.case.overdue_at is None
    assert accepted.store.book.dossier(CASE).history[-2].choice == "not_our_unit"


def test_another_department_starts_anew(accepted: Street) -> None:
    accepted.wait(minutes=90)
    accepted.do("send_back", by="police", reason="not ours")
    accepted.wait(hours=1)
    accepted.do("reassign", department="street", reason="theirs")
    assert due(accepted) == accepted.clock.now + timedelta(hours=2)
    assert accepted.timer().turn == 2
    accepted.wait(hours=1)
    assert len([notice for notice in accepted.store.book.notices.values() if notice.step == 50]) == 2


def test_rework_goes_on_and_reopening_starts_anew(accepted: Street) -> None:
    accepted.wait(minutes=30)
    accepted.do("handle", by="police", proofs=(a_proof(),))
    accepted.wait(hours=5)
    accepted.do("rework", reason="still there")
    assert due(accepted) == accepted.clock.now + timedelta(minutes=90)
    accepted.do("handle", by="police", proofs=(a_proof(),))
    accepted.do("close")
    accepted.wait(days=2)
    accepted.do("reopen", reason="it is back")
    assert (accepted.case.state, accepted.case.rework_count) == (CaseState.REWORK, 2)
    assert due(accepted) == accepted.clock.now + timedelta(hours=2)
    assert accepted.case.overdue_at is None


def test_two_extensions_of_the_first_limit_each(accepted: Street) -> None:
    for count in (1, 2):
        accepted.wait(minutes=30)
        accepted.do("ask_extension", by="police", reason="no crane")
        accepted.do("extend")
        assert due(accepted) == NOON + timedelta(hours=2 + 2 * count)
    with pytest.raises(MoveRefused, match="2 times"):
        accepted.do("ask_extension", by="police", reason="no crane")
    accepted.wait(hours=4, minutes=59)
    assert accepted.case.overdue_at is None
    accepted.wait(minutes=1, seconds=1)
    assert accepted.case.overdue_at == NOON + timedelta(hours=6)


def test_a_refused_extension_changes_nothing(accepted: Street) -> None:
    accepted.do("ask_extension", by="police", reason="no crane")
    accepted.do("refuse_extension", reason="there is one")
    assert due(accepted) == NOON + timedelta(hours=2)
    accepted.wait(hours=2, seconds=1)
    with pytest.raises(MoveRefused, match="only before that"):
        accepted.do("ask_extension", by="police", reason="no crane")


def test_time_that_is_up_cannot_be_extended_however_slow_the_timekeeper(accepted: Street) -> None:
    accepted.do("ask_extension", by="police", reason="no crane")
    accepted.clock.forward(hours=3)
    with pytest.raises(MoveRefused, match="refuse the extension"):
        accepted.do("extend")


def test_a_case_rests_and_wakes_by_itself(accepted: Street) -> None:
    accepted.wait(minutes=30)
    accepted.do("suspend", until=NOON + timedelta(days=10), reason="frost")
    accepted.wait(days=9)
    assert (accepted.case.state, due(accepted)) == (CaseState.SUSPENDED, None)
    accepted.wait(days=1)
    assert accepted.case.state is CaseState.ACCEPTED
    assert due(accepted) == accepted.clock.now + timedelta(minutes=90)
    with pytest.raises(MoveRefused, match="only once"):
        accepted.do("suspend", until=NOON + timedelta(days=20), reason="frost")
    accepted.wait(days=30)
    assert [entry.act for entry in accepted.store.book.dossier(CASE).history].count(Act.RESUME) == 1


def test_the_dispatcher_is_told_of_what_does_not_reach_a_department(street: Street) -> None:
    street.do("confirm")
    street.wait(minutes=16)
    assert street.told(TimerKind.DISPATCH) == {100: {Audience.DISPATCHER}}
    street.do("accept", by="police")
    street.wait(minutes=30)
    assert set(street.told(TimerKind.DISPATCH)) == {100}


def test_the_dispatcher_is_told_of_what_nobody_checks(accepted: Street) -> None:
    accepted.do("handle", by="police", proofs=(a_proof(),))
    accepted.wait(minutes=31)
    assert accepted.told(TimerKind.CHECK) == {100: {Audience.DISPATCHER}}


def test_the_second_review_is_somebody_elses(accepted: Street) -> None:
    accepted.wait(hours=3)
    accepted.do("handle", by="police", proofs=(a_proof(),))
    accepted.do("close")
    accepted.do("appeal", by="police", reason="flood")
    accepted.do("uphold", by="wang")
    with pytest.raises(MoveRefused, match="somebody else"):
        accepted.do("uphold", by="wang")
    accepted.do("uphold", by="li")
    assert (accepted.case.appeal, accepted.case.is_exempt) == (Appeal.GRANTED, True)
    assert accepted.case.overdue_at == NOON + timedelta(hours=2)


def test_a_timekeeper_that_starts_anew_repeats_nothing(accepted: Street) -> None:
    accepted.wait(hours=3)
    before = accepted.store.book
    again = Timekeeper(accepted.store, a_city(), clock=accepted.clock)
    assert again.tick() is None
    assert accepted.store.book == before


@pytest.mark.parametrize(
    "jumps",
    [(timedelta(hours=-2),) * 3, (timedelta(days=400),), (timedelta(seconds=1), timedelta(seconds=-1)) * 10],
    ids=["back", "far ahead", "to and fro"],
)
def test_a_clock_that_jumps_repeats_nothing(accepted: Street, jumps: tuple[timedelta, ...]) -> None:
    accepted.wait(minutes=60)
    told = dict(accepted.store.book.notices)
    for jump in jumps:
        accepted.clock.now += jump
        while accepted.timekeeper.tick():
            pass
    back_again = -sum(jumps, timedelta(0))
    accepted.clock.now += back_again
    accepted.wait(hours=5)
    # The store of the tests refuses a notice that is there already.
    assert {key: accepted.store.book.notices[key] for key in told} == told
    assert set(accepted.told()) == {50, 100, 150}
    history = accepted.store.book.dossier(CASE).history
    assert [entry.act for entry in history].count(Act.OVERDUE) == 1
    assert history[-1].act is Act.OVERDUE


def test_a_case_whose_timers_cannot_be_advanced_holds_up_no_other(caplog: pytest.LogCaptureFixture) -> None:
    street = Street()
    intake = Intake(street.store, a_city(), clock=street.clock, new_id=CountedIds(50))
    intake.take(a_finding("2", camera="cam-2", kind=ViolationKind.EXPOSED_GARBAGE))
    assert len(street.store.book.cases) == 2
    broken = street.timer(TimerKind.ACCEPTANCE)
    street.store.book.timers[broken.key] = replace(broken, told=cast("int", "half"), next_at=NOON)
    street.wait(hours=1)
    told = {notice.case_id for notice in street.store.book.notices.values()}
    assert CASE not in told
    assert told
    assert caplog.text.count("cannot be advanced") == 1
    street.store.book.timers[broken.key] = broken
    street.wait(minutes=10)
    assert CASE in {notice.case_id for notice in street.store.book.notices.values()}
