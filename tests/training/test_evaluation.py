import json
from pathlib import Path

import numpy as np
import pytest

from inference.detector import OnnxDetector
from tests.detector_models import bright_spot_folder
from tests.labelled_street import SOURCES, draw, write_labels, write_street
from training.errors import DatasetError
from training.evaluation import Evaluation
from training.report.figures import EvaluationReport
from training.scored_pictures import from_listing, from_yolo
from training.scoring import Matches
from training.thresholds import CONSERVATIVE, choose_thresholds

SPOT = (1, 0.5, 0.5, 0.2, 0.4)


@pytest.fixture(scope="module")
def detector(tmp_path_factory: pytest.TempPathFactory) -> OnnxDetector:
    return OnnxDetector(bright_spot_folder(tmp_path_factory.mktemp("model")), floor=0.01)


def test_a_class_is_scored_only_where_its_source_labels_it(tmp_path: Path, detector: OnnxDetector) -> None:
    listing = write_street(tmp_path, "val", {"town/spots/a": [SPOT], "town/spots/b": [], "town/things/c": [SPOT]})
    evaluation = Evaluation(detector)
    evaluation.see(from_listing(listing, SOURCES))
    bright = evaluation.score("bright", 0.4)
    assert (bright.ap50, bright.objects, bright.pictures) == (pytest.approx(1), 1, 2)
    assert (bright.precision, bright.recall, bright.false_per_100_empty) == (1, 1, 0)
    thing = evaluation.score("thing", 0.4)
    assert (thing.ap50, thing.objects, thing.pictures) == (None, 0, 1)


def test_a_false_alarm_is_counted_per_picture_without_the_class(tmp_path: Path, detector: OnnxDetector) -> None:
    listing = write_street(tmp_path, "val", {"town/spots/a": [SPOT], "town/spots/b": []})
    draw(tmp_path / "town/spots/val/images/b.png", [SPOT])
    evaluation = Evaluation(detector)
    evaluation.see(from_listing(listing, SOURCES))
    bright = evaluation.score("bright", 0.4)
    assert (bright.precision, bright.recall, bright.false_per_100_empty) == (0.5, 1, 100)


def test_objects_below_the_least_height_are_left_out(tmp_path: Path, detector: OnnxDetector) -> None:
    listing = write_street(tmp_path, "val", {"town/spots/a": [SPOT]})
    evaluation = Evaluation(detector, least_heights={"bright": 0.5})
    evaluation.see(from_listing(listing, SOURCES))
    assert evaluation.score("bright", 0.4).objects == 0
    assert len(evaluation.matches("bright").hit) == 0


def test_any_yolo_folder_can_be_scored(tmp_path: Path, detector: OnnxDetector) -> None:
    draw(tmp_path / "images/val/a.png", [SPOT])
    write_labels(tmp_path / "labels/val/a.txt", [(0, *SPOT[1:])])
    (tmp_path / "data.yaml").write_text("path: .\nval: images/val\nnames: {0: bright, 1: unknown}\n", encoding="utf-8")
    evaluation = Evaluation(detector)
    evaluation.see(from_yolo(tmp_path / "data.yaml"))
    assert evaluation.score("bright", 0.4).ap50 == pytest.approx(1)


@pytest.mark.parametrize(
    "text", ["val: images\nnames: [a]\ndownload: print(1)", "val: moon\nnames: [a]", "names: [a]", "["]
)
def test_a_yolo_file_that_downloads_or_leads_nowhere_is_refused(tmp_path: Path, text: str) -> None:
    draw(tmp_path / "images/a.png", [SPOT])
    (tmp_path / "data.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError, match=r"data\.yaml"):
        from_yolo(tmp_path / "data.yaml")


def test_a_picture_that_cannot_be_read_is_refused(tmp_path: Path, detector: OnnxDetector) -> None:
    listing = write_street(tmp_path, "val", {"town/spots/a": [SPOT]})
    (tmp_path / "town/spots/val/images/a.png").write_bytes(b"no picture")
    with pytest.raises(DatasetError, match="not a picture"):
        Evaluation(detector).see(from_listing(listing, SOURCES))


def test_the_report_is_json_without_nan(tmp_path: Path, detector: OnnxDetector) -> None:
    evaluation = Evaluation(detector)
    evaluation.see(from_listing(write_street(tmp_path, "val", {"town/spots/a": [SPOT]}), SOURCES))
    scores = {name: evaluation.score(name, 0.4) for name in detector.names}
    report = json.loads(EvaluationReport(model="spot/1", pictures=1, classes=scores).as_json())
    assert report["mean_ap50"] == 1
    assert report["classes"]["thing"]["ap50"] is None


def _found(confidences: list[float], hits: list[bool]) -> Matches:
    return Matches(
        confidence=np.array(confidences, dtype=np.float32), hit=np.array(hits, dtype=np.bool_), objects=len(hits)
    )


@pytest.mark.parametrize(
    ("matches", "value", "measured"),
    [
        (_found([0.772] * 16, [True] * 16), 0.78, True),
        (_found([0.772] * 9, [True] * 9), CONSERVATIVE, False),
        (_found([0.95] * 16 + [0.5] * 9, [True] * 16 + [False] * 9), CONSERVATIVE, False),
        (_found([0.7] * 16, [False] * 16), CONSERVATIVE, False),
        (_found([0.11] * 16, [True] * 16), 0.25, True),
    ],
    ids=["measured", "too few", "only where hardly anything is found", "never right", "not below the lowest"],
)
def test_a_threshold_is_measured_where_enough_is_found(matches: Matches, value: float, measured: bool) -> None:
    chosen = choose_thresholds({"bright": matches}, 0.9)["bright"]
    assert (chosen.value, chosen.measured) == (pytest.approx(value), measured)
