"""From verdicts to a candidate with its gate report, in one go."""

# pyright: reportMissingImports=false

from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import pytest

from inference.errors import GateError
from tests import labelled_exports as exports
from tests.labelled_exports import CLASSES, plan
from tests.torch_checkpoint import noise, write_checkpoint
from training.freeze.freezing import freeze
from training.freeze.item import Split
from training.freeze.manifest import read_manifest

torch: Any = pytest.importorskip("torch", reason="torch is in the extra `train` only")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.filterwarnings("ignore")]

WRONG = {"decision": "reject", "reason": "not_there"}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A frozen version, a champion with weights, and four verdicts."""
    from inference.detector.manifest import Layout
    from training.export import ExportPlan, export
    from training.loop import LoopPlan

    torch.set_num_threads(1)
    root = tmp_path_factory.mktemp("loop")
    folder = exports.yolo(root / "export", range(8))
    for number in range(8):
        cv2.imwrite(str(folder / "images" / f"p{number}.jpg"), noise(number, (160, 96)))
    version = freeze(plan(root, folder, val_share=0.5)).folder
    champion = root / "models" / "town" / "1"
    export(
        ExportPlan(
            weights=write_checkpoint(root / "start.pt", CLASSES.classes),
            out=champion,
            layout=Layout.CHANNELS_FIRST,
            pictures=_val(version),
            least_heights={},
            precision=0.9,
            licence="CC0-1.0",
            trained_on="noise",
            measured_on="noise",
            command="none",
        )
    )
    exports.write(folder / "fixed.yaml", "val: images\nnames: [garbage]\n")
    return LoopPlan(
        verdicts=exports.verdicts(root / "said", [{**WRONG, "seed": 100 + number} for number in range(4)]),
        parent=version,
        champion=champion,
        out=root / "turn",
        datasets=root / "datasets",
        regression=folder / "fixed.yaml",
        epochs=1,
        image_side=64,
        batch=4,
        repeats=2,
        replay=2,
        threads=1,
    )


def _val(version: Path) -> Any:
    from training.scored_pictures import from_listing
    from training.sources import read_sources

    return from_listing(version / "val.txt", read_sources(version / "sources.yaml"))


def test_one_turn_of_the_loop_and_what_is_done_stays_done(
    town: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from training.loop import loop

    monkeypatch.setenv("YOLO_CONFIG_DIR", str(tmp_path / "settings"))
    turn = loop(town)
    manifest = read_manifest(turn.version)
    parent = read_manifest(town.parent)
    assert manifest.of(Split.VAL) == parent.of(Split.VAL)
    assert sum(picture.source == "verdicts/service" for picture in manifest.of(Split.TRAIN)) == 4
    shown = (town.out / "train.txt").read_text(encoding="utf-8").split()
    assert sum("verdicts/service" in line for line in shown) == 8
    assert len(shown) == 10
    assert turn.candidate == town.out / "town" / "2"
    assert turn.report.challenger.version == "2"
    assert (town.out / "gate" / "gate.md").is_file()

    written = {path: path.stat().st_mtime_ns for path in turn.candidate.rglob("*")}
    again = loop(town)
    assert again == turn
    assert {path: path.stat().st_mtime_ns for path in turn.candidate.rglob("*")} == written

    with pytest.raises(GateError, match="another folder"):
        loop(replace(town, epochs=2))


def test_a_folder_without_verdicts_is_refused(town: Any, tmp_path: Path) -> None:
    from training.loop import loop

    with pytest.raises(GateError, match=r"holds no verdicts\.jsonl"):
        loop(replace(town, verdicts=tmp_path, out=tmp_path / "turn"))
