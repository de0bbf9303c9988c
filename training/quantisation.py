"""A float graph in int8, where that costs nothing that is seen: everything up to the last convolutions.

What comes after them joins boxes of hundreds of pixels and scores below one in a single tensor: one scale for both
leaves no score. So those nodes stay in float. Activations are unsigned, for after most of them nothing is far below 0,
and their ranges are measured on street pictures.
"""

# pyright: reportMissingImports=false, reportUnknownParameterType=false

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

from inference.detector.letterbox import Canvas
from inference.frame import ImageBGR


def quantise(graph: bytes, pictures: Sequence[ImageBGR]) -> bytes:
    """An int8 twin of a graph.

    Args:
        graph: ONNX, one uint8 (1, h, w, 3) input.
        pictures: of streets, for the ranges of activations.
    """
    model = onnx.load_from_string(graph)
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder) / "float.onnx", Path(folder) / "int8.onnx"
        before.write_bytes(graph)
        quantize_static(
            before,
            after,
            _Pictures(model, pictures),
            quant_format=QuantFormat.QDQ,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            per_channel=True,
            nodes_to_exclude=after_the_last_convolutions(model),
        )
        return after.read_bytes()


def after_the_last_convolutions(model: onnx.ModelProto) -> list[str]:
    """Names of the nodes behind which no convolution follows, the convolutions themselves left out."""
    readers: dict[str, list[onnx.NodeProto]] = {}
    for node in model.graph.node:
        for name in node.input:
            readers.setdefault(name, []).append(node)
    leads_on: dict[str, bool] = {}
    for node in reversed(model.graph.node):  # sorted: whoever reads an output comes later
        following = [reader for output in node.output for reader in readers.get(output, [])]
        leads_on[node.name] = any(reader.op_type == "Conv" or leads_on[reader.name] for reader in following)
    return [node.name for node in model.graph.node if node.op_type != "Conv" and not leads_on[node.name]]


class _Pictures(CalibrationDataReader):
    """Letterboxed pictures, one after the other."""

    def __init__(self, model: onnx.ModelProto, pictures: Sequence[ImageBGR]) -> None:
        given = model.graph.input[0]
        _, height, width, _ = (side.dim_value for side in given.type.tensor_type.shape.dim)
        self._name, self._canvas, self._left = given.name, Canvas((width, height)), iter(pictures)

    def get_next(self) -> dict[str, NDArray[np.uint8]] | None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The next input, or None at the end, which the base class asks for and does not declare."""
        picture = next(self._left, None)
        if picture is None:
            return None
        self._canvas.place(picture)
        return {self._name: self._canvas.pixels.copy()}
