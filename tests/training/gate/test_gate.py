"""The gate lets an equal model pass, and refuses each kind of regression with its reason."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from inference.detections import Detections
from inference.detector.gate_report import GateReport, ModelMark
from inference.detector.manifest import GraphFile, Layout, Manifest
from inference.frame import ImageBGR, SizeWH
from tests.labelled_street import draw, write_labels
from training.gate.gate import Contender, GatePictures, hold_against
from training.scored_pictures import from_yolo

CLASSES = ("thing", "bright")
WH = (160, 90)
See = Callable[[int], list[tuple[int, float, float]]]
"""Number of the picture → class, how far the box lies off (shares of its width), confidence."""


@dataclass
class Scripted:
    """A detector that says what the test wants of each picture; which one it is stands in its first pixel."""

    see: See
    names: tuple[str, ...] = CLASSES
    seconds: float = 1.0
    clock: "SteppedClock | None" = None

    def input_wh_for(self, size_wh: SizeWH) -> SizeWH:
        return size_wh

    def detect(self, picture: ImageBGR, full_wh: SizeWH | None = None) -> Detections:
        if self.clock is not None:
            self.clock.now += self.seconds
        said = self.see(int(picture[0, 0, 0]))
        boxes = [(64 + off * 32, 36, 96 + off * 32, 54) for _, off, _ in said]
        return Detections(
            xyxy=np.array(boxes, dtype=np.float32).reshape(-1, 4),
            confidence=np.array([sure for *_, sure in said], dtype=np.float32),
            class_id=np.array([number for number, *_ in said], dtype=np.int64),
            names=self.names,
        )


@dataclass
class SteppedClock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def right(number: int) -> list[tuple[int, float, float]]:
    """Sees every object; the objects are in the even pictures."""
    return [(1, 0.0, 0.9)] if number % 2 == 0 else []


@dataclass
class Arena:
    """A hundred and twenty pictures, half of them empty, and ten for the regression set."""

    pictures: GatePictures
    clock: SteppedClock = field(default_factory=SteppedClock)

    def contender(self, see: See = right, *, seconds: float = 1.0, **manifest: object) -> Contender:
        graph = GraphFile(file="a.onnx", sha256="0" * 64, input_hw=(384, 640), layout=Layout.NMS_FREE)
        said = {"classes": CLASSES, "opens_at": dict.fromkeys(CLASSES, 0.5), "graphs": (graph,), **manifest}
        whole = Manifest.model_validate(
            {
                "name": "spot",
                "version": "1",
                "task": "detect",
                "floor": 0.1,
                "nms_iou": 0.6,
                "licence": "CC0-1.0",
                "trained_on": "nothing",
                **said,
            }
        )
        detector = Scripted(see, names=whole.classes, seconds=seconds, clock=self.clock)
        return Contender(mark=ModelMark(name="spot", version="1", sha256="a" * 64), manifest=whole, detector=detector)

    def gate(self, challenger: Contender, champion: Contender | None = None) -> GateReport:
        return hold_against(champion or self.contender(), challenger, self.pictures, self.clock)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> GatePictures:
    root = tmp_path_factory.mktemp("gate")
    for name, numbers in (("val", range(120)), ("fixed", range(10))):
        for number in numbers:
            path = root / name / "images" / f"{number:02}.png"
            rows = [(1, 0.5, 0.5, 0.2, 0.2)] if number % 2 == 0 else []
            draw(path, rows)
            _number(path, number)
            write_labels(root / name / "labels" / f"{number:02}.txt", rows)
        (root / name / "data.yaml").write_text("val: images\nnames: [thing, bright]\n", encoding="utf-8")
    val, fixed = (from_yolo(root / name / "data.yaml") for name in ("val", "fixed"))
    return GatePictures(data="town/0123456789ab", val=val, regression=fixed)


def _number(path: Path, number: int) -> None:
    pixels = cv2.imread(str(path))
    assert pixels is not None
    pixels[0, 0] = number
    cv2.imwrite(str(path), pixels)


@pytest.fixture
def arena(pictures: GatePictures) -> Arena:
    return Arena(pictures)


def test_an_equal_model_passes(arena: Arena) -> None:
    report = arena.gate(arena.contender())
    assert report.reasons == ()
    assert {check.what for check in report.checks} >= {"ap50", "recall", "latency", "regression found", "inputs"}
    assert "**Passed.**" in report.as_markdown()


def test_a_better_model_passes(arena: Arena) -> None:
    blind_in_half = arena.contender(lambda number: right(number) if number % 4 == 0 else [])
    assert arena.gate(arena.contender(), champion=blind_in_half).passed


def test_a_small_loss_within_chance_passes(arena: Arena) -> None:
    assert arena.gate(arena.contender(lambda number: [] if number == 58 else right(number))).passed


WORSE: list[tuple[See, str]] = [
    (lambda n: right(n) if n % 4 == 0 else [], "bright: ap50 falls"),
    (lambda n: [(1, 0.0, 0.9 if n % 4 == 0 else 0.4)] if n % 2 == 0 else [], "bright: recall falls"),
    (lambda n: right(n) + ([(1, 2.0, 0.8)] if n % 4 == 1 else []), "bright: false alarms rise"),
    (lambda n: [(1, 0.0, 0.6)] if n % 2 == 0 else [], "bright: confidence lies"),
    (lambda n: right(n) if n >= 8 else [], "bright: of the regression set it finds 1 objects instead of 5"),
    (lambda n: right(n) + ([(0, 2.0, 0.8)] if n in (1, 3, 5) else []), "thing: on the regression set it gives 3"),
]


@pytest.mark.parametrize(("see", "reason"), WORSE)
def test_each_kind_of_regression_is_refused(arena: Arena, see: See, reason: str) -> None:
    report = arena.gate(arena.contender(see))
    assert any(why.startswith(reason) for why in report.reasons), report.reasons
    assert reason in report.as_markdown()


def test_a_missing_class_is_refused(arena: Arena) -> None:
    def renumbered(number: int) -> list[tuple[int, float, float]]:
        return [(0, off, sure) for _, off, sure in right(number)]

    report = arena.gate(arena.contender(renumbered, classes=("bright",), opens_at={"bright": 0.5}))
    assert report.reasons == ("it does not know thing",)


def test_a_changed_input_is_refused(arena: Arena) -> None:
    graph = replace_input((640, 640))
    assert arena.gate(arena.contender(graphs=(graph,))).reasons == ("it has no graph for the input 384x640",)


def replace_input(input_hw: tuple[int, int]) -> GraphFile:
    return GraphFile(file="a.onnx", sha256="0" * 64, input_hw=input_hw, layout=Layout.NMS_FREE)


def test_a_slower_model_is_refused(arena: Arena) -> None:
    [reason] = arena.gate(arena.contender(seconds=1.3)).reasons
    assert reason.startswith("it takes 1.30 times as long")
    assert arena.gate(arena.contender(seconds=1.1)).passed


def test_the_report_names_the_pictures_it_rests_on(arena: Arena) -> None:
    report = arena.gate(arena.contender())
    fewer = Arena(replace(arena.pictures, regression=arena.pictures.regression[:9]))
    assert fewer.gate(fewer.contender()).regression != report.regression
    assert report.data == "town/0123456789ab"
