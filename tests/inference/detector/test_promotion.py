"""Promotion: only what passed, whole or not at all, and back again."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inference.detector import OnnxDetector, current_model
from inference.detector.gate_report import Check, GateReport, mark_of
from inference.detector.promotion import ModelState, promote, roll_back, state_of
from inference.errors import GateError
from tests.detector_models import bright_spot_folder

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    models = tmp_path / "models"
    a_model(models / "spot" / "1", "1")
    (models / "current").write_text("spot/1\n", encoding="utf-8")
    return models


def a_model(folder: Path, version: str) -> Path:
    folder.mkdir(parents=True)
    bright_spot_folder(folder)
    manifest = folder / "manifest.json"
    text = manifest.read_text(encoding="utf-8")
    said = json.loads(text) | {"name": "spot", "version": version}
    manifest.write_text(json.dumps(said), encoding="utf-8")
    return folder


def a_report(path: Path, champion: Path, challenger: Path, refused: str = "") -> Path:
    report = GateReport(
        champion=mark_of(champion),
        challenger=mark_of(challenger),
        data="town/0123456789ab",
        regression="0" * 64,
        checks=(Check(what="ap50", of="bright", refused=refused),),
    )
    path.write_text(report.model_dump_json(), encoding="utf-8")
    return path


def promoted(tmp_path: Path, models: Path, version: str) -> str:
    new = a_model(tmp_path / f"new{version}", version)
    report = a_report(tmp_path / f"gate{version}.json", current_model(models), new)
    return promote(new, report, models, at=NOON)


def test_a_model_that_passed_becomes_current_and_the_one_before_retires(tmp_path: Path, models: Path) -> None:
    assert promoted(tmp_path, models, "2") == "spot/2"
    assert OnnxDetector(current_model(models)).manifest.version == "2"
    assert (models / "spot" / "2" / "gate.json").is_file()
    assert (state_of(models, "spot/1"), state_of(models, "spot/2")) == (ModelState.RETIRED, ModelState.CURRENT)


def test_rollback_goes_back_to_the_one_before(tmp_path: Path, models: Path) -> None:
    promoted(tmp_path, models, "2")
    promoted(tmp_path, models, "3")
    assert roll_back(models, at=NOON) == "spot/2"
    assert current_model(models) == models / "spot" / "2"
    assert state_of(models, "spot/3") is ModelState.RETIRED


def test_a_second_rollback_goes_one_further_back(tmp_path: Path, models: Path) -> None:
    promoted(tmp_path, models, "2")
    promoted(tmp_path, models, "3")
    assert [roll_back(models, at=NOON) for _ in range(2)] == ["spot/2", "spot/1"]
    with pytest.raises(GateError, match="none to go back to"):
        roll_back(models, at=NOON)


def test_the_first_model_has_nothing_to_go_back_to(models: Path) -> None:
    with pytest.raises(GateError, match="none to go back to"):
        roll_back(models, at=NOON)


def test_a_refused_model_is_not_promoted(tmp_path: Path, models: Path) -> None:
    new = a_model(tmp_path / "new", "2")
    report = a_report(tmp_path / "gate.json", models / "spot" / "1", new, refused="bright: ap50 falls")
    with pytest.raises(GateError, match="ap50 falls"):
        promote(new, report, models, at=NOON)
    assert sorted(path.name for path in (models / "spot").iterdir()) == ["1"]


@pytest.mark.parametrize("changed", ["challenger", "champion", "graph"])
def test_a_report_about_something_else_promotes_nothing(tmp_path: Path, models: Path, changed: str) -> None:
    new = a_model(tmp_path / "new", "2")
    report = a_report(tmp_path / "gate.json", models / "spot" / "1", new)
    if changed == "graph":
        graph = next(new.glob("*.onnx"))
        graph.write_bytes(graph.read_bytes() + b"x")
    else:
        manifest = {"challenger": new, "champion": models / "spot" / "1"}[changed] / "manifest.json"
        manifest.write_text(manifest.read_text(encoding="utf-8") + " ", encoding="utf-8")
    with pytest.raises(GateError, match="again"):
        promote(new, report, models, at=NOON)
    assert current_model(models) == models / "spot" / "1"
    assert sorted(path.name for path in (models / "spot").iterdir()) == ["1"]


def test_another_model_of_the_same_name_is_never_overwritten(tmp_path: Path, models: Path) -> None:
    a_model(models / "spot" / "2", "2")
    manifest = models / "spot" / "2" / "manifest.json"
    manifest.write_text(manifest.read_text(encoding="utf-8") + " ", encoding="utf-8")
    with pytest.raises(GateError, match="next version"):
        promoted(tmp_path, models, "2")


def test_a_model_is_a_candidate_until_its_report_lies_beside_it(tmp_path: Path, models: Path) -> None:
    new = a_model(models / "spot" / "2", "2")
    assert state_of(models, "spot/2") is ModelState.CANDIDATE
    a_report(new / "gate.json", models / "spot" / "1", new)
    assert state_of(models, "spot/2") is ModelState.PASSED
