"""A detector out of any function from pixels to the model's output: torch, or one ONNX graph alone."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from inference.detections import Detections
from inference.detector.decoding import Decoded, decode
from inference.detector.letterbox import Canvas, Letterbox
from inference.detector.manifest import Layout
from inference.detector.onnx_detector import OnnxGraph
from inference.frame import ImageBGR, SizeWH

Run = Callable[[NDArray[np.uint8]], NDArray[np.float32]]
"""(1, h, w, 3) uint8 BGR → the output as `Layout` describes it."""


class Letterboxed:
    """The product's own pre- and post-processing around a model. One thread at a time."""

    def __init__(
        self,
        run: Run,
        inputs_wh: Sequence[SizeWH],
        *,
        names: tuple[str, ...],
        layout: Layout,
        floor: float,
        nms_iou: float,
    ) -> None:
        """Wrap a model.

        Args:
            run: the model.
            inputs_wh: sizes it may be asked with; a picture goes into the one that it fills best.
            names: of its classes.
            layout: of its output.
            floor: confidence below which nothing is said.
            nms_iou: overlap from which two boxes of one class count as one.
        """
        self._run, self._inputs_wh, self._names = run, tuple(inputs_wh), names
        self._layout, self._floor, self._nms_iou = layout, floor, nms_iou
        self._canvases = {size: Canvas(size) for size in self._inputs_wh}

    @classmethod
    def of_graph(cls, graph: OnnxGraph, *, names: tuple[str, ...], floor: float, nms_iou: float) -> "Letterboxed":
        """One graph alone, whatever the shape of the picture."""
        return cls(graph.run, [graph.input_wh], names=names, layout=graph.declared.layout, floor=floor, nms_iou=nms_iou)

    @property
    def names(self) -> tuple[str, ...]:
        """Class names by class index."""
        return self._names

    def input_wh_for(self, size_wh: SizeWH) -> SizeWH:
        """The input that a picture of this size fills best."""
        return max(self._inputs_wh, key=lambda input_wh: Letterbox.of(size_wh, input_wh).fill)

    def detect(self, picture: ImageBGR, full_wh: SizeWH | None = None) -> Detections:
        """All objects above the floor, in pixels of `full_wh` or else of the picture."""
        picture_wh = (picture.shape[1], picture.shape[0])
        canvas = self._canvases[self.input_wh_for(full_wh or picture_wh)]
        box = canvas.place(picture)
        seen = self.view(canvas.pixels)
        return Detections(
            xyxy=box.to_picture(seen.boxes, full_wh or picture_wh),
            confidence=seen.confidence,
            class_id=seen.class_id,
            names=self._names,
        )

    def view(self, pixels: NDArray[np.uint8]) -> Decoded:
        """What is seen in a filled canvas, in its pixels."""
        return decode(self._run(pixels), self._layout, floor=self._floor, nms_iou=self._nms_iou)
