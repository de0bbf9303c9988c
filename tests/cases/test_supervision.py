"""Supervision orders (督办): who can be supervised, what is told, and what becomes of an order."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from cases.case import Case
from cases.city import CityOrder
from cases.desk import Desk
from cases.errors import CaseNotFound, MoveRefused, StaleVersion
from cases.escalation import Audience
from cases.history import MACHINE
from cases.intake import Intake
from cases.limit import Limit
from cases.states import Act
from cases.supervising import SupervisionDesk
from cases.supervision import SupervisionKind, SupervisionLevel, SupervisionPolicy, SupervisionState
from cases.timekeeper import Timekeeper
from tests.case_builders import NOON, CountedIds, HandClock, a_city, a_finding, a_proof
from tests.case_fakes import MemoryStore

CASE = "id-1"
IMPORTANT, LEADER, TIMEOUT = SupervisionKind.IMPORTANT, SupervisionKind.LEADER, SupervisionKind.TIMEOUT
SOON = NOON + timedelta(minutes=30)
LATE = [(100, Audience.ACCEPTOR, ""), (100, Audience.DEPARTMENT, "police"), (100, Audience.LEADERS, "")]


class Street:
    """One case of illegal parking that the police have accepted: the limit is two hours that never stop."""

    def __init__(self, city: CityOrder | None = None, *, accepted: bool = True) -> None:
        city, ids = city or a_city(), CountedIds()
        self.store, self.clock = MemoryStore(), HandClock()
        Intake(self.store, city, clock=self.clock, new_id=ids).take(a_finding())
        self.desk = Desk(self.store, city, clock=self.clock, new_id=ids)
        self.above = SupervisionDesk(self.store, city, clock=self.clock)
        self.timekeeper = Timekeeper(self.store, city, clock=self.clock)
        if accepted:
            self.desk.confirm(CASE, version=1, by="li")
            self.desk.accept(CASE, version=2, by="police")

    @property
    def case(self) -> Case:
        return self.store.book.cases[CASE]

    def order(
        self, kind: SupervisionKind = IMPORTANT, *, reply_by: datetime | None = None, requirement: str = "at once"
    ) -> None:
        version = self.case.version
        self.above.order(CASE, version=version, by="chief", kind=kind, requirement=requirement, reply_by=reply_by)

    def reply(self, text: str = "on our way", number: int = 1) -> None:
        self.above.reply(CASE, number, version=self.case.version, by="police", reply=text)

    def lift(self, reason: str = "seen to", number: int = 1) -> None:
        self.above.lift(CASE, number, version=self.case.version, by="chief", reason=reason)

    def wait(self, **by: float) -> None:
        self.clock.forward(**by)
        while self.timekeeper.tick():
            pass

    def told(self, about: str) -> list[tuple[int, Audience, str]]:
        found = [one for one in self.store.book.notices.values() if one.about == about]
        return sorted((one.step, one.audience, one.name) for one in found)

    def acts(self) -> list[Act]:
        return [entry.act for entry in self.store.book.dossier(CASE).history]

    def said(self, act: Act) -> list[tuple[str, str, str]]:
        history = self.store.book.dossier(CASE).history
        return [(entry.actor, entry.reason, entry.choice) for entry in history if entry.act is act]


@pytest.fixture
def street() -> Street:
    return Street()


def test_an_order_is_in_the_history_and_the_department_is_told(street: Street) -> None:
    state = street.case.state
    street.order()
    [order] = street.case.standing_supervisions
    assert (order.number, order.kind, order.level, order.ordered_at) == (1, IMPORTANT, SupervisionLevel.ORDINARY, NOON)
    assert (order.requirement, order.ordered_by) == ("at once", "chief")
    assert street.said(Act.SUPERVISE) == [("chief", "at once", "important")]
    assert street.told("supervise") == [(0, Audience.DEPARTMENT, "police")]
    assert street.case.state is state


def test_a_reply_and_its_lifting(street: Street) -> None:
    street.order(LEADER)
    street.reply()
    assert street.told("supervision_answered") == [(0, Audience.ACCEPTOR, ""), (0, Audience.LEADERS, "")]
    assert street.case.supervisions[0].state is SupervisionState.ANSWERED
    with pytest.raises(MoveRefused, match="answered already"):
        street.reply("once more")
    street.lift()
    [order] = street.case.supervisions
    assert (order.state, order.reply, order.replied_by) == (SupervisionState.LIFTED, "on our way", "police")
    assert (order.lifted_by, order.lifted_because) == ("chief", "seen to")
    assert street.case.standing_supervisions == ()
    assert street.said(Act.SUPERVISION_ANSWERED) == [("police", "on our way", "leader")]
    assert street.said(Act.SUPERVISION_LIFTED) == [("chief", "seen to", "leader")]
    assert street.told("supervision_lifted") == [(0, Audience.DEPARTMENT, "police")]


def test_of_each_kind_one_order_stands_at_a_time(street: Street) -> None:
    street.order()
    with pytest.raises(MoveRefused, match="under important supervision already; lift that order first"):
        street.order()
    street.order(LEADER)
    street.lift()
    street.order()
    assert [(one.number, one.kind) for one in street.case.standing_supervisions] == [(2, LEADER), (3, IMPORTANT)]


def test_what_cannot_be_supervised() -> None:
    candidate = Street(accepted=False)
    with pytest.raises(MoveRefused, match="has no department yet; file it first"):
        candidate.order()
    candidate.desk.reject(CASE, version=1, by="li", reason="a bay")
    with pytest.raises(MoveRefused, match="is rejected, so nobody can be supervised"):
        candidate.order()


@pytest.mark.parametrize("reply_by", [NOON, NOON - timedelta(hours=1), NOON + timedelta(days=367)])
def test_a_reply_is_due_within_the_next_year(street: Street, reply_by: datetime) -> None:
    with pytest.raises(MoveRefused, match="within the next year"):
        street.order(reply_by=reply_by)


def test_words_are_needed(street: Street) -> None:
    with pytest.raises(MoveRefused, match="say what is to be done"):
        street.order(requirement="  ")
    street.order()
    with pytest.raises(MoveRefused, match="say what is being done"):
        street.reply(" ")
    with pytest.raises(MoveRefused, match="say why"):
        street.lift(" ")


def test_who_saw_an_older_version_or_means_another_order_is_refused_and_nothing_happens(street: Street) -> None:
    street.order()
    before = street.store.book
    with pytest.raises(StaleVersion):
        street.above.lift(CASE, 1, version=street.case.version - 1, by="chief", reason="done")
    with pytest.raises(CaseNotFound, match="no supervision order 2"):
        street.lift(number=2)
    assert street.store.book == before
    street.lift()
    with pytest.raises(MoveRefused, match="lifted before"):
        street.lift()


def test_a_late_reply_is_told_once(street: Street) -> None:
    street.order(reply_by=SOON)
    street.wait(minutes=30)
    assert street.told("supervision") == []
    assert not street.case.supervisions[0].is_late(street.clock.now)
    street.wait(seconds=1)
    assert street.told("supervision") == LATE
    assert street.case.supervisions[0].is_late(street.clock.now)
    street.wait(days=2)
    street.reply("sorry")
    assert street.told("supervision") == LATE
    assert max(Counter(one.id for one in street.store.book.notices.values()).values()) == 1


def test_who_replies_before_the_next_round_of_the_timekeeper_is_late_all_the_same(street: Street) -> None:
    street.order(reply_by=SOON)
    street.clock.forward(minutes=31)
    street.reply()
    assert street.told("supervision") == LATE


@pytest.mark.parametrize("end", ["reply", "lift"])
def test_nobody_is_told_of_what_came_in_time(street: Street, end: str) -> None:
    street.order(reply_by=SOON)
    getattr(street, end)()
    street.wait(hours=1)
    assert street.told("supervision") == []


def test_the_clock_of_a_reply_runs_while_the_case_rests(street: Street) -> None:
    street.order(reply_by=SOON)
    until = NOON + timedelta(days=3)
    street.desk.suspend(CASE, version=street.case.version, by="wang", until=until, reason="frozen ground")
    street.wait(hours=1)
    assert street.told("supervision") == LATE


def test_the_end_of_a_case_lifts_what_still_stands(street: Street) -> None:
    street.order(reply_by=SOON)
    street.order(LEADER)
    street.desk.handle(CASE, version=street.case.version, by="police", proofs=(a_proof(),))
    street.desk.close(CASE, version=street.case.version, by="li")
    assert street.case.standing_supervisions == ()
    ended = "the case is closed"
    assert street.said(Act.SUPERVISION_LIFTED) == [(MACHINE, ended, "important"), (MACHINE, ended, "leader")]
    street.wait(hours=1)
    assert street.told("supervision") == street.told("supervision_lifted") == []
    street.desk.reopen(CASE, version=street.case.version, by="li", reason="it is back")
    street.order()
    assert [one.number for one in street.case.standing_supervisions] == [3]


AUTOMATIC = SupervisionPolicy(
    automatic=True, level=SupervisionLevel.KEY, requirement="立即处置", reply_within=Limit(amount=4)
)
STRICT = replace(a_city(), supervision=AUTOMATIC)


def test_half_as_long_again_as_the_limit_brings_an_order_by_itself_where_the_city_wants_that() -> None:
    street = Street(STRICT)
    street.wait(hours=2, minutes=59)
    assert street.case.supervisions == ()
    street.wait(minutes=2)
    [order] = street.case.standing_supervisions
    assert (order.kind, order.level, order.requirement) == (TIMEOUT, SupervisionLevel.KEY, "立即处置")
    assert (order.ordered_by, order.reply_by) == (MACHINE, street.clock.now + timedelta(hours=4))
    assert street.acts()[-2:] == [Act.OVERDUE, Act.SUPERVISE]
    street.wait(hours=4, seconds=1)
    assert street.told("supervision") == LATE
    assert len(street.case.supervisions) == 1


def test_nothing_is_ordered_by_itself_where_no_city_says_so_or_an_order_for_being_late_stands() -> None:
    plain, warned = Street(), Street(STRICT)
    warned.order(TIMEOUT)
    for street in (plain, warned):
        street.wait(hours=5)
    assert plain.case.supervisions == ()
    assert [one.ordered_by for one in warned.case.supervisions] == ["chief"]


def test_who_handles_between_two_rounds_is_overdue_and_supervised_all_the_same() -> None:
    street = Street(STRICT)
    street.clock.forward(hours=4)
    street.desk.handle(CASE, version=street.case.version, by="police", proofs=(a_proof(),))
    assert street.acts()[-3:] == [Act.OVERDUE, Act.SUPERVISE, Act.HANDLE]
    assert [one.kind for one in street.case.standing_supervisions] == [TIMEOUT]
