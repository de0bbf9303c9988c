"""`jiexun cameras`."""

import json
from pathlib import Path

import pytest

from api.cli import main
from api.store.leases import WorkerSign
from api.store.store import SqlStore
from tests.case_builders import NOON
from tests.rigs.empty_database import empty_database


def test_it_says_who_watches_what(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JIEXUN_DATA_DIR", str(tmp_path))
    me = WorkerSign(name="gate-house-1", started_at=NOON, seen_at=NOON)
    with SqlStore(empty_database(tmp_path / "jiexun.db")) as store:
        store.leases.sign(me, free=(), choose=lambda _: ["east", "west"])
        store.leases.sign(me, free=["west"], choose=lambda _: ())
    with pytest.raises(SystemExit) as ended:
        main(["cameras", "--json"])
    assert ended.value.code in (0, None)
    east, west = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (east["camera"], east["worker"], east["last_look"]) == ("east", "gate-house-1", None)
    assert (west["camera"], west["worker"]) == ("west", None)
    with pytest.raises(SystemExit):
        main(["cameras"])
    assert "2 cameras, workers: gate-house-1" in capsys.readouterr().out
