"""A torch detector as an ONNX graph that takes the camera's bytes: uint8, rows first, blue green red."""

# pyright: reportMissingImports=false, reportUntypedBaseClass=false, reportUnknownParameterType=false
# pyright: reportPrivateImportUsage=false

import copy
import io

import onnx
import onnxslim
import torch

from inference.detector.manifest import Layout

OPSET = 17


class _FromBytes(torch.nn.Module):
    """The detector with its input step inside; the colour order and the division live in the first convolution."""

    def __init__(self, detector: torch.nn.Module) -> None:
        super().__init__()
        self.detector = detector
        first = detector.model[0].conv
        first.weight.data = first.weight.data[:, [2, 1, 0]] / 255.0

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        return self.detector(pixels.permute(0, 3, 1, 2).float())


def build_graph(detector: torch.nn.Module, input_hw: tuple[int, int], layout: Layout) -> bytes:
    """Trace, slim and check one graph.

    Args:
        detector: a DetectionModel in evaluation mode; it is copied, not changed.
        input_hw: height and width in pixels, multiples of 32.
        layout: `nms_free` takes the one-to-one head, `channels_first` the one-to-many head.
    """
    model = copy.deepcopy(detector)
    head = model.model[-1]
    head.end2end = layout is Layout.NMS_FREE
    model.fuse(verbose=False)
    head.export, head.format = True, "onnx"
    wrapped = _FromBytes(model).eval()
    pixels = torch.zeros((1, *input_hw, 3), dtype=torch.uint8)
    with torch.inference_mode():
        wrapped(pixels)  # fixes the anchors for this size
    buffer = io.BytesIO()
    with torch.no_grad():
        torch.onnx.export(
            wrapped,
            (pixels,),
            buffer,
            opset_version=OPSET,
            input_names=["pixels"],
            output_names=["objects"],
            dynamo=False,
        )
    graph = onnxslim.slim(onnx.load_from_string(buffer.getvalue()))
    onnx.checker.check_model(graph, full_check=True)
    return graph.SerializeToString()
