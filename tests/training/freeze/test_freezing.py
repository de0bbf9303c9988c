"""A frozen version: split without leakage, never changed, never written twice."""

import re
from pathlib import Path

import cv2
import pytest

from tests import labelled_exports as exports
from tests.labelled_exports import plan, view
from training.dataset import read_pictures
from training.errors import DatasetError
from training.freeze.freezing import FreezePlan, Frozen, Leaks, Side, freeze
from training.freeze.item import Split
from training.freeze.version import verify_version
from training.sources import read_sources


def frozen_yolo(tmp_path: Path, count: int = 20) -> Frozen:
    return freeze(plan(tmp_path, exports.yolo(tmp_path / "export", range(count)), val_share=0.25))


def test_what_is_frozen_is_what_train_and_evaluate_read(tmp_path: Path) -> None:
    frozen = frozen_yolo(tmp_path)
    sources = read_sources(frozen.folder / "sources.yaml")
    sides = {split: read_pictures(frozen.folder / f"{split}.txt", sources) for split in Split}
    assert {split: len(pictures) for split, pictures in sides.items()} == {Split.TRAIN: 15, Split.VAL: 5}
    [source] = sources.sources.values()
    assert source.labelled == ("garbage",)
    assert all(p.labels(completed=True, classes=3).class_id.tolist() == [1] for p in sides[Split.TRAIN])


def test_the_same_data_is_the_same_version_and_is_not_written_twice(tmp_path: Path) -> None:
    first = frozen_yolo(tmp_path)
    with pytest.raises(DatasetError, match="frozen before"):
        frozen_yolo(tmp_path)
    elsewhere = freeze(plan(tmp_path, tmp_path / "export", val_share=0.25, out=tmp_path / "elsewhere"))
    assert elsewhere.manifest.version == first.manifest.version
    assert first.folder == tmp_path / "datasets" / "town" / first.manifest.version


def test_other_labels_are_another_version(tmp_path: Path) -> None:
    first = frozen_yolo(tmp_path)
    exports.write(tmp_path / "export/labels/p3.txt", "0 0.5 0.5 0.25 0.26\n")
    assert freeze(plan(tmp_path, tmp_path / "export", val_share=0.25)).folder != first.folder


@pytest.mark.parametrize("kind", ["picture", "label", "list", "removed", "added", "manifest"])
def test_any_change_is_noticed(tmp_path: Path, kind: str) -> None:
    frozen = frozen_yolo(tmp_path, 4)
    assert verify_version(frozen.folder) == frozen.manifest
    picture = frozen.folder / frozen.manifest.pictures[0].file
    label = picture.parent.parent / "labels" / f"{picture.stem}.txt"
    target = {"label": label, "list": frozen.folder / "train.txt", "manifest": frozen.folder / "manifest.json"}
    changed = target.get(kind, picture)
    if kind == "removed":
        changed.unlink()
    elif kind == "added":
        changed.with_name("extra.jpg").write_bytes(b"")
    else:
        changed.chmod(0o644)
        changed.write_bytes(changed.read_bytes() + b"\n")
    with pytest.raises(DatasetError):
        verify_version(frozen.folder)


def split_yolo(tmp_path: Path) -> Path:
    """Train and val are given; the first picture of val is the first of train in other light."""
    root = exports.yolo(tmp_path / "export", (1, 2), train="images", val="val/images")
    view(root / "val/images/q1.jpg", 1, brighter=25)
    view(root / "val/images/q5.jpg", 5)
    return root


def test_a_view_on_both_sides_is_refused_and_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"1 views .*images/p1\.jpg ~ val/images/q1\.jpg"):
        freeze(plan(tmp_path, split_yolo(tmp_path)))
    assert list((tmp_path / "datasets").rglob("*.jpg")) == []


def test_a_mirrored_view_is_the_same_view(tmp_path: Path) -> None:
    root = split_yolo(tmp_path)
    pixels = cv2.imread(str(root / "images/p1.jpg"))
    assert pixels is not None
    cv2.imwrite(str(root / "val/images/q1.jpg"), pixels[:, ::-1])
    with pytest.raises(DatasetError, match=r"images/p1\.jpg ~ val/images/q1\.jpg"):
        freeze(plan(tmp_path, root))


def test_a_view_on_both_sides_can_be_left_out_of_train(tmp_path: Path) -> None:
    frozen = freeze(plan(tmp_path, split_yolo(tmp_path), leaks=Leaks.LEAVE_OUT))
    assert sorted(p.origin for p in frozen.manifest.pictures) == [
        "images/p2.jpg",
        "val/images/q1.jpg",
        "val/images/q5.jpg",
    ]
    assert frozen.manifest.left_out == {"also in val": 1}


def test_views_that_are_alike_get_the_same_side(tmp_path: Path) -> None:
    root = exports.yolo(tmp_path / "export", range(12))
    for seed in range(12):
        view(root / "images" / f"later{seed}.jpg", seed, brighter=15)
    manifest = freeze(plan(tmp_path, root, val_share=0.5)).manifest
    sides = {Path(picture.origin).stem: picture.split for picture in manifest.pictures}
    assert [sides[f"p{seed}"] for seed in range(12)] == [sides[f"later{seed}"] for seed in range(12)]
    assert len(manifest.of(Split.VAL)) == 12


def test_a_scene_stays_on_one_side(tmp_path: Path) -> None:
    root = exports.yolo(tmp_path / "export", range(12))
    scene = re.compile(r"p(\d)")  # p1, p10 and p11 are one scene
    manifest = freeze(plan(tmp_path, root, val_share=0.5, scene=scene)).manifest
    sides: dict[str | None, set[Split]] = {}
    for picture in manifest.pictures:
        sides.setdefault(picture.scene, set()).add(picture.split)
    assert len(sides) == 10
    assert all(len(split) == 1 for split in sides.values())


def test_a_scene_that_was_given_to_both_sides_is_refused(tmp_path: Path) -> None:
    root = split_yolo(tmp_path)
    view(root / "val/images/q1.jpg", 9)  # another view, but of the same scene
    with pytest.raises(DatasetError, match="views are in train and in val"):
        freeze(plan(tmp_path, root, scene=re.compile("images")))


def test_a_picture_on_both_sides_is_refused(tmp_path: Path) -> None:
    root = split_yolo(tmp_path)
    (root / "val/images/q1.jpg").write_bytes((root / "images/p1.jpg").read_bytes())
    with pytest.raises(DatasetError, match="same picture"):
        freeze(plan(tmp_path, root))


@pytest.mark.parametrize("damage", ["cut", "text", "bomb"])
def test_a_picture_that_cannot_be_decoded_is_refused(tmp_path: Path, damage: str) -> None:
    root = exports.yolo(tmp_path / "export")
    path = root / "images/p2.jpg"
    data = path.read_bytes()
    bomb = data.replace(b"\x00\x60\x00\xa0", b"\xff\xf0\xff\xf0", 1)  # claims 65520x65520 pixels
    path.write_bytes({"cut": data[: len(data) // 2], "text": b"hello", "bomb": bomb}[damage])
    with pytest.raises(DatasetError, match=r"p2\.jpg cannot be used"):
        freeze(plan(tmp_path, root))


def test_boxes_that_were_drawn_on_another_size_are_refused(tmp_path: Path) -> None:
    coco = exports.coco(tmp_path / "export")
    view(tmp_path / "export/p1.jpg", 1, size_wh=(320, 192))
    with pytest.raises(DatasetError, match="drawn on 160x96"):
        freeze(plan(tmp_path, coco))


def child(tmp_path: Path, parent: Frozen, *inputs: Path) -> FreezePlan:
    return plan(tmp_path, *inputs, parent=parent.folder, side=Side.TRAIN)


def test_a_version_made_from_another_keeps_every_picture_on_its_side(tmp_path: Path) -> None:
    parent = frozen_yolo(tmp_path)
    said = [{"decision": "reject", "reason": "not_there", "seed": 100}]
    frozen = freeze(child(tmp_path, parent, exports.verdicts(tmp_path / "said", said)))
    assert frozen.manifest.parent == f"town/{parent.manifest.version}"
    inherited = {picture.sha256: picture.split for picture in parent.manifest.pictures}
    assert {p.sha256: p.split for p in frozen.manifest.pictures if p.sha256 in inherited} == inherited
    assert len(frozen.manifest.of(Split.TRAIN)) == 16
    assert frozen.manifest.of(Split.VAL) == parent.manifest.of(Split.VAL)


def test_the_card_says_what_is_in_it_and_sheets_show_it(tmp_path: Path) -> None:
    frozen = frozen_yolo(tmp_path)
    card = (frozen.folder / "card.md").read_text(encoding="utf-8")
    assert f"# town {frozen.manifest.version}" in card
    assert "| garbage | 15 | 5 |" in card
    assert {path.name for path in (frozen.folder / "sheets").iterdir()} == {
        "class-garbage.jpg",
        "source-imported-export.jpg",
    }
