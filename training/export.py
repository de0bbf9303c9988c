"""From a checkpoint to a model folder: graphs, parity with the checkpoint, thresholds, figures, manifest and card."""

# pyright: reportMissingImports=false, reportUnknownParameterType=false, reportPrivateImportUsage=false

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import track

from inference.detector import Detector, OnnxDetector
from inference.detector.manifest import MANIFEST_FILE, ClassFigures, Figures, GraphFile, Layout, Manifest, Numbers
from training.card import card_text
from training.checkpoint import load_detector
from training.errors import ExportError
from training.evaluation import CURVE_FLOOR, ClassScore, Evaluation
from training.looks import read_pixels
from training.losses import Losses, mean_ap50, refuse_losses
from training.onnx_graph import build_graph
from training.parity import compare
from training.quantisation import quantise
from training.scored_pictures import ScoredPicture
from training.speed import measure_speeds, worth_running
from training.thresholds import choose_thresholds
from training.torch_detector import compare_views, torch_detector
from training.weights import save_weights

if TYPE_CHECKING:
    from ultralytics.nn.tasks import DetectionModel

INPUTS_HW = ((384, 640), (640, 640))
FLOOR = 0.1
NMS_IOU = 0.6
PARITY_PICTURES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportPlan:
    """What to export, and what to say about it.

    Attributes:
        weights: the checkpoint.
        out: new folder `NAME/VERSION`.
        layout: which head of the checkpoint.
        pictures: labelled pictures of the val split: parity, thresholds and figures are measured on them.
        least_heights: by class, share of the picture's height below which objects are not scored.
        precision: that thresholds are chosen for.
        licence: of the weights, SPDX.
        trained_on: the data, in words.
        measured_on: the pictures, in words.
        command: that measures the figures again.
        calibration: street pictures, of training, for the ranges of int8; none: no int8 graphs.
    """

    weights: Path
    out: Path
    layout: Layout
    pictures: Sequence[ScoredPicture]
    least_heights: dict[str, float]
    precision: float
    licence: str
    trained_on: str
    measured_on: str
    command: str
    calibration: Sequence[Path] = ()


def export(plan: ExportPlan) -> Manifest:
    """Write the model folder, or nothing.

    Raises:
        CheckpointError: the checkpoint cannot be loaded.
        ExportError: the folder exists, a graph is not the same model, or it loses more than is allowed.
    """
    if plan.out.exists():
        raise ExportError(f"{plan.out} exists: a version never changes, take the next number")
    draft = plan.out.with_name(f".{plan.out.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        manifest = _write(plan, draft)
        draft.rename(plan.out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return manifest


def _write(plan: ExportPlan, draft: Path) -> Manifest:
    checkpoint = load_detector(plan.weights)
    save_weights(checkpoint, draft)
    manifest = _manifest(plan, checkpoint, draft)
    _save(manifest, draft)
    some = [read_pixels(p.path) for p in plan.pictures[:: max(1, len(plan.pictures) // PARITY_PICTURES)]]
    graphs = OnnxDetector(draft, numbers=Numbers.FLOAT32).graphs
    parity = compare(compare_views(checkpoint, graphs, some, floor=FLOOR, nms_iou=NMS_IOU), floor=FLOOR)
    evaluation = _evaluate(plan, OnnxDetector(draft, floor=CURVE_FLOOR, numbers=Numbers.FLOAT32), "float32")
    losses = _measure_losses(plan, checkpoint, manifest, draft, evaluation)
    thresholds = choose_thresholds({name: evaluation.matches(name) for name in manifest.classes}, plan.precision)
    opens_at = {name: chosen.value for name, chosen in thresholds.items()}
    scores = {name: evaluation.score(name, opens_at[name]) for name in manifest.classes}
    speeds = measure_speeds(draft, manifest)
    update = {"opens_at": opens_at, "figures": _figures(plan, scores), "runs": worth_running(speeds)}
    manifest = manifest.model_copy(update=update)
    _save(manifest, draft)
    card = card_text(manifest, scores, thresholds, parity, losses=losses, speeds=speeds)
    (draft / "card.md").write_text(card, encoding="utf-8")
    return manifest


def _manifest(plan: ExportPlan, checkpoint: "DetectionModel", draft: Path) -> Manifest:
    classes = tuple(checkpoint.names[index] for index in sorted(checkpoint.names))
    seen = [read_pixels(path) for path in plan.calibration]
    graphs: list[GraphFile] = []
    for input_hw in INPUTS_HW:
        data = build_graph(checkpoint, input_hw, plan.layout)
        graphs.append(_write_graph(data, plan, draft, input_hw, Numbers.FLOAT32))
        if seen:
            graphs.append(_write_graph(quantise(data, seen), plan, draft, input_hw, Numbers.INT8))
    return Manifest(
        name=plan.out.parent.name,
        version=plan.out.name,
        task="detect",
        classes=classes,
        graphs=tuple(graphs),
        opens_at=dict.fromkeys(classes, 0.5),
        floor=FLOOR,
        nms_iou=NMS_IOU,
        licence=plan.licence,
        trained_on=plan.trained_on,
    )


def _measure_losses(
    plan: ExportPlan, checkpoint: "DetectionModel", manifest: Manifest, draft: Path, exported: Evaluation
) -> Losses:
    inputs_wh = [(width, height) for height, width in INPUTS_HW]
    original = torch_detector(checkpoint, inputs_wh, plan.layout, floor=CURVE_FLOOR, nms_iou=NMS_IOU)
    means = {"torch": mean_ap50(_evaluate(plan, original, "torch"), manifest.classes)}
    means["float32"] = mean_ap50(exported, manifest.classes)
    if plan.calibration:
        small = OnnxDetector(draft, floor=CURVE_FLOOR, numbers=Numbers.INT8)
        means["int8"] = mean_ap50(_evaluate(plan, small, "int8"), manifest.classes)
    return refuse_losses(means)


def _evaluate(plan: ExportPlan, detector: Detector, called: str) -> Evaluation:
    evaluation = Evaluation(detector, least_heights=plan.least_heights)
    evaluation.see(track(plan.pictures, description=f"pictures, {called}", console=Console(stderr=True)))
    return evaluation


def _write_graph(data: bytes, plan: ExportPlan, draft: Path, input_hw: tuple[int, int], numbers: Numbers) -> GraphFile:
    mark = "" if numbers is Numbers.FLOAT32 else f"_{numbers}"
    file = f"{plan.out.parent.name}_{input_hw[0]}x{input_hw[1]}{mark}.onnx"
    (draft / file).write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    return GraphFile(file=file, sha256=digest, input_hw=input_hw, layout=plan.layout, numbers=numbers)


def _save(manifest: Manifest, draft: Path) -> None:
    text = manifest.model_dump_json(indent=2)
    (draft / MANIFEST_FILE).write_text(f"{text}\n", encoding="utf-8")


def _figures(plan: ExportPlan, scores: dict[str, ClassScore]) -> Figures:
    classes = {
        name: ClassFigures(
            ap50=_rounded(score.ap50),
            objects=score.objects,
            precision=_rounded(score.precision),
            recall=_rounded(score.recall),
        )
        for name, score in scores.items()
    }
    return Figures(measured_on=plan.measured_on, command=plan.command, classes=classes)


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 3)
