import math
from pathlib import Path
from typing import Any

import pytest

from inference.detector import current_model, read_manifest
from inference.detector.manifest import Layout
from inference.errors import ModelError
from tests.detector_models import manifest_of, write_manifest


@pytest.fixture
def right() -> dict[str, Any]:
    return manifest_of({(96, 160): b"graph"}, Layout.NMS_FREE)


def test_a_right_manifest_is_read(tmp_path: Path, right: dict[str, Any]) -> None:
    write_manifest(tmp_path, right)
    manifest = read_manifest(tmp_path)
    assert manifest.classes == ("thing", "bright")
    assert manifest.opens_at == {"thing": 0.3, "bright": 0.4}


@pytest.mark.parametrize(
    "key", ["name", "version", "task", "classes", "graphs", "opens_at", "floor", "nms_iou", "licence"]
)
def test_a_missing_key_is_named(tmp_path: Path, right: dict[str, Any], key: str) -> None:
    del right[key]
    write_manifest(tmp_path, right)
    with pytest.raises(ModelError, match=f"correct {key}"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"opens_at": {"thing": math.nan, "bright": 0.4}}, "opens_at.thing"),
        ({"opens_at": {"thing": 0.3}}, "opens_at: .*bright"),
        ({"opens_at": {"thing": 0.3, "bright": 0.05}}, "below the floor"),
        ({"opens_at": {"thing": 1.5, "bright": 0.4}}, "opens_at.thing"),
        ({"floor": math.inf}, "floor"),
        ({"classes": ["thing", "thing"]}, "twice"),
        ({"colour": "blue"}, "colour"),
        ({"task": "segment"}, "task"),
        ({"name": "../spot"}, "name"),
        ({"graphs": []}, "graphs"),
        ({"runs": "int8"}, "no graph in int8"),
        ({"runs": "int4"}, "runs"),
    ],
)
def test_what_cannot_be_trusted_is_refused_in_one_sentence(
    tmp_path: Path, right: dict[str, Any], change: dict[str, Any], named: str
) -> None:
    write_manifest(tmp_path, right | change)
    with pytest.raises(ModelError, match=named):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("file", "../elsewhere.onnx"),
        ("file", "/etc/x.onnx"),
        ("sha256", "abc"),
        ("input_hw", [100, 160]),
        ("layout", "rows"),
    ],
)
def test_a_graph_entry_is_checked(tmp_path: Path, right: dict[str, Any], key: str, value: object) -> None:
    right["graphs"][0][key] = value
    write_manifest(tmp_path, right)
    with pytest.raises(ModelError, match=f"graphs.0.{key}"):
        read_manifest(tmp_path)


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        read_manifest(tmp_path)


def test_the_current_model_is_the_folder_that_the_file_names(tmp_path: Path) -> None:
    (tmp_path / "spot" / "2").mkdir(parents=True)
    (tmp_path / "current").write_text("spot/2\n", encoding="utf-8")
    assert current_model(tmp_path) == tmp_path / "spot" / "2"


@pytest.mark.parametrize("named", ["spot/3", "../spot/2", "/tmp", "", "spot"])
def test_a_current_file_that_names_no_model_is_refused(tmp_path: Path, named: str) -> None:
    (tmp_path / "spot" / "2").mkdir(parents=True)
    (tmp_path / "current").write_text(named, encoding="utf-8")
    with pytest.raises(ModelError, match="must name a model folder"):
        current_model(tmp_path)


def test_models_without_a_current_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="write NAME/VERSION"):
        current_model(tmp_path)
