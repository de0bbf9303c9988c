"""Ultralytics made importable, quiet and safe; and non-maximum suppression where torchvision lacks it.

The wheels of torchvision are built for CUDA; beside a CPU build of torch their compiled operators do not load, and
ultralytics does not import. Only `nms` is needed, so it is defined here, before torchvision is first imported.
"""

# pyright: reportMissingImports=false, reportUnknownParameterType=false

import os

import torch

_OFFLINE = {
    "YOLO_AUTOINSTALL": "false",  # ultralytics installs packages on its own otherwise
    "YOLO_OFFLINE": "1",  # and sends usage figures
    "ULTRALYTICS_SAFE_LOAD": "1",  # weights_only with a list of known classes: nothing in a checkpoint is executed
}
_NMS = "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
_QNMS = "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
_kept_alive: list[torch.library.Library] = []


def prepare_ultralytics() -> None:
    """Make ultralytics importable and quiet. Call before its first import."""
    os.environ.update(_OFFLINE)
    ensure_nms()


def ensure_nms() -> None:
    """Define the missing operator, and let torchvision know. Does nothing where the compiled ones load."""
    if _kept_alive or _has_compiled_nms():
        return
    library = torch.library.Library("torchvision", "FRAGMENT")
    for schema in (_NMS, _QNMS):
        library.define(schema)
        library.impl(schema.partition("(")[0], nms, "CPU")
    _kept_alive.append(library)
    import torchvision.extension

    torchvision.extension._has_ops = lambda: True


def _has_compiled_nms() -> bool:
    from importlib.util import find_spec
    from pathlib import Path

    found = find_spec("torchvision")
    if found is None or found.origin is None:
        return False
    try:
        torch.ops.load_library(Path(found.origin).with_name("_C.so"))
    except OSError:
        return False
    return hasattr(torch.ops.torchvision, "nms")


def nms(boxes: torch.Tensor, scores: torch.Tensor, iou_threshold: float) -> torch.Tensor:
    """Greedy non-maximum suppression.

    Args:
        boxes: (n, 4) x1 y1 x2 y2.
        scores: (n,).
        iou_threshold: boxes that overlap a better one by more than this are dropped.

    Returns:
        Indices of the boxes that stay, best first.
    """
    kept: list[torch.Tensor] = []
    order = scores.argsort(descending=True, stable=True)
    areas = (boxes[:, 2:] - boxes[:, :2]).clamp(min=0).prod(dim=1)
    while order.numel():
        best, rest = order[0], order[1:]
        kept.append(best)
        low = torch.maximum(boxes[best, :2], boxes[rest, :2])
        high = torch.minimum(boxes[best, 2:], boxes[rest, 2:])
        shared = (high - low).clamp(min=0).prod(dim=1)
        order = rest[shared <= iou_threshold * (areas[best] + areas[rest] - shared)]
    return torch.stack(kept) if kept else scores.new_empty(0, dtype=torch.long)
