"""Wide batches: training also sees the 384×640 in which most cameras are served, and a step costs 0.6 of a square one.

A batch of squares is cut to their middle band. There lies a letterboxed 16:9 picture whole; of a mosaic, the seam.
"""

# pyright: reportMissingImports=false

from typing import Any

import torch

HEIGHT_SHARE = 0.6  # 384 / 640
STRIDE_PX = 32
LEAST_SEEN = 0.35
"""Share of a box's area that must lie in the band for the box to be kept."""


def cut_wide(batch: dict[str, Any], shift: float) -> dict[str, Any]:
    """Cut a batch to a band.

    Args:
        batch: `img` (b, 3, s, s), and of all boxes `cls` (n, 1), `bboxes` (n, 4) xywh as shares, `batch_idx` (n,).
        shift: of the band from the middle, as share of the side, -0.2 to 0.2.

    Returns:
        The batch with `img` (b, 3, h, s), h about 0.6 s and a multiple of 32, and the boxes that are still seen.
    """
    side = batch["img"].shape[2]
    height = max(STRIDE_PX, round(side * HEIGHT_SHARE / STRIDE_PX) * STRIDE_PX)
    top = min(max(round((side - height) / 2 + shift * side), 0), side - height)
    low, high = top / side, (top + height) / side
    boxes = batch["bboxes"]
    upper, lower = boxes[:, 1] - boxes[:, 3] / 2, boxes[:, 1] + boxes[:, 3] / 2
    cut_upper, cut_lower = upper.clamp(low, high), lower.clamp(low, high)
    kept = (cut_lower - cut_upper) > LEAST_SEEN * boxes[:, 3]
    scale = side / height
    moved = torch.stack(
        (boxes[:, 0], ((cut_upper + cut_lower) / 2 - low) * scale, boxes[:, 2], (cut_lower - cut_upper) * scale), dim=1
    )
    cut = {"cls": batch["cls"][kept], "bboxes": moved[kept], "batch_idx": batch["batch_idx"][kept]}
    return {**batch, **cut, "img": batch["img"][:, :, top : top + height]}
