"""The settings that keep what was committed, and let no update be lost."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import StatementError

from api.errors import StoreError
from api.store.engine import open_engine, reading
from api.store.store import SqlStore
from cases.desk import Desk
from cases.dossier import Change
from cases.errors import StaleVersion
from cases.intake import Intake
from tests.case_builders import CountedIds, HandClock, a_case, a_city, a_finding
from tests.rigs.databases import Databases


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 10_000)],
)
def test_sqlite_is_set_up_for_power_cuts_and_concurrency(tmp_path: Path, pragma: str, value: object) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/jiexun.db")
    for each in (engine, reading(engine)):
        with each.begin() as connection:
            assert connection.execute(text(f"PRAGMA {pragma}")).scalar_one() == value
    engine.dispose()


def test_readers_do_not_wait_for_a_writer_and_see_what_was_committed(store: SqlStore) -> None:
    with store.transaction() as book:
        book.open(Change(case=a_case(), entries=()), year=2026)
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(store.summary).result(timeout=60).cases == 0
    assert store.summary().cases == 1


def test_an_error_undoes_the_whole_transaction(store: SqlStore) -> None:
    intake = Intake(store, a_city(auto_file=True), clock=HandClock(), new_id=CountedIds())
    broken = replace(a_finding("2", zone="other"), first_seen=a_finding().first_seen.replace(tzinfo=None))
    with pytest.raises(StatementError, match="only aware UTC"):
        intake.record_look(
            camera="cam-1", memory=b"", position=1.0, captured_at=HandClock().now, findings=[a_finding(), broken]
        )
    assert (store.summary().cases, store.summary().findings, store.camera_memory("cam-1")) == (0, 0, None)


@pytest.mark.parametrize("people", [2, 16])
def test_of_many_verdicts_at_once_exactly_one_wins(store: SqlStore, people: int) -> None:
    ids = CountedIds()
    intake = Intake(store, a_city(), clock=HandClock(), new_id=ids)
    rounds = 10
    for number in range(rounds):
        taken = intake.take(a_finding(f"{number}", zone=f"zone-{number}"))
        assert taken.case is not None
        case_id, start = taken.case.id, threading.Barrier(people)

        def decide(person: int, case_id: str = case_id, start: threading.Barrier = start) -> str:
            desk = Desk(store, a_city(), clock=HandClock(), new_id=lambda: os.urandom(16).hex())
            start.wait()
            try:
                if person % 2:
                    desk.confirm(case_id, version=1, by=f"p{person}")
                else:
                    desk.reject(case_id, version=1, by=f"p{person}", reason="no")
            except StaleVersion:
                return "stale"
            return f"p{person}"

        with ThreadPoolExecutor(people) as pool:
            answers = list(pool.map(decide, range(people)))
        [winner] = [answer for answer in answers if answer != "stale"]
        dossier = store.dossier(case_id)
        assert [entry.actor for entry in dossier.history] == ["jiexun", winner]
        assert (dossier.case.version, len(dossier.filings)) == (2, int(winner[1:]) % 2)


def test_no_update_is_lost_between_writers(store: SqlStore) -> None:
    Intake(store, a_city(), clock=HandClock(), new_id=CountedIds()).take(a_finding())

    def add(_: int) -> None:
        with store.transaction() as book:
            case = book.dossier("id-1").case
            book.write(Change(case=replace(case, rework_count=case.rework_count + 1), entries=()))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(80)))
    case = store.dossier("id-1").case
    assert (case.version, case.rework_count) == (81, 80)


def test_a_database_without_tables_says_what_to_do(databases: Databases) -> None:
    with databases.empty() as url, SqlStore(url) as store, pytest.raises(StoreError, match="jiexun db upgrade"):
        store.summary()


def test_a_folder_that_is_not_there_says_so(tmp_path: Path) -> None:
    with SqlStore(f"sqlite:///{tmp_path}/no/new.db") as store, pytest.raises(StoreError, match="unable to open"):
        store.summary()
