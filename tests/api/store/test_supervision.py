"""Supervision orders in the database: they come back as they were written, on both kinds, and the log covers them."""

from datetime import timedelta

from api.store.store import SqlStore
from cases.audit.records import record_of
from cases.desk import Desk
from cases.intake import Intake
from cases.ports import Store
from cases.supervising import SupervisionDesk
from cases.supervision import SupervisionKind, SupervisionLevel
from cases.timekeeper import Timekeeper
from tests.case_builders import NOON, CountedIds, HandClock, a_city, a_finding
from tests.case_fakes import MemoryStore

CASE = "id-1"


def live(store: Store) -> None:
    """An order with a reply that is late, one that is lifted, and one that stands."""
    clock, ids = HandClock(), CountedIds()
    Intake(store, a_city(), clock=clock, new_id=ids).take(a_finding())
    Desk(store, a_city(), clock=clock, new_id=ids).confirm(CASE, version=1, by="li")
    above = SupervisionDesk(store, a_city(), clock=clock)
    case = above.order(
        CASE,
        version=2,
        by="chief",
        kind=SupervisionKind.LEADER,
        level=SupervisionLevel.LISTED,
        requirement="at once",
        reply_by=NOON + timedelta(minutes=20),
    )
    case = above.order(CASE, version=case.version, by="li", kind=SupervisionKind.IMPORTANT, requirement="soon")
    case = above.lift(CASE, 2, version=case.version, by="li", reason="not so important")
    clock.forward(minutes=21)
    keeper = Timekeeper(store, a_city(), clock=clock)
    while keeper.tick():
        pass
    case = above.reply(CASE, 1, version=case.version, by="police", reply="on our way")
    above.order(CASE, version=case.version, by="chief", kind=SupervisionKind.TIMEOUT, requirement="now")


def test_both_databases_keep_what_memory_keeps(store: SqlStore) -> None:
    memory = MemoryStore()
    live(store)
    live(memory)
    assert store.dossier(CASE) == memory.book.dossier(CASE)
    assert len(store.dossier(CASE).case.supervisions) == 3
    assert {one.about for one in store.dossier(CASE).notices} >= {"supervise", "supervision", "supervision_answered"}


def test_the_record_of_a_case_holds_its_orders_and_is_as_before_where_there_are_none() -> None:
    supervised, plain = MemoryStore(), MemoryStore()
    live(supervised)
    Intake(plain, a_city(), clock=HandClock(), new_id=CountedIds()).take(a_finding())
    assert "supervisions" not in record_of(plain.book.cases[CASE])
    orders = record_of(supervised.book.cases[CASE])["supervisions"]
    assert [(one["number"], one["requirement"]) for one in orders] == [(1, "at once"), (2, "soon"), (3, "now")]
