import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from api.store.store import SqlStore
from cases.errors import FilingFailed
from cases.filing import Channel, FilingState
from cases.intake import Intake
from cases.sender import Sender
from tests.api.cli.conftest import Run
from tests.case_builders import CountedIds, HandClock, a_city, a_finding
from tests.case_fakes import FakeFiler
from tests.rigs.empty_database import empty_database


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqlStore]:
    """One delivery that a person has to settle."""
    monkeypatch.setenv("JIEXUN_DATA_DIR", str(tmp_path))
    url = empty_database(tmp_path / "jiexun.db")
    with SqlStore(url) as opened:
        city = a_city(auto_file=True, channel=Channel.WEBHOOK)
        Intake(opened, city, clock=HandClock(), new_id=CountedIds()).take(a_finding())
        gone = FakeFiler(FilingFailed("answered 422", retry=False))
        Sender(opened, {Channel.WEBHOOK: gone}, clock=HandClock(), random=Random(1)).send_next()
        yield opened


def test_what_waits_for_a_person_is_listed(run: Run, store: SqlStore) -> None:
    said = run(["deliveries", "list", "--json"])
    assert said.status == 0
    [told] = [json.loads(line) for line in said.out.splitlines()]
    assert told == {
        "id": "id-2",
        "case": "2026-000001",
        "department": "police",
        "channel": "webhook",
        "matter": "case",
        "state": "dead",
        "error": "answered 422",
    }
    assert "answered 422" in run(["deliveries", "list"]).out


def test_a_person_decides(run: Run, store: SqlStore) -> None:
    said = run(["deliveries", "settle", "id-2", "delivered", "--by", "Li Na", "--reason", "rang them up"])
    assert (said.status, said.out) == (0, "delivery id-2 to police is now sent\n")
    assert store.dossier("id-1").filings[0].state is FilingState.SENT
    assert store.dossier("id-1").history[-2].reason.endswith("has arrived: rang them up")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["id-9", "again", "--by", "a", "--reason", "b"], "no delivery id-9 waits for a person"),
        (["id-2", "burn", "--by", "a", "--reason", "b"], "'burn' is not one of 'delivered', 'again', 'give_up'"),
        (["id-2", "again", "--by", "a", "--reason", " "], "say how you know"),
        (["id-2", "again", "--by", "a"], "Missing option '--reason'"),
    ],
)
def test_wrong_words_end_in_one_sentence(run: Run, store: SqlStore, words: list[str], complaint: str) -> None:
    said = run(["deliveries", "settle", *words])
    assert (said.status, said.out) == (2, "")
    assert complaint in said.err
    assert store.dossier("id-1").filings[0].state is FilingState.DEAD
