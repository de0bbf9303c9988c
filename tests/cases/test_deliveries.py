"""What people decide about deliveries that no machine can settle."""

import pytest

from cases.deliveries import Decision, DeliveryDesk
from cases.desk import Desk
from cases.errors import MoveRefused
from cases.filing import Channel, Filing, FilingState
from cases.intake import Intake
from cases.states import Act, CaseState
from tests.case_builders import NOON, CountedIds, HandClock, a_city, a_finding
from tests.case_fakes import MemoryStore

CITY = a_city(auto_file=True, channel=Channel.EMAIL)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def held(store: MemoryStore) -> Filing:
    """A delivery of which nobody knows whether it has arrived."""
    Intake(store, CITY, clock=HandClock(), new_id=CountedIds()).take(a_finding())
    [filing] = store.book.filings.values()
    with store.transaction() as book:
        book.settle(filing, filing.taken(NOON, NOON).held("the connection broke"))
    return store.book.filings[filing.id]


def decide(store: MemoryStore, filing: Filing, decision: Decision, reason: str = "I rang them up") -> Filing:
    desk = DeliveryDesk(store, clock=HandClock())
    return desk.decide(filing.case_id, filing.id, decision, by="li", reason=reason, reference=" PD-7 ")


def test_a_delivery_that_has_arrived_dispatches_its_case(store: MemoryStore, held: Filing) -> None:
    settled = decide(store, held, Decision.DELIVERED)
    assert (settled.state, settled.reference, settled.sent_at) == (FilingState.SENT, "PD-7", NOON)
    dossier = store.book.dossier(held.case_id)
    assert dossier.case.state is CaseState.DISPATCHED
    decided, dispatched = dossier.history[-2:]
    assert (decided.act, decided.actor, decided.before, decided.after) == (
        Act.DELIVERY,
        "li",
        CaseState.FILED,
        CaseState.FILED,
    )
    assert decided.reason == "delivery to police by email has arrived: I rang them up"
    assert (dispatched.act, dispatched.actor) == (Act.DISPATCH, "li")


def test_a_delivery_that_is_to_be_sent_again_has_all_its_attempts(store: MemoryStore, held: Filing) -> None:
    settled = decide(store, held, Decision.AGAIN)
    assert (settled.state, settled.attempts, settled.next_try_at) == (FilingState.DUE, 0, NOON)
    assert store.book.filings[held.id] == settled


def test_a_delivery_that_is_given_up_is_tried_no_more(store: MemoryStore, held: Filing) -> None:
    assert decide(store, held, Decision.GIVE_UP).state is FilingState.GIVEN_UP
    assert store.book.dossier(held.case_id).case.state is CaseState.FILED
    with pytest.raises(MoveRefused, match="no delivery id-2 that waits for a person"):
        decide(store, held, Decision.AGAIN)


def test_nothing_is_decided_without_a_reason(store: MemoryStore, held: Filing) -> None:
    with pytest.raises(MoveRefused, match="say how you know"):
        decide(store, held, Decision.DELIVERED, reason=" ")
    assert store.book.filings[held.id] == held


def test_only_what_waits_for_a_person_is_decided(store: MemoryStore) -> None:
    Intake(store, CITY, clock=HandClock(), new_id=CountedIds()).take(a_finding())
    [due] = store.book.filings.values()
    with pytest.raises(MoveRefused, match="waits for a person"):
        decide(store, due, Decision.AGAIN)


def test_a_department_may_still_answer_what_was_given_up(store: MemoryStore, held: Filing) -> None:
    decide(store, held, Decision.GIVE_UP)
    version = store.book.cases[held.case_id].version
    Desk(store, CITY, clock=HandClock(), new_id=CountedIds()).accept(held.case_id, version=version, by="police")
    assert store.book.filings[held.id].state is FilingState.ACKNOWLEDGED
