"""A detector of torch that has learned nothing, for tests of what is done with checkpoints."""

# pyright: reportMissingImports=false

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from inference.frame import ImageBGR


def write_checkpoint(path: Path, classes: Sequence[str]) -> Path:
    """A checkpoint that sees something here and there in noise. Needs torch."""
    import torch

    from training.ultralytics_setup import prepare_ultralytics

    prepare_ultralytics()
    from ultralytics.nn.tasks import DetectionModel

    torch.manual_seed(1)
    model = DetectionModel("yolo26n.yaml", nc=len(classes), verbose=False)
    model.names = dict(enumerate(classes))
    settle(model)
    head = model.model[-1]
    for branch in (*head.cv3, *head.one2one_cv3):
        torch.nn.init.normal_(branch[-1].weight, std=0.1)
        branch[-1].bias.data[:] = -7.0
    for branch in (*head.cv2, *head.one2one_cv2):
        torch.nn.init.normal_(branch[-1].weight, std=0.003)  # boxes of positive size
    torch.save({"model": model.half(), "train_args": {"task": "detect"}}, path)
    return path


def noise(seed: int, size_wh: tuple[int, int] = (320, 320)) -> ImageBGR:
    coarse = np.random.default_rng(seed).integers(0, 256, (12, 12, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(coarse, size_wh, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


def settle(model: Any) -> None:
    """Give a fresh network the statistics of its layers; without them it sees the same everywhere."""
    import torch

    norms = [layer for layer in model.modules() if isinstance(layer, torch.nn.BatchNorm2d)]
    for layer in norms:
        layer.momentum = 1.0
    planes = np.stack([noise(seed) for seed in range(4)]).transpose(0, 3, 1, 2).astype(np.float32) / 255
    with torch.no_grad():
        model.train()(torch.from_numpy(planes))
    for layer in norms:
        layer.momentum = 0.03
    model.eval()
