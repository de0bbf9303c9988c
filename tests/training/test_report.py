import re
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.detector_models import bright_spot_folder
from tests.labelled_street import draw, write_labels
from tests.looks_by_hand import NAMES, look, opens
from training.calibration import expected_calibration_error, reliability
from training.cli import main
from training.confusion import confusion
from training.intervals import share_interval
from training.looks import Light, light_of
from training.scoring import Matches
from training.slices import slices
from training.worst import worst

HERE, THERE, LOW = (10.0, 10.0, 40.0, 60.0), (60.0, 60.0, 90.0, 90.0), (10.0, 80.0, 40.0, 85.0)


def test_what_is_taken_for_what_is_counted_once() -> None:
    looks = [
        look([("bright", HERE, 0.9), ("thing", THERE, 0.8)], [("thing", HERE)]),  # taken for another, and for nothing
        look([("bright", HERE, 0.3)], [("bright", HERE)]),  # not sure enough: missed
    ]
    table = confusion(looks, NAMES, opens(), {})
    assert table.tolist() == [[0, 1, 0], [0, 0, 1], [1, 0, 0]]


def test_a_class_that_the_source_does_not_label_confuses_nobody() -> None:
    looks = [look([("thing", THERE, 0.9)], [("bright", HERE)], labelled=["bright"])]
    assert confusion(looks, NAMES, opens(), {}).tolist() == [[0, 0, 0], [0, 0, 1], [0, 0, 0]]


def test_parts_are_told_apart_by_source_light_and_size() -> None:
    looks = [
        look([("bright", HERE, 0.9)], [("bright", HERE), ("bright", LOW)]),
        look([], [("bright", HERE)], source="town/things", light=Light.NIGHT),
    ]
    found = {(s.kind, s.part): (s.objects, s.recall) for s in slices(looks, ["bright"], opens(), {})}
    assert found == {
        ("source", "town/spots"): (2, 0.5),
        ("source", "town/things"): (1, 0.0),
        ("light", "day"): (2, 0.5),
        ("light", "night"): (1, 0.0),
        ("size", "small"): (1, 0.0),
        ("size", "large"): (2, 0.5),
    }


def test_the_largest_miss_and_the_surest_false_alarm_come_first() -> None:
    looks = [
        look([("bright", THERE, 0.6)], [("bright", LOW)]),
        look([("bright", THERE, 0.9)], [("bright", HERE)]),
    ]
    mistakes = worst(looks, opens(), {}, 1)
    assert [(m.missed, m.name, tuple(m.box.tolist())) for m in mistakes] == [
        (True, "bright", HERE),
        (False, "bright", THERE),
    ]
    assert mistakes[1].weight == pytest.approx(0.9)


@pytest.mark.parametrize(("grey", "light"), [(30, Light.NIGHT), (69, Light.NIGHT), (71, Light.DAY), (200, Light.DAY)])
def test_night_is_told_by_the_mean_luma(grey: int, light: Light) -> None:
    assert light_of(np.full((60, 80, 3), grey, dtype=np.uint8)) is light


def test_an_interval_narrows_with_more_pictures_and_holds_the_share() -> None:
    few, many = (share_interval(np.array([1, 0, 1, 1] * n), np.array([1, 1, 1, 1] * n)) for n in (2, 100))
    assert few is not None
    assert many is not None
    assert few.low < many.low < 0.75 < many.high < few.high
    assert share_interval(np.array([1, 1]), np.array([1, 1])) is None


def test_an_honest_confidence_has_no_calibration_error_and_a_boastful_one_has() -> None:
    hits = np.array([True] * 8 + [False] * 2)
    honest = Matches(confidence=np.full(10, 0.8, dtype=np.float32), hit=hits, objects=10)
    boastful = Matches(confidence=np.full(10, 0.95, dtype=np.float32), hit=~hits, objects=10)
    assert expected_calibration_error(honest) == pytest.approx(0, abs=1e-6)
    assert expected_calibration_error(boastful) == pytest.approx(0.75)
    assert [part.count for part in reliability(honest)] == [10]
    none = Matches(confidence=np.empty(0, np.float32), hit=np.empty(0, np.bool_), objects=3)
    assert expected_calibration_error(none) is None


def test_a_report_shows_the_mistakes_and_says_the_same_in_both_forms(tmp_path: Path) -> None:
    draw(tmp_path / "images/a<b>.png", [(1, 0.5, 0.5, 0.2, 0.4)])
    write_labels(tmp_path / "labels/a<b>.txt", [(0, 0.1, 0.1, 0.1, 0.1)])  # elsewhere: one miss, one false alarm
    (tmp_path / "data.yaml").write_text("val: images\nnames: [bright]\n", encoding="utf-8")
    model, out = bright_spot_folder(tmp_path / "model"), tmp_path / "report"
    command = ["evaluate", "--data", str(tmp_path / "data.yaml"), "--model", str(model), "--report", str(out), "--json"]
    with pytest.raises(SystemExit) as ended:
        main(command)
    assert ended.value.code == 0
    markdown, page = ((out / f"report.{ending}").read_text(encoding="utf-8") for ending in ("md", "html"))
    shown = re.findall(r"!\[[^\]]*\]\(([^)]+\.(?:jpg|svg))\)", markdown)
    assert [name.split("_")[1] for name in shown if name.endswith("jpg")] == ["missed", "false"]
    for name in shown:
        assert (out / name).stat().st_size > 0
    assert all(name in page for name in shown if name.endswith("jpg"))
    assert "a<b>.png" not in page
    assert "a&lt;b&gt;.png" in page
    assert "| 96×160 | 160×160 |" in markdown
    picture = cv2.imread(str(out / next(name for name in shown if name.endswith("jpg"))))
    assert picture is not None
    with pytest.raises(SystemExit) as again:
        main(command)
    assert again.value.code == 2
