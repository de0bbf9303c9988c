"""From an empty file to the tables of this version."""

import json
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from api.errors import StoreError, TooNew
from api.store.engine import open_engine
from api.store.store import SqlStore
from api.store.tables import metadata
from api.store.upgrade import MIGRATIONS, newest, upgrade
from cases.appraisal.sets import CaseSet, sets_of
from cases.intake import Intake
from cases.reach import EVERYTHING
from cases.source import Source
from tests.case_builders import CountedIds, HandClock, a_city, a_finding
from tests.rigs.databases import Databases

AT = "2026-03-02 12:00:00.000000"
SEEN = {
    "kind": "illegal_parking",
    "camera": "cam",
    "zone": "kerb",
    "first_seen": AT,
    "last_seen": AT,
    "confidence": 0.5,
}
CASE = {
    **SEEN,
    "id": "c",
    "number": "2026-000001",
    "state": "rework",
    "version": 3,
    "opened_at": AT,
    "proofs": "[]",
}
ENTRY = {"case_id": "c", "at": AT, "actor": "li", "reason": "", "proofs": "[]"}
OF_THE_FIRST_VERSION = (
    ("cases", CASE),
    ("history", {**ENTRY, "act": "file", "before": "candidate", "after": "filed"}),
    ("history", {**ENTRY, "act": "return", "before": "dispatched", "after": "returned"}),
    ("history", {**ENTRY, "act": "rework", "before": "handled", "after": "rework"}),
    (
        "findings",
        {
            **SEEN,
            **{
                "key": "f",
                "case_id": "c",
                "recorded_at": AT,
                "rule": "r",
                "object_class": "car",
                "seen_for": 9,
            },
            **{"x1": 0, "y1": 0, "x2": 1, "y2": 1},
        },
    ),
)
"""Rows as the first version wrote them."""


def test_the_migrations_end_at_the_tables_of_this_version(url: str) -> None:
    engine = open_engine(url)
    with engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_a_second_upgrade_keeps_everything(url: str) -> None:
    with SqlStore(url) as store:
        Intake(store, a_city(), clock=HandClock(), new_id=CountedIds()).take(a_finding())
    upgrade(url)
    with SqlStore(url) as store:
        assert store.summary().cases == 1


def test_a_database_of_a_newer_version_is_refused_in_words(url: str) -> None:
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(TooNew, match="made by a newer version"):
        upgrade(url)


def test_the_newest_revision_is_the_head_of_the_migrations() -> None:
    assert newest() == ScriptDirectory(str(MIGRATIONS)).get_current_head()


def test_an_upgrade_that_fails_leaves_the_database_as_it_was(databases: Databases) -> None:
    with databases.empty() as url:
        engine = open_engine(url)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE history (mine INTEGER)"))
        with pytest.raises(StoreError, match="history"):
            upgrade(url)
        assert inspect(engine).get_table_names() == ["history"]
        engine.dispose()


def test_cases_of_the_first_version_keep_all_they_had_and_learn_from_their_history(databases: Databases) -> None:
    with databases.empty() as url:
        upgrade(url, to="0001")
        engine = open_engine(url)
        with engine.begin() as connection:
            for table, values in OF_THE_FIRST_VERSION:
                columns, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
                connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({marks})"), values)
        engine.dispose()
        upgrade(url)
        with SqlStore(url) as store:
            dossier = store.dossier("c")
        engine = open_engine(url)
        with engine.begin() as connection:
            in_sets = connection.execute(text("SELECT sets FROM cases")).scalar_one()
        engine.dispose()
    case = dossier.case
    assert (case.source, case.camera, case.rework_count, case.limit) == (Source.CAMERA, "cam", 1, None)
    assert case.filed_at == datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert [seen.key for seen in case.sightings] == ["f"]
    assert len(dossier.history) == 3
    assert case.return_count == 1
    assert in_sets == int(sets_of(case))
    assert sets_of(case) & (CaseSet.DISPATCHED | CaseSet.DISPATCHED_ACCURATELY) == CaseSet.DISPATCHED


def test_pictures_of_older_reports_are_found_by_their_names(databases: Databases) -> None:
    sent, copy = "a" * 64, "b" * 64
    with databases.empty() as url:
        upgrade(url, to="0001")
        engine = open_engine(url)
        with engine.begin() as connection:
            columns, marks = ", ".join(CASE), ", ".join(f":{name}" for name in CASE)
            connection.execute(text(f"INSERT INTO cases ({columns}) VALUES ({marks})"), CASE)
        upgrade(url, to="0028")
        with engine.begin() as connection:
            said = {"key": "r", "case_id": "c", "recorded_at": AT, "source": "resident", "text": "", "address": ""}
            pictures = [{"sha256": sent, "public_sha256": copy}, {"sha256": "c" * 64}]
            said |= {"quality": "exact", "seen_at": AT, "origin": "", "attachments": json.dumps(pictures)}
            columns, marks = ", ".join(said), ", ".join(f":{name}" for name in said)
            connection.execute(text(f"INSERT INTO reports ({columns}) VALUES ({marks})"), said)
        engine.dispose()
        upgrade(url)
        with SqlStore(url) as store:
            held = [store.public.holds_copy(EVERYTHING, name) for name in (sent, copy, "c" * 64)]
    assert held == [False, True, False]


def test_there_is_one_line_of_migrations() -> None:
    assert len(ScriptDirectory(str(MIGRATIONS)).get_heads()) == 1
