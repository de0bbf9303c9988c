"""The gate on folders, as the command line and the loop run it."""

from pathlib import Path

import pytest

from inference.detector.gate_report import read_report
from inference.errors import GateError
from tests.detector_models import bright_spot_folder
from tests.labelled_street import SOURCES, write_street
from training.freeze.freezing import FreezePlan, freeze
from training.freeze.inputs import Reading
from training.gate.run import run_gate


def version(tmp_path: Path) -> Path:
    """Three pictures of a bright spot to measure on, one to train on."""
    street = tmp_path / "street"
    write_street(street, "train", {"town/spots/t": [(1, 0.2, 0.2, 0.1, 0.2)]})
    write_street(street, "val", {f"town/spots/v{n}": [(1, 0.3 + n / 5, 0.6, 0.2, 0.3 - n / 20)] for n in range(3)})
    (tmp_path / "scratch").mkdir()
    reading = Reading(sources=SOURCES, scratch=tmp_path / "scratch")
    return freeze(FreezePlan(inputs=(street,), reading=reading, name="town", out=tmp_path / "datasets")).folder


def test_a_report_is_written_once_and_can_be_read(tmp_path: Path) -> None:
    data, model = version(tmp_path), bright_spot_folder(tmp_path / "model")
    fixed = tmp_path / "street/town/spots/val"
    (fixed / "data.yaml").write_text("val: images\nnames: [thing, bright]\n", encoding="utf-8")

    def run(frozen: Path) -> object:
        return run_gate(
            challenger=model,
            champion=model,
            data=frozen,
            regression=fixed / "data.yaml",
            vehicles_from=0.08,
            out=tmp_path / "gate",
        )

    report = run(data)
    assert read_report(tmp_path / "gate" / "gate.json") == report
    assert (tmp_path / "gate" / "gate.md").is_file()
    with pytest.raises(GateError, match="never rewritten"):
        run(data)
    with pytest.raises(GateError, match="not a frozen version"):
        run(fixed)
