"""Tiny ONNX detectors made by hand: they see one bright rectangle, so that boxes can be checked end to end."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from inference.detector.manifest import Layout

CLASSES = ("thing", "bright")
BRIGHT = 1


def bright_spot_model(
    input_hw: tuple[int, int], layout: Layout, *, box_offset: float = 0.0, class_id: int = 1
) -> onnx.ModelProto:
    """Sees the pixels above 200 as one object of confidence .9; none where there are none.

    Args:
        input_hw: height and width.
        layout: of the output. `channels_first` gives the same object twice, so that it needs suppression.
        box_offset: added to all coordinates; NaN makes nonsense.
        class_id: that `nms_free` states.
    """
    nodes = [
        helper.make_node("Cast", ["pixels"], ["values"], to=TensorProto.FLOAT),
        helper.make_node("Greater", ["values", "limit"], ["is_bright"]),
        helper.make_node("Cast", ["is_bright"], ["bright"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMax", ["bright"], ["columns"], axes=[0, 1, 3], keepdims=0),
        helper.make_node("ReduceMax", ["bright"], ["rows"], axes=[0, 2, 3], keepdims=0),
        helper.make_node("ReduceMax", ["bright"], ["any"], axes=[0, 1, 2, 3], keepdims=0),
        helper.make_node("Unsqueeze", ["any", "axis0"], ["any1"]),
        helper.make_node("Mul", ["any1", "sure"], ["score"]),
    ]
    for name, line in (("x", "columns"), ("y", "rows")):
        nodes += [
            helper.make_node("ArgMax", [line], [f"{name}1i"], axis=0, keepdims=1),
            helper.make_node("ArgMax", [line], [f"{name}2i"], axis=0, keepdims=1, select_last_index=1),
            helper.make_node("Cast", [f"{name}1i"], [f"{name}1f"], to=TensorProto.FLOAT),
            helper.make_node("Cast", [f"{name}2i"], [f"{name}2f"], to=TensorProto.FLOAT),
            helper.make_node("Add", [f"{name}1f", "offset"], [f"{name}1"]),
            helper.make_node("Add", [f"{name}2f", "offset1"], [f"{name}2"]),
        ]
    shape = _nms_free(nodes) if layout is Layout.NMS_FREE else _channels_first(nodes)
    constants = {
        "limit": [200.0],
        "sure": [0.9],
        "none": [0.0],
        "half": [0.5],
        "offset": [box_offset],
        "offset1": [box_offset + 1],
        "class": [float(class_id)],
    }
    tensors = [numpy_helper.from_array(np.array(value, dtype=np.float32), name) for name, value in constants.items()]
    integers = {"axis0": [0], "shape": shape}
    tensors += [numpy_helper.from_array(np.array(value, dtype=np.int64), name) for name, value in integers.items()]
    return _model(nodes, tensors, [1, *input_hw, 3], shape)


def _nms_free(nodes: list[onnx.NodeProto]) -> list[int]:
    nodes += [
        helper.make_node("Concat", ["x1", "y1", "x2", "y2", "score", "class"], ["flat"], axis=0),
        helper.make_node("Reshape", ["flat", "shape"], ["objects"]),
    ]
    return [1, 1, 6]


def _channels_first(nodes: list[onnx.NodeProto]) -> list[int]:
    for name in ("x", "y"):
        nodes += [
            helper.make_node("Sub", [f"{name}2", f"{name}1"], [f"{name}size"]),
            helper.make_node("Add", [f"{name}2", f"{name}1"], [f"{name}sum"]),
            helper.make_node("Mul", [f"{name}sum", "half"], [f"{name}centre"]),
        ]
    parts = ["xcentre", "ycentre", "xsize", "ysize", "none", "score"]
    nodes += [
        helper.make_node("Concat", [part for part in parts for _ in range(2)], ["flat"], axis=0),
        helper.make_node("Reshape", ["flat", "shape"], ["objects"]),
    ]
    return [1, 6, 2]


def constant_model(
    input_shape: list[int], output: np.ndarray[Any, Any], input_type: int = TensorProto.UINT8
) -> onnx.ModelProto:
    """Puts out the same whatever it sees."""
    nodes = [
        helper.make_node("Shape", ["pixels"], ["unused"]),
        helper.make_node("Identity", ["answer"], ["objects"]),
    ]
    return _model(nodes, [numpy_helper.from_array(output, "answer")], input_shape, list(output.shape), input_type)


def _model(
    nodes: list[onnx.NodeProto],
    tensors: list[onnx.TensorProto],
    input_shape: list[int],
    shape: list[int],
    input_type: int = TensorProto.UINT8,
) -> onnx.ModelProto:
    graph = helper.make_graph(
        nodes,
        "spot",
        [helper.make_tensor_value_info("pixels", input_type, input_shape)],
        [helper.make_tensor_value_info("objects", TensorProto.FLOAT, shape)],
        tensors,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


def manifest_of(graphs: dict[tuple[int, int], bytes], layout: Layout) -> dict[str, Any]:
    """A right manifest for these graphs, to be spoilt by tests."""
    return {
        "name": "spot",
        "version": "1",
        "task": "detect",
        "classes": list(CLASSES),
        "graphs": [
            {
                "file": f"spot_{h}x{w}.onnx",
                "sha256": hashlib.sha256(data).hexdigest(),
                "input_hw": [h, w],
                "layout": layout,
            }
            for (h, w), data in graphs.items()
        ],
        "opens_at": {"thing": 0.3, "bright": 0.4},
        "floor": 0.1,
        "nms_iou": 0.6,
        "licence": "CC0-1.0",
        "trained_on": "nothing",
    }


def write_model(folder: Path, models: dict[tuple[int, int], onnx.ModelProto], layout: Layout) -> Path:
    """Write a model folder."""
    folder.mkdir(parents=True, exist_ok=True)
    graphs = {input_hw: model.SerializeToString() for input_hw, model in models.items()}
    manifest = manifest_of(graphs, layout)
    for graph, data in zip(manifest["graphs"], graphs.values(), strict=True):
        (folder / graph["file"]).write_bytes(data)
    write_manifest(folder, manifest)
    return folder


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write (or overwrite) the manifest only."""
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def bright_spot_folder(folder: Path, layout: Layout = Layout.NMS_FREE) -> Path:
    """A model folder with a wide and a square graph."""
    return write_model(folder, {hw: bright_spot_model(hw, layout) for hw in ((96, 160), (160, 160))}, layout)
