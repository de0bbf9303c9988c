"""What needs torch. The serving install has none, so these are skipped there."""

# pyright: reportMissingImports=false

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from inference.detector import OnnxDetector
from inference.detector.manifest import Layout
from tests.labelled_street import SOURCES, Row, write_street
from tests.torch_checkpoint import noise, write_checkpoint
from training.errors import CheckpointError, ExportError, TrainingError
from training.scored_pictures import from_listing

torch: Any = pytest.importorskip("torch", reason="torch is in the extra `train` only")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),  # torch and ultralytics warn about themselves
]


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> None:
    """Threads of torch wait for each other busily: on shared cores two are slower than one."""
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A detector for two classes that has learned nothing, and sees something here and there in noise."""
    return write_checkpoint(tmp_path_factory.mktemp("weights") / "start.pt", SOURCES.classes)


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight pictures of a white spot to train on, and four of noise to score."""
    root = tmp_path_factory.mktemp("street")
    rng = np.random.default_rng(1)

    def spots(count: int) -> dict[str, list[Row]]:
        return {f"town/spots/p{i}": [(1, *rng.uniform(0.3, 0.7, 2).tolist(), 0.3, 0.4)] for i in range(count)}

    write_street(root, "train", spots(8))
    for line in write_street(root, "val", spots(4)).read_text(encoding="utf-8").split():
        cv2.imwrite(str(root / line), noise(len(line), (640, 360)))
    return root


def _plan(checkpoint: Path, street: Path, out: Path, layout: Layout, calibration: tuple[Path, ...] = ()) -> Any:
    from training.export import ExportPlan

    return ExportPlan(
        weights=checkpoint,
        out=out,
        layout=layout,
        pictures=from_listing(street / "val.txt", SOURCES),
        least_heights={},
        precision=0.9,
        licence="AGPL-3.0-or-later",
        trained_on="nothing",
        measured_on="drawn spots",
        command="jiexun-train evaluate",
        calibration=calibration,
    )


def test_suppression_keeps_the_best_of_what_overlaps() -> None:
    from training.ultralytics_setup import nms

    boxes = torch.tensor([[0.0, 0, 10, 10], [1, 0, 11, 10], [20, 20, 30, 30]])
    assert nms(boxes, torch.tensor([0.5, 0.9, 0.1]), 0.5).tolist() == [1, 2]
    assert nms(boxes, torch.tensor([0.5, 0.9, 0.1]), 0.95).tolist() == [1, 0, 2]
    assert nms(boxes[:0], torch.empty(0), 0.5).tolist() == []


@pytest.mark.parametrize("layout", list(Layout))
def test_an_exported_model_is_the_same_model(checkpoint: Path, street: Path, tmp_path: Path, layout: Layout) -> None:
    from training.export import export

    manifest = export(_plan(checkpoint, street, tmp_path / "spot" / "1", layout))
    detector = OnnxDetector(tmp_path / "spot" / "1")
    assert (manifest.name, manifest.version, detector.names) == ("spot", "1", SOURCES.classes)
    assert {graph.declared.layout for graph in detector.graphs} == {layout}
    assert "Parity with the checkpoint" in (tmp_path / "spot" / "1" / "card.md").read_text(encoding="utf-8")


def test_a_model_that_int8_ruins_is_refused_with_the_figures_and_nothing_is_left(
    checkpoint: Path, street: Path, tmp_path: Path
) -> None:
    from training.export import export

    seen = tuple(sorted(street.rglob("train/images/*.png")))[:2]
    with pytest.raises(ExportError, match=r"int8 has a mean AP50 of 0\.\d+ where torch has .*export without --int8"):
        export(_plan(checkpoint, street, tmp_path / "spot" / "1", Layout.CHANNELS_FIRST, seen))
    assert list((tmp_path / "spot").iterdir()) == []


def test_a_version_is_never_written_twice(checkpoint: Path, street: Path, tmp_path: Path) -> None:
    from training.export import export

    (tmp_path / "spot" / "1").mkdir(parents=True)
    with pytest.raises(ExportError, match="take the next number"):
        export(_plan(checkpoint, street, tmp_path / "spot" / "1", Layout.CHANNELS_FIRST))


class _Poison:
    def __init__(self, mark: Path) -> None:
        self._mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self._mark,))


@pytest.mark.parametrize("forced", ["0", "1"])
def test_a_poisoned_checkpoint_is_refused_and_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forced: str
) -> None:
    from training.checkpoint import load_detector

    monkeypatch.setenv("TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD", forced)
    mark = tmp_path / "ran"
    torch.save({"model": _Poison(mark)}, tmp_path / "poison.pt")
    with pytest.raises(CheckpointError, match="loaded safely"):
        load_detector(tmp_path / "poison.pt")
    assert not mark.exists()


def test_weights_beside_a_model_are_the_same_model_and_nothing_is_unpickled(checkpoint: Path, tmp_path: Path) -> None:
    from training.checkpoint import load_detector
    from training.weights import save_weights

    model = load_detector(checkpoint)
    save_weights(model, tmp_path)
    again = load_detector(tmp_path)
    planes = torch.from_numpy(noise(7).transpose(2, 0, 1)[None].astype(np.float32) / 255)
    with torch.inference_mode():
        assert torch.allclose(model(planes)[0], again(planes)[0], atol=1e-4)
    assert again.names == model.names
    (tmp_path / "architecture.yaml").write_text("name: yolo26n\nclasses: [a]\nactivation: print(1)\n", encoding="utf-8")
    with pytest.raises(CheckpointError, match="carries no weights"):
        load_detector(tmp_path)


def test_lost_weights_are_recovered_from_the_served_graphs(checkpoint: Path, street: Path, tmp_path: Path) -> None:
    from training.checkpoint import load_detector
    from training.export import export
    from training.recovery import recover

    folder = tmp_path / "spot" / "1"
    export(_plan(checkpoint, street, folder, Layout.CHANNELS_FIRST))
    for name in ("weights.safetensors", "architecture.yaml"):
        (folder / name).unlink()
    parity = recover(folder, "yolo26n", [noise(seed) for seed in range(6)])
    assert parity.objects > 0
    model = load_detector(folder)
    planes = torch.from_numpy(
        np.stack([noise(s) for s in range(6)]).transpose(0, 3, 1, 2)[:, ::-1].copy() / 255
    ).float()
    norms = [layer for layer in model.modules() if isinstance(layer, torch.nn.BatchNorm2d)]
    before = [layer.running_var.clone() for layer in norms]
    for layer in norms:
        layer.momentum = 1.0
    with torch.no_grad():
        model.train()(planes)
    ratios = [layer.running_var / old.clamp_min(1e-6) for layer, old in zip(norms, before, strict=True)]
    assert 0.3 < float(torch.stack([r.median() for r in ratios]).median()) < 3  # training sees what it measured
    with pytest.raises(CheckpointError, match="architecture"):
        recover(folder, "yolo26s", [noise(0)])


def test_a_class_that_a_source_does_not_label_is_no_background_there() -> None:
    from training.ultralytics_setup import prepare_ultralytics

    prepare_ultralytics()
    from training.masked_loss import COMPLETED_WEIGHT, background_weights, split_sources

    centres = torch.tensor([[0.25, 0.5], [0.75, 0.5], [0.5, 0.95]])
    batch = {  # left half from town/spots (class 2), right half from town/things (class 3), the bottom padded
        "cls": torch.tensor([[1.0], [2.0], [3.0]]),
        "bboxes": torch.tensor([[0.2, 0.2, 0.1, 0.1], [0.25, 0.45, 0.5, 0.9], [0.75, 0.45, 0.5, 0.9]]),
        "batch_idx": torch.zeros(3),
    }
    objects, background = split_sources(batch, centres, background_weights(SOURCES), 1)
    assert objects["cls"].tolist() == [[1.0]]
    assert background[0].tolist() == [[COMPLETED_WEIGHT, 1.0], [1.0, 0.0], [0.0, 0.0]]


def test_where_a_person_saw_that_a_class_is_absent_it_is_background() -> None:
    from training.checkpoint import prepare_ultralytics

    prepare_ultralytics()
    from training.masked_loss import background_weights, split_sources

    centres = torch.tensor([[0.25, 0.5], [0.75, 0.5]])
    batch = {  # from town/things, which labels class 0 only; in the right half nobody saw class 1
        "cls": torch.tensor([[3.0], [5.0]]),
        "bboxes": torch.tensor([[0.5, 0.5, 1.0, 1.0], [0.75, 0.5, 0.3, 0.3]]),
        "batch_idx": torch.zeros(2),
    }
    objects, background = split_sources(batch, centres, background_weights(SOURCES), 1)
    assert len(objects["cls"]) == 0
    assert background[0].tolist() == [[1.0, 0.0], [1.0, 1.0]]


def test_on_an_object_every_class_counts_and_elsewhere_only_labelled_ones() -> None:
    from training.ultralytics_setup import prepare_ultralytics

    prepare_ultralytics()
    from training.masked_loss import MaskedBCE

    loss = MaskedBCE()
    loss.background = torch.tensor([[[1.0, 0.0], [1.0, 0.0]]])
    targets = torch.tensor([[[0.0, 1.0], [0.0, 0.0]]])
    result = loss(torch.zeros(1, 2, 2), targets)[0]
    assert (result[0] > 0).all()
    assert (result[1] > 0).tolist() == [True, False]


def test_a_few_steps_of_training_lower_the_loss_and_a_finished_run_stays_as_it_is(
    checkpoint: Path, street: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from training.plan import TrainingPlan
    from training.train import train

    monkeypatch.setenv("YOLO_CONFIG_DIR", str(tmp_path / "settings"))
    plan = TrainingPlan(
        listings=(street / "train.txt", street / "val.txt"),
        sources=SOURCES,
        weights=checkpoint,
        out=tmp_path / "run",
        image_side=64,
        epochs=6,
        batch=4,
        learning_rate=2e-3,
    )
    last = train(plan)
    assert last.is_file()
    rows = [line.split(",") for line in (tmp_path / "run" / "results.csv").read_text(encoding="utf-8").splitlines()]
    column = [name.strip() for name in rows[0]].index("train/cls_loss")
    losses = [float(row[column]) for row in rows[1:]]
    assert len(losses) == 6
    assert losses[-1] < losses[0]
    with pytest.raises(TrainingError, match="finished"):
        train(plan)
    assert (tmp_path / "run" / "curves.svg").read_text(encoding="utf-8").count("<polyline") >= 3
    settings = json.loads((tmp_path / "run" / "settings.json").read_text(encoding="utf-8"))
    assert (settings["seed"], settings["weather"]["rain"], settings["wide_share"]) == (1, 0.06, 0.5)
    assert settings["numbers"].startswith(("float32", "bfloat16"))


INTERRUPTED = """
import sys
from pathlib import Path
from tests.labelled_street import SOURCES
from training.plan import TrainingPlan
from training.train import train
street, start, out = map(Path, sys.argv[1:])
train(TrainingPlan(listings=(street / "train.txt", street / "val.txt"), sources=SOURCES, weights=start, out=out,
                   image_side=64, epochs=400, batch=4, threads=1))
"""


def test_a_run_that_was_killed_is_taken_up_after_its_last_epoch(checkpoint: Path, street: Path, tmp_path: Path) -> None:
    root, out = Path(__file__).parents[2], tmp_path / "run"
    environment = {**os.environ, "PYTHONPATH": str(root), "YOLO_CONFIG_DIR": str(tmp_path / "settings")}
    command = [sys.executable, "-c", INTERRUPTED, str(street), str(checkpoint), str(out)]

    def run_until_epoch(number: int) -> list[int]:
        with subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.DEVNULL) as run:
            while run.poll() is None and not (out / "weights" / f"epoch{number}.pt").is_file():
                time.sleep(0.2)
            run.kill()
        rows = (out / "results.csv").read_text(encoding="utf-8").splitlines()[1:]
        return [int(row.split(",")[0]) for row in rows]

    first = run_until_epoch(1)
    assert len(first) >= 2
    second = run_until_epoch(first[-1] + 1)
    assert second[: len(first)] == first
    assert second == sorted(set(second))
    assert second[-1] > first[-1]


def test_an_accelerator_that_is_not_there_is_refused(checkpoint: Path, street: Path, tmp_path: Path) -> None:
    from training.plan import TrainingPlan
    from training.train import train

    listings = (street / "train.txt", street / "val.txt")
    plan = TrainingPlan(listings=listings, sources=SOURCES, weights=checkpoint, out=tmp_path / "run", device="99")
    with pytest.raises(TrainingError, match="no accelerator '99'"):
        train(plan)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(("able", "bfloat16"), [({}, False), ({"avx512_bf16": True}, True), ({"amx_bf16": True}, True)])
def test_bfloat16_is_taken_only_where_the_processor_has_it(able: dict[str, object], bfloat16: bool) -> None:
    from training.numerics import choose_numerics

    assert choose_numerics(torch.device("cpu"), able).bfloat16 is bfloat16


def test_a_wide_batch_keeps_what_lies_in_its_band() -> None:
    from training.wide import cut_wide

    batch = {
        "img": torch.arange(640.0).view(1, 1, 640, 1).expand(1, 3, 640, 640),
        "cls": torch.tensor([[1.0], [2.0], [3.0]]),
        "bboxes": torch.tensor([[0.5, 0.5, 0.2, 0.3], [0.5, 0.05, 0.2, 0.1], [0.5, 0.5, 1.0, 1.0]]),
        "batch_idx": torch.zeros(3),
    }
    cut = cut_wide(batch, 0.0)
    assert cut["img"].shape == (1, 3, 384, 640)
    assert cut["img"][0, 0, 0, 0] == 128
    assert cut["cls"].view(-1).tolist() == [1, 3]  # the one at the upper edge is not seen, the source box is cut
    assert cut["bboxes"].tolist() == [pytest.approx([0.5, 0.5, 0.2, 0.5]), pytest.approx([0.5, 0.5, 1.0, 1.0])]
