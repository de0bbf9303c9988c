from pathlib import Path

import pytest

from tests.labelled_street import SOURCES, write_street
from training.dataset import read_labels, read_pictures
from training.errors import DatasetError
from training.sources import Source, read_sources


@pytest.mark.parametrize(
    "text",
    [
        "0 .5 .5 .1",
        "0 .5 .5 .1 x",
        "2 .5 .5 .1 .1",
        "-1 .5 .5 .1 .1",
        "0.5 .5 .5 .1 .1",
        "0 1.5 .5 .1 .1",
        "0 nan .5 .1 .1",
    ],
)
def test_a_broken_label_is_refused_with_the_file_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError, match=r"a\.txt"):
        read_labels(path, 2)


def test_labels_survive_being_written(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("1 0.5 0.25 0.125 0.0625\n0 0.1 0.2 0.3 0.4\n", encoding="utf-8")
    labels = read_labels(path, 2)
    path.write_text(labels.as_text(), encoding="utf-8")
    assert read_labels(path, 2).xywh.tolist() == labels.xywh.tolist()
    assert read_labels(path, 2).class_id.tolist() == [1, 0]


def test_a_picture_knows_its_source_and_what_a_machine_added(tmp_path: Path) -> None:
    listing = write_street(
        tmp_path,
        "train",
        {"town/spots/a": [(1, 0.5, 0.5, 0.2, 0.2)]},
        {"town/spots/a": [(1, 0.5, 0.5, 0.2, 0.2), (0, 0.2, 0.2, 0.1, 0.1)]},
    )
    [picture] = read_pictures(listing, SOURCES)
    assert picture.source == "town/spots"
    assert picture.labels(completed=False, classes=2).class_id.tolist() == [1]
    assert picture.labels(completed=True, classes=2).class_id.tolist() == [1, 0]


def test_a_list_with_a_missing_picture_is_refused(tmp_path: Path) -> None:
    listing = write_street(tmp_path, "val", {"town/spots/a": []})
    (tmp_path / "town/spots/val/images/a.png").unlink()
    with pytest.raises(DatasetError, match="not there"):
        read_pictures(listing, SOURCES)


def test_a_picture_of_no_known_source_is_refused(tmp_path: Path) -> None:
    listing = write_street(tmp_path, "val", {"moon/craters/a": []})
    with pytest.raises(DatasetError, match="moon/craters"):
        read_pictures(listing, SOURCES)


@pytest.mark.parametrize(
    "text",
    [
        "classes: [a]\nsources: {x/y: {labelled: [b], licence: CC0}}",
        "classes: [a]",
        "classes: [a]\nsources: {x/y: {labelled: [a], licence: CC0, colour: red}}",
        "{",
    ],
)
def test_a_wrong_sources_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError, match="not a sources file"):
        read_sources(path)


def test_the_street_sources_are_right() -> None:
    sources = read_sources(Path(__file__).parents[2] / "datasets" / "street" / "sources.yaml")
    assert len(sources.classes) == 11
    assert "garbage" in sources.sources["garbage/cn_public111"].labelled


def test_every_picture_of_the_shared_data_has_a_known_source() -> None:
    data = Path(__file__).parents[3] / "shared" / "data"
    if not data.is_dir():
        pytest.skip("the labelled street pictures are not here")
    sources = read_sources(Path(__file__).parents[2] / "datasets" / "street" / "sources.yaml")
    assert {picture.source for picture in read_pictures(data / "train.txt", sources)} <= set(sources.sources)


def test_what_a_source_says_reads_as_it_did_before_pictures_were_rendered() -> None:
    people = Source(labelled=("car",), licence="CC0-1.0")
    assert people.model_dump(mode="json") == {
        "labelled": ["car"],
        "partly": [],
        "completed": [],
        "licence": "CC0-1.0",
    }  # a frozen version is checked against this text, so versions from before must not change
    assert people.model_copy(update={"rendered": True}).model_dump(mode="json")["rendered"] is True
