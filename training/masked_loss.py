"""A detection loss that does not punish a model for seeing what a source did not label.

A mosaic shows several sources at once. So every picture carries, beside its objects, one box over its whole area whose
class is `classes + source`; augmentation moves and cuts it like any box, and the loss reads from it which source lies
where. In the same way a region in which a person saw that a class is absent is a box of class `classes + sources +
class`: there the class is background although the picture's source did not label it.
"""

# pyright: reportMissingImports=false, reportUntypedBaseClass=false, reportUnknownParameterType=false
# pyright: reportUnknownLambdaType=false

from typing import Any

import torch
from ultralytics.utils.loss import E2ELoss, v8DetectionLoss
from ultralytics.utils.tal import make_anchors

from training.sources import Sources

COMPLETED_WEIGHT = 0.5
"""How much a place without a box counts as background where a machine completed the labels: it misses far objects."""


def background_weights(sources: Sources) -> torch.Tensor:
    """(sources + classes, classes): how much the absence of a box counts.

    First by source, in the order of the sources file; then in regions where one class is known to be absent.
    """
    weights = torch.zeros(len(sources.sources), len(sources.classes))
    for row, source in zip(weights, sources.sources.values(), strict=True):
        for name in source.completed:
            row[sources.classes.index(name)] = COMPLETED_WEIGHT
        for name in source.labelled:
            row[sources.classes.index(name)] = 1.0
    return torch.cat((weights, torch.eye(len(sources.classes))))


class MaskedBCE(torch.nn.Module):
    """Binary cross entropy: all classes count on objects, elsewhere as `background` (b, anchors, classes) says."""

    background: torch.Tensor

    def forward(self, scores: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """(b, anchors, classes) logits and targets → weighted losses of that shape."""
        loss = torch.nn.functional.binary_cross_entropy_with_logits(scores, targets, reduction="none")
        on_object = targets.amax(dim=-1, keepdim=True) > 0
        return loss * torch.where(on_object, torch.ones_like(loss), self.background)


class MaskedDetectionLoss(v8DetectionLoss):
    """The detector's loss, in float32 whatever the convolutions ran in, with unlabelled classes left out."""

    def __init__(self, model: torch.nn.Module, tal_topk: int = 10, tal_topk2: int | None = None) -> None:
        super().__init__(model, tal_topk, tal_topk2)
        self.bce = MaskedBCE()
        self.weights: torch.Tensor = model.background_weights

    def loss(self, preds: dict[str, Any], batch: dict[str, Any]) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        """As the parent's, on a batch whose source boxes are taken out first."""
        with torch.autocast(self.device.type, enabled=False):
            whole = {k: v.float() if isinstance(v, torch.Tensor) else v for k, v in preds.items()}
            points, strides = make_anchors(whole["feats"], self.stride, 0.5)
            height, width = (side * float(self.stride[0]) for side in whole["feats"][0].shape[2:])
            centres = points * strides / torch.tensor([width, height], device=points.device)
            objects, self.bce.background = split_sources(batch, centres.float(), self.weights, len(whole["scores"]))
            return super().loss(whole, objects)


def split_sources(
    batch: dict[str, Any], centres: torch.Tensor, weights: torch.Tensor, pictures: int
) -> tuple[dict[str, Any], torch.Tensor]:
    """Take the source boxes out of a batch.

    Args:
        batch: `cls` (n, 1), `bboxes` (n, 4) xywh as shares, `batch_idx` (n,).
        centres: (anchors, 2) as shares.
        weights: as `background_weights` gives them.
        pictures: in the batch.

    Returns:
        The batch with objects only, and the (pictures, anchors, classes) weight of background; 0 where no source lies.
    """
    classes = weights.shape[1]
    class_id = batch["cls"].view(-1).long()
    is_object = class_id < classes
    background = torch.zeros(pictures, len(centres), classes, device=centres.device)
    for row in (~is_object).nonzero().view(-1).tolist():
        box = batch["bboxes"][row]
        inside = ((centres - box[:2]).abs() <= box[2:] / 2).all(dim=1)
        here = background[int(batch["batch_idx"][row])]
        here[inside] = torch.maximum(here[inside], weights[class_id[row] - classes].to(centres.device))
    objects = {key: batch[key][is_object] for key in ("cls", "bboxes", "batch_idx")}
    return {**batch, **objects}, background


def masked_criterion(model: torch.nn.Module, weights: torch.Tensor) -> E2ELoss | MaskedDetectionLoss:
    """The loss for a model with one head or two."""
    model.background_weights = weights
    two_heads = getattr(model.model[-1], "one2one_cv2", None) is not None
    return E2ELoss(model, MaskedDetectionLoss) if two_heads else MaskedDetectionLoss(model)
