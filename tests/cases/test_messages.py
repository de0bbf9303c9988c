"""What is ordered about a case, on its way to departments that work in systems of their own."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from cases.commanding import CommandDesk
from cases.deliveries import Decision, DeliveryDesk
from cases.dossier import Dossier
from cases.errors import FilingFailed, MoveRefused
from cases.filing import Channel, Filing, FilingState, Matter
from cases.ports import Receipt
from cases.reorganisation import Reorganisation, Transfer, hand_over
from cases.sender import Sender
from cases.states import CaseState
from cases.supervising import SupervisionDesk
from cases.supervision import SupervisionKind
from tests.case_builders import NOON
from tests.joint_city import CASE, Street

OUT = {"police": Channel.WEBHOOK, "cleaning": Channel.EMAIL, "street": Channel.OPEN311}


class Connected(Street):
    """The police lead and have a system of their own, cleaning gets mail, the street's office runs Open311."""

    def __init__(self, *co_departments: str, channels: dict[str, Channel] | None = None) -> None:
        super().__init__(*co_departments)
        reached = channels or OUT
        known = self.city.departments.items()
        departments = {name: replace(one, channel=reached.get(name, Channel.INBOX)) for name, one in known}
        self.city = replace(self.city, departments=departments)
        self.rewire()
        self.command = CommandDesk(self.memory, self.city, clock=self.clock, new_id=self.ids)
        self.above = SupervisionDesk(self.memory, self.city, clock=self.clock)
        self.got: list[tuple[str, Matter]] = []
        self.silent: set[str] = set()
        self.sender = Sender(self.memory, dict.fromkeys(Channel, self), clock=self.clock, random=Random(1))

    recognises_repetitions = True

    def file(self, dossier: Dossier, filing: Filing) -> Receipt:
        if filing.department in self.silent:
            raise FilingFailed("answered 500", retry=True)
        self.got.append((filing.department, filing.matter))
        return Receipt()

    def deliver(self) -> list[tuple[str, Matter]]:
        for _ in range(20):
            self.clock.forward(seconds=1)
            self.sender.send_next()
        return self.got

    def supervise(self) -> None:
        self.above.order(CASE, version=self.case.version, by="chen", kind=SupervisionKind.LEADER, requirement="at once")

    @property
    def messages(self) -> list[tuple[str, Matter, FilingState]]:
        filings = self.memory.book.filings.values()
        return [(one.department, one.matter, one.state) for one in filings if one.matter is not Matter.CASE]


def test_everything_that_is_ordered_travels_behind_its_case() -> None:
    street = Connected("cleaning")
    street.do("confirm")
    street.command.order(CASE, "police", version=street.case.version, by="chen", issuer="p-1", text="clear the lane")
    street.supervise()
    street.part("withdraw", "cleaning", reason="not needed")
    street.above.lift(CASE, 1, version=street.case.version, by="chen", reason="content")
    assert Counter(street.deliver()) == Counter(
        [
            ("police", Matter.CASE),
            ("police", Matter.ORDER_GIVEN),
            ("police", Matter.SUPERVISE),
            ("police", Matter.SUPERVISION_LIFTED),
            ("cleaning", Matter.TASK_GIVEN),
            ("cleaning", Matter.TASK_WITHDRAWN),
        ]
    )
    assert [matter for department, matter in street.got if department == "police"][:2] == [
        Matter.CASE,
        Matter.ORDER_GIVEN,
    ]


def test_who_works_on_our_pages_gets_no_message() -> None:
    street = Connected("cleaning", channels={"police": Channel.WEBHOOK})
    street.do("confirm")
    assert street.messages == []


def test_a_message_does_not_bring_the_case() -> None:
    street = Connected("cleaning")
    street.do("confirm")
    street.silent = {"police"}
    assert street.deliver() == [("cleaning", Matter.TASK_GIVEN)]
    assert street.case.state is CaseState.FILED


def test_the_lead_acknowledges_its_case_and_not_a_message() -> None:
    street = Connected("cleaning")
    street.do("confirm")
    street.do("accept", by="police")
    states = {(one.department, one.matter): one.state for one in street.memory.book.filings.values()}
    assert states["police", Matter.CASE] is FilingState.ACKNOWLEDGED
    assert states["cleaning", Matter.TASK_GIVEN] is FilingState.DUE


def test_the_machine_orders_and_what_the_end_lifts_travel_too() -> None:
    street = Connected("cleaning")
    street.do("confirm")
    street.supervise()
    street.do("void", reason="twice the same")
    assert [matter for _, matter, _ in street.messages] == [
        Matter.TASK_GIVEN,
        Matter.SUPERVISE,
        Matter.SUPERVISION_LIFTED,
        Matter.TASK_WITHDRAWN,
    ]


def test_what_happens_in_one_moment_is_told_once_each() -> None:
    street = Connected(channels={"police": Channel.WEBHOOK})
    street.do("confirm")
    for _ in range(2):
        street.supervise()
        street.above.lift(CASE, len(street.case.supervisions), version=street.case.version, by="chen", reason="so")
        version = street.case.version
        street.command.order(CASE, "police", version=version, by="chen", issuer="p-1", text="clear the lane")
    told = Counter(matter for _, matter, _ in street.messages)
    assert told == {Matter.SUPERVISE: 2, Matter.SUPERVISION_LIFTED: 2, Matter.ORDER_GIVEN: 2}


def test_the_next_department_hears_of_the_order_that_stands() -> None:
    street = Connected(channels={"police": Channel.WEBHOOK, "cleaning": Channel.WEBHOOK})
    street.do("confirm")
    street.supervise()
    street.deliver()
    street.do("send_back", by="police", reason="not ours")
    street.do("reassign", department="cleaning", reason="theirs")
    street.do("accept", by="cleaning")
    street.do("send_back", by="cleaning", reason="not ours")
    street.do("reassign", department="police", reason="look again")
    told = [department for department, matter, _ in street.messages if matter is Matter.SUPERVISE]
    assert told == ["police", "cleaning", "police"]


def test_heirs_are_told_of_what_they_take_over_and_only_the_old_lead_is_spared() -> None:
    street = Connected("street", channels=dict.fromkeys(OUT, Channel.WEBHOOK))
    street.do("confirm")
    street.supervise()
    street.command.order(CASE, "police", version=street.case.version, by="chen", issuer="p-1", text="clear the lane")
    plan = Reorganisation(
        name="Reform", valid_from=NOON, transfers=(Transfer(sources=frozenset({"police"}), heir="cleaning"),)
    )
    hand_over(street.memory, street.city, plan, CASE, by="chen", clock=street.clock, new_id=street.ids)
    assert Counter(street.deliver()) == Counter(
        [
            ("street", Matter.TASK_GIVEN),
            ("cleaning", Matter.CASE),
            ("cleaning", Matter.SUPERVISE),
            ("cleaning", Matter.ORDER_GIVEN),
        ]
    )


def test_what_open311_cannot_carry_waits_for_a_person() -> None:
    street = Connected("street")
    street.do("confirm")
    [(department, matter, state)] = street.messages
    assert (department, matter, state) == ("street", Matter.TASK_GIVEN, FilingState.DEAD)
    [message] = [one for one in street.memory.book.filings.values() if one.matter is Matter.TASK_GIVEN]
    assert "Open311 carries cases" in (message.error or "")
    desk = DeliveryDesk(street.memory, clock=street.clock)
    with pytest.raises(MoveRefused, match="Open311 carries cases"):
        desk.decide(CASE, message.id, Decision.AGAIN, by="li", reason="try")
    told = desk.decide(CASE, message.id, Decision.DELIVERED, by="li", reason="rang them up")
    assert told.state is FilingState.SENT
    assert told.follow_at is None
    street.clock.now += timedelta(minutes=1)
    assert street.case.state is CaseState.FILED
