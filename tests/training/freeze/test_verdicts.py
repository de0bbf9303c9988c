"""What a supervisor said becomes a label, a region without one, or nothing."""

from pathlib import Path
from typing import Any

import pytest

from tests import labelled_exports as exports
from tests.labelled_exports import CLASSES, plan
from training.dataset import read_pictures
from training.errors import DatasetError
from training.freeze.freezing import freeze
from training.freeze.item import Batch, ClassNames
from training.freeze.verdicts import read_verdicts
from training.sources import read_sources

GARBAGE, BIN = 1, 2
MIDDLE = [0.5, 0.5, 0.25, 0.25]


def read(tmp_path: Path, *said: dict[str, Any]) -> Batch:
    return read_verdicts(exports.verdicts(tmp_path / "said", said), ClassNames(ours=CLASSES.classes))


def rejected(reason: str, **more: Any) -> dict[str, Any]:
    return {"decision": "reject", "reason": reason, **more}


def test_a_confirmed_box_is_a_label(tmp_path: Path) -> None:
    [item] = read(tmp_path, {"decision": "confirm"}).items
    assert item.labels.class_id.tolist() == [GARBAGE]
    assert item.labels.xywh[0].tolist() == pytest.approx(MIDDLE)
    assert len(item.regions) == 0


def test_a_corrected_box_is_the_corrected_label(tmp_path: Path) -> None:
    [item] = read(tmp_path, {"decision": "correct", "right_class": "bin", "right_box": [0, 0, 80, 48]}).items
    assert item.labels.class_id.tolist() == [BIN]
    assert item.labels.xywh[0].tolist() == pytest.approx([0.25, 0.25, 0.5, 0.5])


@pytest.mark.parametrize("reason", ["not_there", "wrong_class"])
def test_a_detector_error_is_a_region_in_which_the_class_is_absent(tmp_path: Path, reason: str) -> None:
    [item] = read(tmp_path, rejected(reason)).items
    assert len(item.labels) == 0
    assert item.regions.class_id.tolist() == [GARBAGE]
    assert item.regions.xywh[0].tolist() == pytest.approx(MIDDLE)


@pytest.mark.parametrize("reason", ["permitted", "moving", "duplicate", "poor_picture"])
def test_what_is_no_error_of_the_detector_teaches_it_nothing(tmp_path: Path, reason: str) -> None:
    batch = read(tmp_path, rejected(reason))
    assert (batch.items, batch.left_out) == ((), {f"verdict {reason}": 1})


def test_a_reviewers_last_word_counts(tmp_path: Path) -> None:
    [item] = read(tmp_path, {"finding": "f", "seed": 1}, rejected("not_there", finding="f", seed=1)).items
    assert (len(item.labels), len(item.regions)) == (0, 1)


def test_reviewers_who_disagree_teach_it_nothing(tmp_path: Path) -> None:
    said = ({"finding": "f", "seed": 1}, rejected("not_there", finding="f", seed=1, reviewer="r2"))
    batch = read(tmp_path, *said)
    assert (batch.items, batch.left_out) == ((), {"reviewers disagree": 1})


def test_all_verdicts_on_one_picture_come_together(tmp_path: Path) -> None:
    other = rejected("not_there", seed=1, box=[0, 0, 16, 16], object_class="bin")
    [item] = read(tmp_path, {"seed": 1}, other).items
    assert (item.labels.class_id.tolist(), item.regions.class_id.tolist()) == ([GARBAGE], [BIN])


def test_nothing_else_in_the_picture_counts_as_labelled(tmp_path: Path) -> None:
    [source] = read(tmp_path, {}).sources.values()
    assert source.labelled == source.completed == ()


def test_cameras_are_scenes(tmp_path: Path) -> None:
    items = read(tmp_path, {"camera": "east"}, {"camera": "west"}).items
    assert [item.scene for item in items] == ["camera east", "camera west"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"decision": "reject", "reason": "because"}, "line 1: 'because' is no reason"),
        ({"box": [float("nan"), 0, 1, 1]}, "line 1 is no verdict"),
        ({"box": [0, 0, 1600, 48]}, "line 1: the box does not lie inside"),
        ({"object_class": "cow"}, "line 1: the class 'cow'"),
        ({"picture": "0" * 64}, "line 1 names the picture 0000"),
    ],
)
def test_a_broken_line_is_refused(tmp_path: Path, wrong: dict[str, Any], sentence: str) -> None:
    with pytest.raises(DatasetError, match=sentence):
        read(tmp_path, wrong)


def test_regions_travel_with_the_version(tmp_path: Path) -> None:
    said = exports.verdicts(tmp_path / "said", [rejected("not_there"), {}])
    frozen = freeze(plan(tmp_path, said, val_share=0))
    pictures = read_pictures(frozen.folder / "train.txt", read_sources(frozen.folder / "sources.yaml"))
    assert sorted(picture.regions(3).class_id.tolist() for picture in pictures) == [[], [GARBAGE]]
