import json
import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnx
import onnx.external_data_helper
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto

from inference.detections import Detections
from inference.detector import OnnxDetector, detect_in
from inference.detector.manifest import Layout, Numbers
from inference.detector.onnx_detector import refuse_fallback
from inference.errors import ModelError
from inference.frame import ImageBGR, ImageLuma, Original, SizeWH
from tests.detector_models import bright_spot_folder, bright_spot_model, constant_model, write_manifest, write_model

WIDE = (96, 160)


def picture(size_wh: SizeWH, spot: tuple[int, int, int, int] | None) -> ImageBGR:
    pixels = np.zeros((size_wh[1], size_wh[0], 3), dtype=np.uint8)
    if spot is not None:
        x1, y1, x2, y2 = spot
        pixels[y1:y2, x1:x2] = 255
    return pixels


@pytest.fixture(scope="module", params=list(Layout))
def detector(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> OnnxDetector:
    return OnnxDetector(bright_spot_folder(tmp_path_factory.mktemp("model"), request.param))


@pytest.fixture
def nms_free(tmp_path: Path) -> Path:
    return bright_spot_folder(tmp_path / "model")


def test_the_graphs_that_the_manifest_runs_are_loaded_unless_others_are_asked_for(nms_free: Path) -> None:
    manifest = json.loads((nms_free / "manifest.json").read_text(encoding="utf-8"))
    with pytest.raises(ModelError, match="no graph in int8"):
        OnnxDetector(nms_free, numbers=Numbers.INT8)
    manifest["graphs"][0]["numbers"] = manifest["runs"] = "int8"
    write_manifest(nms_free, manifest)
    assert [graph.input_wh for graph in OnnxDetector(nms_free).graphs] == [(160, 96)]
    assert [graph.input_wh for graph in OnnxDetector(nms_free, numbers=Numbers.FLOAT32).graphs] == [(160, 160)]


@pytest.mark.parametrize("size_wh", [(160, 90), (320, 180), (1280, 720), (90, 160), (400, 400)])
def test_an_object_is_found_where_it_is(detector: OnnxDetector, size_wh: SizeWH) -> None:
    width, height = size_wh
    spot = (width // 4, height // 2, width // 2, height * 3 // 4)
    [found] = detector.detect(picture(size_wh, spot))
    assert found.name == "bright"
    assert found.confidence == pytest.approx(0.9)
    assert found.box == pytest.approx(spot, abs=max(size_wh) / 80)


def test_nothing_is_found_in_the_dark(detector: OnnxDetector) -> None:
    assert len(detector.detect(picture((320, 180), None))) == 0


def test_a_shrunk_picture_gives_boxes_of_the_full_one(detector: OnnxDetector) -> None:
    [found] = detector.detect(picture((160, 90), (40, 45, 80, 60)), (1920, 1080))
    assert found.box == pytest.approx((480, 540, 960, 720), abs=12)


def test_a_frames_picture_is_asked_for_no_more_pixels_than_needed(detector: OnnxDetector) -> None:
    class Fake:
        size_wh: SizeWH = (1920, 1080)
        asked: SizeWH | None = None

        def luma(self, size_wh: SizeWH) -> ImageLuma:
            raise NotImplementedError

        def bgr(self, fit_wh: SizeWH | None = None) -> ImageBGR:
            self.asked = fit_wh
            return picture((160, 90), (40, 45, 80, 60))

        def original(self) -> Original | None:
            return None

    fake = Fake()
    [found] = detect_in(detector, fake)
    assert fake.asked == (160, 96)
    assert found.box == pytest.approx((480, 540, 960, 720), abs=12)


@pytest.mark.parametrize(
    ("size_wh", "input_wh"), [((1920, 1080), (160, 96)), ((1080, 1920), (160, 160)), ((600, 600), (160, 160))]
)
def test_the_graph_with_the_least_padding_is_taken(detector: OnnxDetector, size_wh: SizeWH, input_wh: SizeWH) -> None:
    assert detector.input_wh_for(size_wh) == input_wh


def test_the_graph_for_the_full_picture_looks_even_at_a_shrunk_one(tmp_path: Path) -> None:
    blind = constant_model([1, *WIDE, 3], np.zeros((1, 1, 6), dtype=np.float32))
    models = {WIDE: blind, (160, 160): bright_spot_model((160, 160), Layout.NMS_FREE)}
    detector = OnnxDetector(write_model(tmp_path, models, Layout.NMS_FREE))
    assert len(detector.detect(picture((90, 160), (10, 10, 40, 40)), (1080, 1920))) == 1
    assert len(detector.detect(picture((160, 90), (10, 10, 40, 40)), (1920, 1080))) == 0


@settings(max_examples=40, deadline=None)
@given(size_wh=st.tuples(st.integers(1, 700), st.integers(1, 700)), seed=st.integers(0, 9))
def test_boxes_are_finite_and_lie_in_the_picture(detector: OnnxDetector, size_wh: SizeWH, seed: int) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (size_wh[1], size_wh[0], 3), dtype=np.uint8)
    found = detector.detect(pixels)
    assert np.isfinite(found.xyxy).all()
    assert (found.xyxy >= 0).all()
    assert (found.xyxy <= np.array(size_wh * 2)).all()


def test_threads_share_one_detector_and_agree(detector: OnnxDetector) -> None:
    rng = np.random.default_rng(3)
    looks = []
    for _ in range(60):
        x, y = int(rng.integers(0, 100)), int(rng.integers(0, 50))
        looks.append(
            picture([(160, 90), (90, 160), (320, 180)][int(rng.integers(3))], (x // 2, y, x // 2 + 20, y + 20))
        )

    def seen(pixels: ImageBGR) -> list[list[float]]:
        found: Detections = detector.detect(pixels)
        return found.xyxy.tolist()

    alone = [seen(pixels) for pixels in looks]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(seen, looks)) == alone


def test_the_floor_can_be_raised(nms_free: Path) -> None:
    spot = picture((160, 90), (40, 45, 80, 60))
    assert len(OnnxDetector(nms_free, floor=0.95).detect(spot)) == 0
    assert len(OnnxDetector(nms_free).detect(spot)) == 1


def test_a_file_that_is_not_the_one_in_the_manifest_is_refused(nms_free: Path) -> None:
    path = nms_free / "spot_96x160.onnx"
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(ModelError, match="SHA-256 differs"):
        OnnxDetector(nms_free)


def test_a_missing_file_is_refused(nms_free: Path) -> None:
    (nms_free / "spot_160x160.onnx").unlink()
    with pytest.raises(ModelError, match="restore the model folder"):
        OnnxDetector(nms_free)


def test_a_file_that_is_no_graph_is_refused(tmp_path: Path) -> None:
    folder = write_model(tmp_path, {WIDE: onnx.ModelProto()}, Layout.NMS_FREE)
    with pytest.raises(ModelError, match="not a graph"):
        OnnxDetector(folder)


def test_weights_in_another_file_are_refused(tmp_path: Path) -> None:
    model = bright_spot_model(WIDE, Layout.NMS_FREE)
    tensor = model.graph.initializer[0]
    (tmp_path / "weights.bin").write_bytes(tensor.raw_data)
    onnx.external_data_helper.set_external_data(tensor, "weights.bin")
    tensor.ClearField("raw_data")
    folder = write_model(tmp_path, {WIDE: model}, Layout.NMS_FREE)
    with pytest.raises(ModelError, match="another file"):
        OnnxDetector(folder)


@pytest.mark.parametrize(
    ("shape", "layout"),
    [
        ((1, 4, 7), Layout.NMS_FREE),
        ((2, 4, 6), Layout.NMS_FREE),
        ((1, 5, 9), Layout.CHANNELS_FIRST),
        ((6, 9), Layout.CHANNELS_FIRST),
    ],
)
def test_an_output_of_another_shape_is_refused(tmp_path: Path, shape: tuple[int, ...], layout: Layout) -> None:
    model = constant_model([1, *WIDE, 3], np.zeros(shape, dtype=np.float32))
    with pytest.raises(ModelError, match="must put out float32 of shape"):
        OnnxDetector(write_model(tmp_path, {WIDE: model}, layout))


@pytest.mark.parametrize(
    ("shape", "kind"),
    [([1, 96, 160, 3], TensorProto.FLOAT), ([1, 3, 96, 160], TensorProto.UINT8), ([1, 96, 96, 3], TensorProto.UINT8)],
)
def test_an_input_of_another_form_is_refused(tmp_path: Path, shape: list[int], kind: int) -> None:
    model = constant_model(shape, np.zeros((1, 4, 6), dtype=np.float32), kind)
    with pytest.raises(ModelError, match="must take one uint8 picture"):
        OnnxDetector(write_model(tmp_path, {WIDE: model}, Layout.NMS_FREE))


@pytest.mark.parametrize("nonsense", [{"box_offset": math.nan}, {"class_id": 2}, {"class_id": -1}])
def test_a_model_that_puts_out_nonsense_is_refused(tmp_path: Path, nonsense: dict[str, float]) -> None:
    model = bright_spot_model(WIDE, Layout.NMS_FREE, **nonsense)  # pyright: ignore[reportArgumentType]
    detector = OnnxDetector(write_model(tmp_path, {WIDE: model}, Layout.NMS_FREE))
    with pytest.raises(ModelError, match="export it again"):
        detector.detect(picture((160, 90), (40, 45, 80, 60)))


def test_a_missing_execution_provider_is_refused_not_replaced(nms_free: Path) -> None:
    with pytest.raises(ModelError, match="no MoonExecutionProvider"):
        OnnxDetector(nms_free, providers=("MoonExecutionProvider", "CPUExecutionProvider"))


def test_a_broken_manifest_is_refused(nms_free: Path) -> None:
    write_manifest(nms_free, {})
    with pytest.raises(ModelError, match="not a model manifest"):
        OnnxDetector(nms_free)


class RunsOnTheCpu:
    def get_providers(self) -> list[str]:
        return ["CPUExecutionProvider"]


def test_a_card_that_cannot_be_used_is_refused_and_not_replaced() -> None:
    refuse_fallback(RunsOnTheCpu(), ("CPUExecutionProvider",))
    with pytest.raises(ModelError, match="cannot use CUDAExecutionProvider and would run on CPUExecutionProvider"):
        refuse_fallback(RunsOnTheCpu(), ("CUDAExecutionProvider", "CPUExecutionProvider"))
