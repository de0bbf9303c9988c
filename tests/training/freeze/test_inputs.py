"""Whatever tool labelled the pictures: the same boxes come out, and what is broken is refused with its place."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import labelled_exports as exports
from tests.labelled_exports import CLASSES, cvat_xml
from training.errors import DatasetError
from training.freeze.inputs import Reading, read_input
from training.freeze.item import Batch

MIDDLE = [0.5, 0.5, 0.25, 0.25]


def read(tmp_path: Path, path: Path, **more: object) -> Batch:
    (tmp_path / "scratch").mkdir(exist_ok=True)
    return read_input(path, Reading(sources=CLASSES, scratch=tmp_path / "scratch", **more))  # type: ignore[arg-type]


@pytest.mark.parametrize("tool", [exports.yolo, exports.coco, exports.label_studio, exports.cvat])
def test_every_tool_says_the_same(tmp_path: Path, tool: Callable[[Path], Path]) -> None:
    batch = read(tmp_path, tool(tmp_path / "export"))
    first = batch.items[0]
    assert (first.path.name, first.labels.class_id.tolist()) == ("p1.jpg", [1])
    assert first.labels.xywh[0].tolist() == pytest.approx(MIDDLE)
    [source] = batch.sources.values()
    assert "garbage" in source.labelled


def test_a_picture_without_boxes_is_an_empty_picture(tmp_path: Path) -> None:
    assert [len(item.labels) for item in read(tmp_path, exports.coco(tmp_path / "export")).items] == [1, 0]


def test_a_task_that_nobody_annotated_is_no_empty_picture(tmp_path: Path) -> None:
    batch = read(tmp_path, exports.label_studio(tmp_path / "export"))
    assert (len(batch.items), batch.left_out) == (1, {"not annotated": 1})


def test_all_labels_of_a_cvat_project_count_as_labelled(tmp_path: Path) -> None:
    batch = read(tmp_path, exports.cvat(tmp_path / "export"), source="town/cvat")
    assert batch.sources["town/cvat"].labelled == ("garbage", "bin")


def test_what_the_sources_file_says_goes_first(tmp_path: Path) -> None:
    batch = read(tmp_path, exports.cvat(tmp_path / "export"), source="town/kerb")
    assert batch.sources["town/kerb"] == CLASSES.sources["town/kerb"]


def test_a_zip_of_an_export_is_the_export(tmp_path: Path) -> None:
    exports.cvat(tmp_path / "export")
    with zipfile.ZipFile(tmp_path / "task.zip", "w") as archive:
        for path in sorted((tmp_path / "export").rglob("*.*")):
            archive.write(path, path.relative_to(tmp_path / "export"))
    batch = read(tmp_path, tmp_path / "task.zip")
    assert [item.origin for item in batch.items] == ["p1.jpg"]
    assert list(batch.sources) == ["imported/task"]


def test_a_class_of_another_name_can_be_renamed(tmp_path: Path) -> None:
    export = exports.cvat(tmp_path / "export", cvat_xml().replace("garbage", "rubbish"))
    with pytest.raises(DatasetError, match="--rename rubbish=ONE_OF_THEM"):
        read(tmp_path, export)
    assert read(tmp_path, export, renames={"rubbish": "garbage"}).items[0].labels.class_id.tolist() == [1]


def box(**at: object) -> str:
    place = {"xtl": 60, "ytl": 36, "xbr": 100, "ybr": 60, **at}
    return f'<box label="garbage" {" ".join(f"{key}={str(value)!r}" for key, value in place.items())}/>'


@pytest.mark.parametrize(
    ("xml", "sentence"),
    [
        (cvat_xml(box(xtl="nan")), r"annotations\.xml, line 6: the box is not made of numbers"),
        (cvat_xml(box(xbr=400)), r"annotations\.xml, line 6: the box does not lie inside"),
        (cvat_xml(box(xbr=60)), r"annotations\.xml, line 6: the box has no area"),
        (cvat_xml(box(xtl="left")), r"annotations\.xml, line 6: xtl is not a number"),
        (cvat_xml(box(rotation=12)), r"annotations\.xml, line 6 is a rotated box"),
        (cvat_xml('<polygon label="garbage" points="1,1;2,2;3,1"/>'), r"annotations\.xml, line 6 is a polygon"),
        (cvat_xml(box()).replace("p1.jpg", "p9.jpg"), r"line 5: of the picture 'p9.jpg' there are none"),
        (cvat_xml(box()).replace("p1.jpg", "../p1.jpg"), r"line 5: '../p1.jpg' leads out"),
        (cvat_xml(box()).replace('width="160"', 'width="0"'), r"line 5: width is 0"),
        (cvat_xml(box()).replace("<annotations>", "<!DOCTYPE a [<!ENTITY b 'c'>]><annotations>"), "DOCTYPE"),
        ("<annotations><meta>", "not CVAT XML"),
        ("<html/>", "its root is not <annotations>"),
    ],
)
def test_a_broken_cvat_export_is_refused_with_its_line(tmp_path: Path, xml: str, sentence: str) -> None:
    with pytest.raises(DatasetError, match=sentence):
        read(tmp_path, exports.cvat(tmp_path / "export", xml))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"bbox": [60, 36, float("nan"), 24]}, "bbox"),
        ({"bbox": [60, 36, 400, 24]}, "annotation 1: the box does not lie inside"),
        ({"bbox": [60, 36, 0, 24]}, "annotation 1: the box has no area"),
        ({"image_id": 99}, "annotation 1 belongs to a picture"),
        ({"category_id": 99}, "annotation 1 belongs to a category"),
        ({"iscrowd": 1}, "annotation 1 is a crowd"),
    ],
)
def test_a_broken_coco_file_is_refused_with_its_annotation(
    tmp_path: Path, wrong: dict[str, object], sentence: str
) -> None:
    with pytest.raises(DatasetError, match=sentence):
        read(tmp_path, exports.coco(tmp_path / "export", **wrong))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"x": float("nan")}, "task 1: x"),
        ({"width": 90}, "task 1: the box does not lie inside"),
        ({"rotation": 3}, "task 1 has a rotated box"),
        ({"rectanglelabels": ["rubbish"]}, "task 1: the class 'rubbish'"),
    ],
)
def test_a_broken_label_studio_export_is_refused_with_its_task(
    tmp_path: Path, wrong: dict[str, object], sentence: str
) -> None:
    with pytest.raises(DatasetError, match=sentence):
        read(tmp_path, exports.label_studio(tmp_path / "export", **wrong))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"download": "print('hello')"}, "download"),
        ({"train": "../elsewhere"}, "outside of its folder"),
        ({"train": "missing"}, "not there"),
        ({"names": ["rubbish"]}, "the class 'rubbish'"),
        ({"train": None}, "neither train nor val"),
    ],
)
def test_a_data_file_that_asks_for_too_much_is_refused(tmp_path: Path, data: dict[str, Any], sentence: str) -> None:
    with pytest.raises(DatasetError, match=sentence):
        read(tmp_path, exports.yolo(tmp_path / "export", **data))


def test_yaml_makes_no_objects(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    folder = exports.yolo(tmp_path / "export")
    exports.write(folder / "data.yaml", f"train: images\nnames: !!python/object/apply:os.system ['touch {mark}']\n")
    with pytest.raises(DatasetError, match="not YAML that can be read"):
        read(tmp_path, folder)
    assert not mark.exists()


def test_a_broken_label_file_is_refused_with_its_line(tmp_path: Path) -> None:
    folder = exports.yolo(tmp_path / "export")
    exports.write(folder / "labels" / "p2.txt", "0 0.5 0.5 0.25 0.25\n0 0.5 nan 0.25 0.25\n")
    with pytest.raises(DatasetError, match=r"p2\.txt, line 2 has a box"):
        read(tmp_path, folder)


@pytest.mark.parametrize("name", ["notes.txt", "none", "empty"])
def test_what_is_no_input_is_refused(tmp_path: Path, name: str) -> None:
    exports.write(tmp_path / "notes.txt", "hello")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DatasetError, match=r"name a folder with data\.yaml"):
        read(tmp_path, tmp_path / name)
