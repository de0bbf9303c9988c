"""Every move is in the log, in one unbroken chain, and the database refuses to change it."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from sqlalchemy import text

from api.errors import StoreError
from api.store.engine import begin, open_engine
from api.store.store import SqlStore
from cases.audit.entry import Deed, Head
from cases.audit.verifier import follow
from cases.channels.inbox import InboxFiler
from cases.desk import Desk
from cases.errors import StaleVersion
from cases.filing import Channel
from cases.intake import Intake
from cases.sender import Sender
from tests.case_builders import NOON, CountedIds, HandClock, a_city, a_finding, a_proof


def chain(store: SqlStore) -> list[tuple[int, str]]:
    return list(follow(entry.record() for entry in store.audit_entries()))


def test_every_move_is_logged_with_who_did_it(url: str) -> None:
    clock, ids = HandClock(), CountedIds()
    with SqlStore(url, clock=clock) as store:
        Intake(store, a_city(), clock=clock, new_id=ids).take(a_finding())
        desk = Desk(store, a_city(), clock=clock, new_id=ids)
        desk.confirm("id-1", version=1, by="li")
        sender = Sender(store, {Channel.INBOX: InboxFiler()}, clock=clock, random=Random(1))
        assert sender.send_next() is not None
        version = store.dossier("id-1").case.version
        desk.accept("id-1", version=version, by="police")
        desk.handle("id-1", version=version + 1, by="police", proofs=(a_proof(),))
        entries = list(store.audit_entries())
        assert [entry.what for entry in entries] == [
            "case.open",
            "verdict.confirm",
            "case.file",
            "filing.sent",
            "case.dispatch",
            "filing.acknowledged",
            "case.accept",
            "case.handle",
        ]
        assert [entry.actor for entry in entries] == ["jiexun", "li", "li", *["jiexun"] * 3, "police", "police"]
        assert {entry.at for entry in entries} == {clock.now}
        assert [number for number, _ in chain(store)] == list(range(1, 9))


def test_what_is_refused_is_not_logged(store: SqlStore) -> None:
    Intake(store, a_city(), clock=HandClock(), new_id=CountedIds()).take(a_finding())
    with pytest.raises(StaleVersion):
        Desk(store, a_city(), clock=HandClock(), new_id=CountedIds()).confirm("id-1", version=7, by="li")
    assert [entry.what for entry in store.audit_entries()] == ["case.open"]


def test_other_deeds_are_logged_too(store: SqlStore) -> None:
    store.record(Deed(actor="li", what="account.login", object="li"))
    store.record(Deed(actor="li", what="evidence.viewed", object="a" * 64, payload={"reason": "复核"}))
    [last] = store.audit_search(objects=["a" * 64])
    assert (last.sequence, last.what, last.payload) == (2, "evidence.viewed", '{"reason":"复核"}')


@pytest.mark.parametrize("table", ["audit", "audit_heads"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET hash = 'x'", "DELETE FROM {}"])
def test_the_database_refuses_to_change_the_log(url: str, table: str, verb: str) -> None:
    with SqlStore(url) as store:
        store.record(Deed(actor="li", what="account.login", object="li"))
        store.keep_head(Head(sequence=1, hash="0" * 64, at=NOON, signature="0" * 128))
        before = (list(store.audit_entries()), store.audit_heads())
        engine = open_engine(url)
        with pytest.raises((StoreError, Exception), match="append-only"), begin(engine) as connection:
            connection.execute(text(verb.format(table)))
        engine.dispose()
        assert (list(store.audit_entries()), store.audit_heads()) == before


def test_many_writers_make_one_chain(store: SqlStore) -> None:
    def write(number: int) -> None:
        for n in range(10):
            store.record(Deed(actor=f"p{number}", what="account.login", object=str(n)))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    assert [number for number, _ in chain(store)] == list(range(1, 81))


def test_the_log_is_read_in_pieces_without_a_gap(store: SqlStore) -> None:
    with store.transaction() as book:
        for number in range(1010):
            book.record(Deed(actor="li", what="account.login", object=str(number)))
    assert len(chain(store)) == 1010
    assert [entry.sequence for entry in store.audit_entries(after=998, until=1003)] == [999, 1000, 1001, 1002, 1003]
