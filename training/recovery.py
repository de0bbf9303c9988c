"""Trainable weights out of a served ONNX graph, where the checkpoint it was exported from is lost.

Export folds each BatchNorm into the convolution before it: W·x + b. The way back is not unique, but one choice gives
the same output and trains: keep W in the convolution, measure mean μ and deviation σ of W·x on street pictures, and set
γ = σ, β = b + μ. In evaluation nothing changes; in training mode the statistics of a batch are close to the measured
ones, so that the first step does not tear the network apart.
"""

# pyright: reportMissingImports=false, reportUnknownParameterType=false, reportPrivateImportUsage=false

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from inference.detector import OnnxDetector
from inference.detector.letterbox import Canvas
from inference.detector.manifest import Layout, Manifest, read_manifest
from inference.frame import ImageBGR
from training.errors import CheckpointError, ExportError
from training.parity import Parity, compare
from training.torch_detector import compare_views, planes_of
from training.weights import (
    ARCHITECTURE_FILE,
    WEIGHTS_FILE,
    Architecture,
    build_detector,
    load_weights,
    save_weights,
)

if TYPE_CHECKING:
    from ultralytics.nn.tasks import DetectionModel

PREFIX = "detector."
STATISTICS_SIDE_PX = 448
PARITY_PICTURES = 12


@dataclass(frozen=True, slots=True, eq=False)
class _Folded:
    """A convolution whose BatchNorm lies folded in `bias`."""

    norm: torch.nn.BatchNorm2d
    bias: torch.Tensor


def recover(folder: Path, architecture: str, pictures: Sequence[ImageBGR]) -> Parity:
    """Write `weights.safetensors` and `architecture.yaml` into a model folder whose graphs are `channels_first`.

    Args:
        folder: of the model.
        architecture: that it was trained in, for example `yolo26n`.
        pictures: of streets, some 200: for the statistics, and a few of them for the parity check.

    Raises:
        CheckpointError: the graph is not of this architecture.
        ExportError: what was recovered is not the same model.
    """
    manifest = read_manifest(folder)
    declared = manifest.graphs[0]
    if declared.layout is not Layout.CHANNELS_FIRST:
        raise CheckpointError(f"{folder} has NMS-free graphs: the head that is trained is not among their weights")
    tensors = _tensors(folder / declared.file)
    last = max((name for name in tensors if ".cv3.0." in name and name.endswith(".weight")), default=None)
    described = Architecture(
        name=architecture,
        classes=manifest.classes,
        class_branch_width=tensors[last].shape[1] if last else len(manifest.classes),
        nms_free_head=False,
    )
    model = build_detector(described).eval()
    _set_statistics(model, _fill(model, tensors), pictures)
    save_weights(model, folder)
    try:
        return _parity(folder, manifest, pictures[:: max(1, len(pictures) // PARITY_PICTURES)])
    except ExportError:
        for name in (WEIGHTS_FILE, ARCHITECTURE_FILE):
            (folder / name).unlink()
        raise


def _parity(folder: Path, manifest: Manifest, pictures: Sequence[ImageBGR]) -> Parity:
    graphs = OnnxDetector(folder).graphs
    views = compare_views(load_weights(folder), graphs, pictures, floor=manifest.floor, nms_iou=manifest.nms_iou)
    return compare(views, floor=manifest.floor)


def _tensors(graph: Path) -> dict[str, torch.Tensor]:
    loaded = onnx.load(graph, load_external_data=False).graph
    values = {tensor.name: tensor for tensor in loaded.initializer}
    found: dict[str, torch.Tensor] = {}
    for node in loaded.node:  # by node: slimming lets convolutions share a bias that is the same
        if node.op_type == "Conv" and node.input[1].startswith(PREFIX) and len(node.input) == 3:
            name = node.input[1].removeprefix(PREFIX)
            found[name] = _tensor(values[node.input[1]])
            found[f"{name.removesuffix('.weight')}.bias"] = _tensor(values[node.input[2]])
    first = found.get("model.0.conv.weight")
    if first is None:
        raise CheckpointError(f"{graph} was not exported by jiexun-train: its weights have no names to find them by")
    found["model.0.conv.weight"] = (first * 255.0)[:, [2, 1, 0]]  # undoes `onnx_graph`
    return found


def _tensor(value: onnx.TensorProto) -> torch.Tensor:
    return torch.from_numpy(np.array(numpy_helper.to_array(value)))


def _fill(model: "DetectionModel", tensors: dict[str, torch.Tensor]) -> list[_Folded]:
    """Put the weights in, BatchNorm only adding the bias for now."""
    folded: list[_Folded] = []
    modules = dict(model.named_modules())
    needed = {name for name, part in modules.items() if isinstance(part, torch.nn.Conv2d) and "dfl" not in name}
    given = {name.removesuffix(".weight") for name in tensors if name.endswith(".weight")}
    if needed - given or given - needed:
        raise CheckpointError(f"the graph has other convolutions than {model.yaml['yaml_file']}: name its architecture")
    for name in sorted(needed):
        convolution, weight, bias = modules[name], tensors[f"{name}.weight"], tensors[f"{name}.bias"]
        if convolution.weight.shape != weight.shape:
            raise CheckpointError(f"{name} is {tuple(weight.shape)} in the graph: name its architecture")
        convolution.weight.data = weight.clone()
        if convolution.bias is not None:
            convolution.bias.data = bias.clone()
            continue
        norm = modules[f"{name.removesuffix('.conv')}.bn"]
        norm.running_mean.zero_()
        norm.running_var.fill_(1 - norm.eps)
        norm.weight.data.fill_(1)
        norm.bias.data = bias.clone()
        folded.append(_Folded(norm, bias))
    return folded


def _set_statistics(model: "DetectionModel", folded: list[_Folded], pictures: Sequence[ImageBGR]) -> None:
    sums: dict[torch.nn.Module, list[torch.Tensor]] = {}

    def add(norm: torch.nn.Module, given: tuple[torch.Tensor]) -> None:
        variance, mean = (v.double() for v in torch.var_mean(given[0], (0, 2, 3), correction=0))
        pixels = given[0].numel() / given[0].shape[1]
        part = [torch.tensor(pixels), mean * pixels, (variance + mean.square()) * pixels]
        sums[norm] = [a + b for a, b in zip(sums[norm], part, strict=True)] if norm in sums else part

    hooks = [layer.norm.register_forward_pre_hook(add) for layer in folded]
    canvas = Canvas((STATISTICS_SIDE_PX, STATISTICS_SIDE_PX))
    with torch.inference_mode():
        for picture in pictures:
            canvas.place(picture)
            model(planes_of(canvas.pixels))
    for hook in hooks:
        hook.remove()
    for layer in folded:
        count, total, squares = sums[layer.norm]
        mean = total / count
        layer.norm.running_mean.copy_(mean)
        layer.norm.running_var.copy_((squares / count - mean.square()).clamp_min(1e-9))
        layer.norm.weight.data = torch.sqrt(layer.norm.running_var + layer.norm.eps)
        layer.norm.bias.data = layer.bias + layer.norm.running_mean
