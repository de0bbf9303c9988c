"""A checkpoint as a detector: the product's own pre- and post-processing around torch instead of ONNX Runtime."""

# pyright: reportMissingImports=false, reportUnknownParameterType=false, reportPrivateImportUsage=false

import copy
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray

from inference.detections import Detections
from inference.detector.decoding import Decoded, decode
from inference.detector.letterbox import Canvas, Letterbox
from inference.detector.manifest import Layout
from inference.detector.onnx_detector import OnnxGraph
from inference.frame import ImageBGR, SizeWH

if TYPE_CHECKING:
    from ultralytics.nn.tasks import DetectionModel


def planes_of(pixels: NDArray[np.uint8]) -> torch.Tensor:
    """(n, h, w, 3) uint8 BGR → (n, 3, h, w) float32 RGB, 0..1."""
    planes = np.ascontiguousarray(pixels[..., ::-1].transpose(0, 3, 1, 2), dtype=np.float32)
    return torch.from_numpy(planes / np.float32(255))


class TorchDetector:
    """Sees what a checkpoint sees in a picture letterboxed into the input size that it fills best."""

    def __init__(
        self,
        model: "DetectionModel",
        inputs_hw: Sequence[tuple[int, int]],
        layout: Layout,
        floor: float,
        nms_iou: float,
    ) -> None:
        self._model = copy.deepcopy(model).eval()
        self._model.model[-1].end2end = layout is Layout.NMS_FREE
        self._model.fuse(verbose=False)
        self._layout, self._floor, self._nms_iou = layout, floor, nms_iou
        self._canvases = tuple(Canvas((width, height)) for height, width in inputs_hw)
        self.names = tuple(model.names[index] for index in sorted(model.names))

    def detect(self, picture: ImageBGR, full_wh: SizeWH | None = None) -> Detections:
        """All objects above the floor, boxes in pixels of `full_wh` or else of the picture."""
        picture_wh = (picture.shape[1], picture.shape[0])
        canvas = max(self._canvases, key=lambda c: Letterbox.of(picture_wh, c.pixels.shape[2:0:-1]).fill)
        box = canvas.place(picture)
        seen = self.view(canvas.pixels)
        return Detections(
            xyxy=box.to_picture(seen.boxes, full_wh or picture_wh),
            confidence=seen.confidence,
            class_id=seen.class_id,
            names=self.names,
        )

    def view(self, pixels: NDArray[np.uint8]) -> Decoded:
        """What is seen in a filled canvas, in its pixels."""
        with torch.inference_mode():
            output = self._model(planes_of(pixels))[0].numpy()
        return decode(output, self._layout, floor=self._floor, nms_iou=self._nms_iou)


def compare_views(
    model: "DetectionModel", graphs: Iterable[OnnxGraph], pictures: Sequence[ImageBGR], *, floor: float, nms_iou: float
) -> Iterator[tuple[Decoded, Decoded]]:
    """The checkpoint's and the graph's view of some pictures, for every graph."""
    for graph in graphs:
        layout = graph.declared.layout
        original, canvas = TorchDetector(model, (), layout, floor, nms_iou), Canvas(graph.input_wh)
        for picture in pictures:
            canvas.place(picture)
            exported = decode(graph.run(canvas.pixels), layout, floor=floor, nms_iou=nms_iou)
            yield original.view(canvas.pixels), exported
