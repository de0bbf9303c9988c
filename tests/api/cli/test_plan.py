"""`jiexun plan`."""

import json
from pathlib import Path

import pytest

from api.bench.full_size import DEMO_CITY
from api.bench.planning import MOST_CAMERAS
from api.cli import main

COSTS = {
    "read_ms": 18,
    "gate_ms": 1,
    "inspect_ms": 30,
    "write_ms": 2,
    "key_interval": 2.0,
    "inspected_share": 0.2,
    "camera_mb": 8,
    "worker_mb": 350,
}


def run(*arguments: str) -> int | str | None:
    with pytest.raises(SystemExit) as ended:
        main(["plan", str(DEMO_CITY), *arguments])
    return ended.value.code


def test_given_costs_are_planned_with(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = tmp_path / "costs.json"
    given.write_text(json.dumps({"costs": COSTS}), encoding="utf-8")
    options = ("--costs", str(given), "--cameras", str(MOST_CAMERAS))
    assert run(*options, "--json") in (0, None)
    told = json.loads(capsys.readouterr().out)
    assert sum(told["cameras"].values()) == MOST_CAMERAS
    assert told["plan"]["cores"] == 1786
    assert run(*options, "--gpu-ms", "2") in (0, None)
    assert "or GPUs" in capsys.readouterr().out


def test_costs_that_are_none_are_refused_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = tmp_path / "costs.json"
    given.write_text('{"read_ms": "many"}', encoding="utf-8")
    assert run("--costs", str(given)) == 2
    assert "holds no costs" in capsys.readouterr().err


def test_costs_are_measured(capsys: pytest.CaptureFixture[str]) -> None:
    clip = DEMO_CITY.parent / "junction-queue.mp4"
    assert run("--clip", str(clip), "--seconds", "1", "--json") in (0, None)
    costs = json.loads(capsys.readouterr().out)["costs"]
    assert all(costs[name] > 0 for name in COSTS)
