"""Direct orders with receipts, consultations, and those who watch a case."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cases.commanding import CommandDesk
from cases.errors import CaseNotFound, MoveRefused, StaleVersion
from cases.escalation import Audience
from cases.limit import Limit
from cases.organisation import Organisation, Unit, UnitKind
from cases.reach import Reach, without_words
from cases.reorganisation import Reorganisation, Transfer, hand_over
from cases.states import Act
from cases.timers import TimerKind
from cases.timing import STAGE_LIMITS
from tests.case_builders import NOON, a_proof
from tests.joint_city import CASE, Street


class Headquarters(Street):
    """A street with a filed case, a team below the police, and somebody who commands."""

    def __init__(self) -> None:
        super().__init__()
        units = (
            Unit(id="police", kind=UnitKind.DEPARTMENT, name="Police"),
            Unit(id="squad-1", kind=UnitKind.TEAM, name="Squad 1", parent="police"),
            Unit(id="stray", kind=UnitKind.RESIDENT_UNIT, name="A school"),
        )
        self.city = replace(self.city, organisation=Organisation(units))
        self.command = CommandDesk(self.store, self.city, clock=self.clock, new_id=self.ids)
        self.do("confirm")

    def order(self, unit: str = "squad-1", text: str = "clear the lane", minutes: int | None = None) -> str:
        case = self.command.order(
            CASE, unit, version=self.case.version, by="Chen", issuer="p-1", text=text, minutes=minutes
        )
        return case.orders[-1].id

    def answer(self, name: str, id: str, **more: str) -> None:
        getattr(self.command, name)(CASE, id, version=self.case.version, by="Wang", **more)

    @property
    def lines(self) -> list[tuple[Act, str, str, str]]:
        history = self.memory.book.dossier(CASE).history
        return [(one.act, one.actor, one.choice, one.reason) for one in history if one.act.startswith("order_")]


@pytest.fixture
def hq() -> Headquarters:
    return Headquarters()


def test_an_order_is_given_read_and_answered(hq: Headquarters) -> None:
    id = hq.order()
    [order] = hq.case.orders
    assert (order.unit, order.department, order.due_at) == ("squad-1", "police", NOON + timedelta(minutes=15))
    assert hq.told("order_given") == [(Audience.UNIT, "police", 0)]
    hq.clock.forward(minutes=3)
    hq.answer("acknowledge", id)
    with pytest.raises(MoveRefused, match="Wang has acknowledged this order already"):
        hq.answer("acknowledge", id)
    hq.answer("reply", id, text="lane is clear")
    with pytest.raises(MoveRefused, match="Wang has replied"):
        hq.answer("reply", id, text="again")
    [order] = hq.case.orders
    assert (order.read_at, order.reply) == (NOON + timedelta(minutes=3), "lane is clear")
    assert hq.told("order_answered") == [(Audience.ISSUER, "p-1", 0)]
    assert hq.lines == [
        (Act.ORDER_GIVEN, "Chen", "squad-1", "clear the lane"),
        (Act.ORDER_READ, "Wang", "squad-1", ""),
        (Act.ORDER_ANSWERED, "Wang", "squad-1", "lane is clear"),
    ]
    hq.wait(days=2)
    assert hq.told("order") == []


def test_an_order_that_nobody_reads_is_told_exactly_once(hq: Headquarters) -> None:
    hq.order()
    hq.wait(minutes=14)
    assert hq.told("order") == []
    hq.wait(minutes=2)
    told = hq.told("order")
    assert told == [(Audience.DISPATCHER, "", 100), (Audience.LEADERS, "", 100)]
    for _ in range(3):
        hq.wait(hours=5)
    hq.do("accept", by="police")
    assert hq.told("order") == told


def test_it_is_told_even_where_the_case_has_ended_meanwhile(hq: Headquarters) -> None:
    hq.order()
    hq.do("accept", by="police")
    hq.do("handle", by="police", proofs=(a_proof(),))
    hq.do("close")
    hq.wait(minutes=16)
    assert len(hq.told("order")) == 2
    [order] = hq.case.orders
    hq.answer("reply", order.id, text="it was done")  # late, but not lost


def test_the_receipt_has_the_minutes_of_the_order_or_of_the_city(hq: Headquarters) -> None:
    hq.order(minutes=5)
    assert hq.case.orders[0].due_at == NOON + timedelta(minutes=5)
    slow = replace(hq.city, stages={**STAGE_LIMITS, TimerKind.ORDER: Limit(amount=1)})
    hq.command = CommandDesk(hq.store, slow, clock=hq.clock, new_id=hq.ids)
    hq.order()
    assert hq.case.orders[1].due_at == NOON + timedelta(hours=1)


def test_two_orders_have_clocks_of_their_own(hq: Headquarters) -> None:
    first = hq.order(minutes=10)
    hq.order("street", minutes=20)
    hq.answer("acknowledge", first)
    hq.wait(minutes=21)
    assert [name for name, _, _ in hq.told("order")] == [Audience.DISPATCHER, Audience.LEADERS]


def test_who_answers_for_a_unit_sees_the_case(hq: Headquarters) -> None:
    street = Reach(departments=frozenset({"street"}))
    assert not street.covers(hq.case)
    hq.order("street")
    assert street.covers(hq.case)
    assert without_words(hq.case).orders == ()


@pytest.mark.parametrize(
    ("unit", "text", "says"),
    [
        ("moon", "shine", "no department and no unit below one is called moon; departments are: police"),
        ("stray", "teach", "no department and no unit below one is called stray"),
        ("police", "  ", "say what is to be done"),
    ],
)
def test_what_cannot_be_ordered_is_said(hq: Headquarters, unit: str, text: str, says: str) -> None:
    before = hq.case
    with pytest.raises(MoveRefused, match=says):
        hq.order(unit, text)
    assert hq.case == before


def test_only_about_what_is_filed_and_open(hq: Headquarters) -> None:
    hq.do("void", reason="a film set")
    with pytest.raises(MoveRefused, match="is void"):
        hq.order()
    with pytest.raises(CaseNotFound, match="no such order"):
        hq.answer("acknowledge", "none")
    with pytest.raises(StaleVersion):
        hq.command.acknowledge(CASE, "none", version=1, by="Wang")


def test_an_open_order_goes_to_the_heir_of_its_department(hq: Headquarters) -> None:
    first, second = hq.order("street"), hq.order("street", "and tell them")
    hq.answer("reply", first, text="done")
    transfers = (Transfer(sources=frozenset({"street"}), heir="cleaning"),)
    plan = Reorganisation(name="Reform", valid_from=NOON, transfers=transfers)
    hand_over(hq.store, hq.city, plan, CASE, by="li", clock=hq.clock, new_id=hq.ids)
    assert [order.department for order in hq.case.orders] == ["street", "cleaning"]
    assert hq.case.department == "police"
    assert hand_over(hq.store, hq.city, plan, CASE, by="li", clock=hq.clock, new_id=hq.ids) is None
    hq.answer("reply", second, text="told")


def test_a_reply_needs_words_and_is_a_receipt(hq: Headquarters) -> None:
    id = hq.order()
    with pytest.raises(MoveRefused, match="say what was done"):
        hq.answer("reply", id, text=" ")
    hq.answer("reply", id, text="done")
    assert hq.case.orders[0].read_by == "Wang"


def consult(hq: Headquarters, *names: str, decision: str = "close the lane", hours: float = -1) -> None:
    held_at = hq.clock.now + timedelta(hours=hours)
    hq.command.consult(CASE, version=hq.case.version, by="Chen", held_at=held_at, participants=names, decision=decision)


def test_a_consultation_stays_as_it_was_written(hq: Headquarters) -> None:
    consult(hq, "police", " Mr Li ", "police")
    consult(hq, "street", "cleaning", decision="open it again")
    first, second = hq.case.consultations
    assert first.participants == ("police", "Mr Li")
    assert (first.held_at, first.recorded_by, first.recorded_at) == (NOON - timedelta(hours=1), "Chen", NOON)
    assert second.decision == "open it again"
    history = hq.memory.book.dossier(CASE).history
    assert [one.reason for one in history if one.act is Act.CONSULTATION] == [
        "police, Mr Li: close the lane",
        "street, cleaning: open it again",
    ]
    assert without_words(hq.case).consultations == ()


def test_a_consultation_needs_two_a_decision_and_the_past(hq: Headquarters) -> None:
    with pytest.raises(MoveRefused, match="at least two"):
        consult(hq, "police", " ", "police")
    with pytest.raises(MoveRefused, match="what was decided"):
        consult(hq, "police", "street", decision=" ")
    with pytest.raises(MoveRefused, match="lies ahead"):
        consult(hq, "police", "street", hours=1)
    assert hq.case.consultations == ()


def test_who_watches_is_told_of_every_step_until_they_watch_no_more(hq: Headquarters) -> None:
    with hq.memory.transaction() as book:
        assert book.watch(CASE, "p-7", by="Chen", at=NOON)
        assert not book.watch(CASE, "p-7", by="Chen", at=NOON)
    hq.do("accept", by="police")
    hq.order()
    hq.wait(hours=3)
    watched = [one for one in hq.memory.book.notices.values() if one.audience is Audience.WATCHER]
    assert [(one.name, one.about) for one in watched] == [
        ("p-7", "accept"),
        ("p-7", "order_given"),
        ("p-7", "overdue"),
    ]
    with hq.memory.transaction() as book:
        assert book.unwatch(CASE, "p-7", by="Chen")
        assert not book.unwatch(CASE, "p-7", by="Chen")
    hq.do("handle", by="police", proofs=(a_proof(),))
    assert len([one for one in hq.memory.book.notices.values() if one.audience is Audience.WATCHER]) == 3
