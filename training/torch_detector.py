"""A checkpoint as a detector, to compare exported graphs with."""

# pyright: reportMissingImports=false, reportUnknownParameterType=false, reportPrivateImportUsage=false

import copy
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray

from inference.detector.decoding import Decoded, decode
from inference.detector.letterbox import Canvas
from inference.detector.manifest import Layout
from inference.detector.onnx_detector import OnnxGraph
from inference.frame import ImageBGR, SizeWH
from training.letterboxed import Letterboxed

if TYPE_CHECKING:
    from ultralytics.nn.tasks import DetectionModel


def planes_of(pixels: NDArray[np.uint8]) -> torch.Tensor:
    """(n, h, w, 3) uint8 BGR → (n, 3, h, w) float32 RGB, 0..1."""
    planes = np.ascontiguousarray(pixels[..., ::-1].transpose(0, 3, 1, 2), dtype=np.float32)
    return torch.from_numpy(planes / np.float32(255))


def torch_detector(
    model: "DetectionModel", inputs_wh: Sequence[SizeWH], layout: Layout, *, floor: float, nms_iou: float
) -> Letterboxed:
    """A checkpoint, asked as the product asks a graph; the model is copied."""
    alone = copy.deepcopy(model).eval()
    alone.model[-1].end2end = layout is Layout.NMS_FREE
    alone.fuse(verbose=False)

    def run(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        with torch.inference_mode():
            return alone(planes_of(pixels))[0].numpy()

    names = tuple(model.names[index] for index in sorted(model.names))
    return Letterboxed(run, inputs_wh, names=names, layout=layout, floor=floor, nms_iou=nms_iou)


def compare_views(
    model: "DetectionModel", graphs: Iterable[OnnxGraph], pictures: Sequence[ImageBGR], *, floor: float, nms_iou: float
) -> Iterator[tuple[Decoded, Decoded]]:
    """The checkpoint's and the graph's view of some pictures, for every graph."""
    for graph in graphs:
        layout, canvas = graph.declared.layout, Canvas(graph.input_wh)
        original = torch_detector(model, [graph.input_wh], layout, floor=floor, nms_iou=nms_iou)
        for picture in pictures:
            canvas.place(picture)
            exported = decode(graph.run(canvas.pixels), layout, floor=floor, nms_iou=nms_iou)
            yield original.view(canvas.pixels), exported
