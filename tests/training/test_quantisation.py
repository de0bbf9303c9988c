"""Small convolutional graphs, quantised. Boxes of hundreds and scores below one leave them in one tensor."""

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from inference.detector.manifest import Numbers
from inference.frame import ImageBGR
from training.errors import ExportError
from training.losses import refuse_losses
from training.quantisation import after_the_last_convolutions, quantise
from training.speed import worth_running

SIDE = 32
pytestmark = pytest.mark.filterwarnings("ignore")  # onnxruntime's quantiser warns about onnx's own deprecations


def _two_branches() -> onnx.ModelProto:
    """Two convolutions; then one branch times 600 like boxes, the other through a sigmoid like scores, joined."""
    rng = np.random.default_rng(1)
    nodes = [
        helper.make_node("Transpose", ["pixels"], ["planes8"], name="planes", perm=[0, 3, 1, 2]),
        helper.make_node("Cast", ["planes8"], ["planes"], name="cast", to=TensorProto.FLOAT),
        helper.make_node("Conv", ["planes", "w1"], ["a"], name="first", pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["a"], ["b"], name="relu"),
        helper.make_node("Conv", ["b", "w2"], ["boxes"], name="box"),
        helper.make_node("Conv", ["b", "w3"], ["logits"], name="score"),
        helper.make_node("Mul", ["boxes", "large"], ["wide"], name="stretch"),
        helper.make_node("Sigmoid", ["logits"], ["scores"], name="sigmoid"),
        helper.make_node("Concat", ["wide", "scores"], ["objects"], name="join", axis=1),
    ]
    weights = {
        "w1": rng.normal(0, 0.002, (8, 3, 3, 3)),
        "w2": rng.normal(0, 0.3, (4, 8, 1, 1)),
        "w3": rng.normal(0, 1.5, (2, 8, 1, 1)),
        "large": np.array([600.0]),
    }
    graph = helper.make_graph(
        nodes,
        "branches",
        [helper.make_tensor_value_info("pixels", TensorProto.UINT8, [1, SIDE, SIDE, 3])],
        [helper.make_tensor_value_info("objects", TensorProto.FLOAT, [1, 6, SIDE, SIDE])],
        [numpy_helper.from_array(value.astype(np.float32), name) for name, value in weights.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


def _pictures(count: int) -> list[ImageBGR]:
    rng = np.random.default_rng(2)
    return [rng.integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8) for _ in range(count)]


def _run(graph: bytes, picture: ImageBGR) -> NDArray[np.float32]:
    output = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"]).run(
        None, {"pixels": picture[None]}
    )
    return np.asarray(output[0], dtype=np.float32)


def test_what_follows_the_last_convolutions_is_found_whatever_branch_it_is_on() -> None:
    assert after_the_last_convolutions(_two_branches()) == ["stretch", "sigmoid", "join"]


def test_an_int8_graph_keeps_boxes_and_scores_apart() -> None:
    graph = _two_branches().SerializeToString()
    small = quantise(graph, _pictures(6))
    kinds = [node.op_type for node in onnx.load_from_string(small).graph.node]
    assert "DequantizeLinear" in kinds
    for picture in _pictures(3):
        exact, near = _run(graph, picture), _run(small, picture)
        assert np.abs(exact[:, 4:] - near[:, 4:]).mean() < 0.02
        assert np.abs(exact[:, :4] - near[:, :4]).mean() < 0.02 * np.abs(exact[:, :4]).max()
        assert near[:, 4:].std() > 0.5 * exact[:, 4:].std()  # one scale for both would leave no score


def test_losses_within_what_is_allowed_are_kept_as_figures() -> None:
    assert refuse_losses({"torch": 0.5, "float32": 0.497, "int8": 0.491}).means["int8"] == 0.491


@pytest.mark.parametrize(
    ("means", "said"),
    [
        ({"torch": 0.5, "float32": 0.494}, r"float32 .*0\.60 points.*do not serve"),
        ({"torch": 0.5, "float32": 0.5, "int8": 0.48}, r"int8 .*0\.4800 .*2\.00 points.*without --int8"),
    ],
)
def test_a_form_that_loses_too_much_is_refused_with_the_figures(means: dict[str, float], said: str) -> None:
    with pytest.raises(ExportError, match=said):
        refuse_losses(means)


@pytest.mark.parametrize(
    ("speeds", "runs"),
    [
        ({Numbers.FLOAT32: [20.0, 34.0]}, Numbers.FLOAT32),
        ({Numbers.FLOAT32: [20.0, 34.0], Numbers.INT8: [19.0, 33.0]}, Numbers.FLOAT32),
        ({Numbers.FLOAT32: [20.0, 34.0], Numbers.INT8: [31.0, 50.0]}, Numbers.FLOAT32),
        ({Numbers.FLOAT32: [20.0, 34.0], Numbers.INT8: [11.0, 19.0]}, Numbers.INT8),
    ],
    ids=["alone", "hardly faster", "slower", "faster"],
)
def test_int8_runs_only_where_it_is_clearly_faster(speeds: dict[Numbers, list[float]], runs: Numbers) -> None:
    assert worth_running(speeds) is runs
