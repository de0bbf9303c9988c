from pathlib import Path

import pytest
import yaml

from tests.labelled_street import write_street
from training.preparation import REPEATS, prepare
from training.sources import Source, Sources

STREET = Sources(
    classes=("car", "stall"),
    sources={
        "town/market": Source(labelled=("stall",), completed=("car",), licence="CC0-1.0"),
        "rendered/stills": Source(labelled=("car", "stall"), rendered=True, licence="our own"),
    },
)
STALL = (1, 0.5, 0.5, 0.2, 0.4)
CAR = (0, 0.3, 0.3, 0.2, 0.2)


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    data, out = tmp_path / "data", tmp_path / "run"
    train = write_street(
        data, "train", {"town/market/a": [STALL], "town/market/b": []}, {"town/market/a": [STALL, CAR]}
    )
    val = write_street(data, "val", {"town/market/v": [STALL]}, {"town/market/v": [STALL, CAR]})
    prepare((train, val), STREET, out, seed=1)
    return out


def test_rare_classes_are_shown_more_often(prepared: Path) -> None:
    shown = [Path(line).stem for line in (prepared / "train.txt").read_text(encoding="utf-8").split()]
    assert (shown.count("a"), shown.count("b")) == (REPEATS["stall"], 1)


def test_a_rendered_picture_is_shown_once(tmp_path: Path) -> None:
    train = write_street(tmp_path / "data", "train", {"rendered/stills/s": [STALL], "town/market/a": [STALL]})
    val = write_street(tmp_path / "data", "val", {"town/market/v": [STALL]})
    prepared = prepare((train, val), STREET, tmp_path / "run", seed=1)
    assert prepared.shown == 1 + REPEATS["stall"]


def test_training_labels_are_completed_and_those_for_scoring_are_not(prepared: Path) -> None:
    labels = {path.stem: path.read_text(encoding="utf-8").split("\n") for path in (prepared / "labels").rglob("*.txt")}
    assert len(labels["a"]) - 1 == 2
    assert len(labels["v"]) - 1 == 1


def test_the_source_can_be_told_from_the_path(prepared: Path) -> None:
    [picture] = {Path(line) for line in (prepared / "val.txt").read_text(encoding="utf-8").split()}
    assert picture.parts[-3:-1] == ("town", "market")
    assert picture.is_file()


def test_preparing_twice_changes_nothing(prepared: Path, tmp_path: Path) -> None:
    before = {path: path.read_text(encoding="utf-8") for path in prepared.rglob("*.txt")}
    prepare((tmp_path / "data/train.txt", tmp_path / "data/val.txt"), STREET, prepared, seed=1)
    assert {path: path.read_text(encoding="utf-8") for path in prepared.rglob("*.txt")} == before


def test_the_data_file_names_the_classes(prepared: Path) -> None:
    assert yaml.safe_load((prepared / "data.yaml").read_text(encoding="utf-8"))["names"] == {0: "car", 1: "stall"}
