"""From a data set to the folder that the trainer reads: links to pictures, training labels, rare classes repeated."""

import os
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import yaml

from training.closeups import close_ups
from training.dataset import LabelledPicture, read_pictures
from training.sources import Sources

REPEATS = {"stall": 6, "bicycle": 2, "truck": 2, "motorcycle": 2}
"""How often a picture is shown in an epoch if it holds a box of this class that a person drew; the largest counts.

A rendered picture is shown once: more of them are rendered instead."""

REGIONS = "regions"
"""Folder beside `images` and `labels`: where in a picture a class is known to be absent (see `training.freeze`)."""

LARGE_VEHICLES = ("car", "bus", "truck")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A folder ready for the trainer.

    Attributes:
        data_file: what the trainer reads.
        images: the folder below which a picture lies as `group/source/file`.
        shown: pictures in an epoch, repeats counted.
    """

    data_file: Path
    images: Path
    shown: int


def prepare(listings: tuple[Path, Path], sources: Sources, out: Path, *, seed: int) -> Prepared:
    """Write the training folder.

    Args:
        listings: train and val lists.
        sources: what each source labels.
        out: a new or an earlier folder of the same data.
        seed: of the close-ups.

    Raises:
        DatasetError: pictures or labels cannot be used.
    """
    rng = np.random.default_rng(seed)
    train, val = (read_pictures(listing, sources) for listing in listings)
    shown: list[Path] = []
    for picture in train:
        path = _link(picture, sources, out, completed=True)
        shown += [path] * _repeats(picture, sources)
        shown += _write_close_ups(picture, sources, out, rng)
    seen = [_link(picture, sources, out, completed=False) for picture in val]
    for name, paths in (("train.txt", shown), ("val.txt", seen)):
        (out / name).write_text("".join(f"{path}\n" for path in paths), encoding="utf-8")
    data = {"path": str(out), "train": "train.txt", "val": "val.txt", "names": dict(enumerate(sources.classes))}
    data_file = out / "data.yaml"
    data_file.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    return Prepared(data_file=data_file, images=out / "images", shown=len(shown))


def _link(picture: LabelledPicture, sources: Sources, out: Path, *, completed: bool) -> Path:
    target = out / "images" / picture.source / picture.path.name
    labels = out / "labels" / picture.source / f"{picture.path.stem}.txt"
    for path in (target, labels):
        path.parent.mkdir(parents=True, exist_ok=True)
    if not target.is_symlink():
        target.symlink_to(os.path.abspath(picture.path))  # noqa: PTH100 - resolve() would follow links out of the data set
    text = picture.labels(completed=completed, classes=len(sources.classes)).as_text()
    labels.write_text(text, encoding="utf-8")
    regions = picture.regions(len(sources.classes))
    if completed and len(regions):
        beside = out / REGIONS / picture.source / f"{picture.path.stem}.txt"
        beside.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(regions.as_text(), encoding="utf-8")
    return target.absolute()


def _repeats(picture: LabelledPicture, sources: Sources) -> int:
    if sources.sources[picture.source].rendered:
        return 1
    drawn = picture.labels(completed=False, classes=len(sources.classes)).class_id
    return max((REPEATS.get(sources.classes[name], 1) for name in drawn), default=1)


def _write_close_ups(picture: LabelledPicture, sources: Sources, out: Path, rng: np.random.Generator) -> list[Path]:
    labels = picture.labels(completed=True, classes=len(sources.classes))
    vehicles = frozenset(index for index, name in enumerate(sources.classes) if name in LARGE_VEHICLES)
    if not vehicles & {int(name) for name in labels.class_id}:
        return []
    pixels = cv2.imread(str(picture.path), cv2.IMREAD_COLOR)
    written: list[Path] = []
    for number, cut in enumerate(close_ups(np.asarray(pixels, dtype=np.uint8), labels, vehicles, rng)):
        stem = f"{picture.path.stem}_close{number}"
        path = out / "images" / picture.source / f"{stem}.jpg"
        cv2.imwrite(str(path), cut.picture)
        (out / "labels" / picture.source / f"{stem}.txt").write_text(cut.labels.as_text(), encoding="utf-8")
        written.append(path.absolute())
    return written
