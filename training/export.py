"""From a checkpoint to a model folder: graphs, parity with the checkpoint, thresholds, figures, manifest and card."""

# pyright: reportMissingImports=false, reportUnknownParameterType=false, reportPrivateImportUsage=false

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from rich.console import Console
from rich.progress import track

from inference.detector import OnnxDetector
from inference.detector.manifest import MANIFEST_FILE, ClassFigures, Figures, GraphFile, Layout, Manifest
from training.card import card_text
from training.checkpoint import load_detector
from training.errors import ExportError
from training.evaluation import CURVE_FLOOR, ClassScore, Evaluation
from training.looks import read_pixels
from training.onnx_graph import build_graph
from training.parity import compare
from training.scored_pictures import ScoredPicture
from training.thresholds import choose_thresholds
from training.torch_detector import compare_views
from training.weights import save_weights

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


def export(plan: ExportPlan) -> Manifest:
    """Write the model folder, or nothing.

    Raises:
        CheckpointError: the checkpoint cannot be loaded.
        ExportError: the folder exists, or a graph is not the same model.
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
    graphs = tuple(_write_graph(checkpoint, plan, draft, input_hw) for input_hw in INPUTS_HW)
    classes = tuple(checkpoint.names[index] for index in sorted(checkpoint.names))
    manifest = Manifest(
        name=plan.out.parent.name,
        version=plan.out.name,
        task="detect",
        classes=classes,
        graphs=graphs,
        opens_at=dict.fromkeys(classes, 0.5),
        floor=FLOOR,
        nms_iou=NMS_IOU,
        licence=plan.licence,
        trained_on=plan.trained_on,
    )
    _save(manifest, draft)
    some = [read_pixels(p.path) for p in plan.pictures[:: max(1, len(plan.pictures) // PARITY_PICTURES)]]
    views = compare_views(checkpoint, OnnxDetector(draft).graphs, some, floor=FLOOR, nms_iou=NMS_IOU)
    parity = compare(views, floor=FLOOR)
    evaluation = Evaluation(OnnxDetector(draft, floor=CURVE_FLOOR), least_heights=plan.least_heights)
    evaluation.see(track(plan.pictures, description="pictures", console=Console(stderr=True)))
    thresholds = choose_thresholds({name: evaluation.matches(name) for name in classes}, plan.precision)
    opens_at = {name: chosen.value for name, chosen in thresholds.items()}
    scores = {name: evaluation.score(name, opens_at[name]) for name in classes}
    manifest = manifest.model_copy(update={"opens_at": opens_at, "figures": _figures(plan, scores)})
    _save(manifest, draft)
    (draft / "card.md").write_text(card_text(manifest, scores, thresholds, parity), encoding="utf-8")
    return manifest


def _write_graph(checkpoint: torch.nn.Module, plan: ExportPlan, draft: Path, input_hw: tuple[int, int]) -> GraphFile:
    data = build_graph(checkpoint, input_hw, plan.layout)
    file = f"{plan.out.parent.name}_{input_hw[0]}x{input_hw[1]}.onnx"
    (draft / file).write_bytes(data)
    return GraphFile(file=file, sha256=hashlib.sha256(data).hexdigest(), input_hw=input_hw, layout=plan.layout)


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
