"""Inputs in YOLO format: a `data.yaml`, or our own folder of `group/source/split` with `train.txt` and `val.txt`."""

from pathlib import Path

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from training.dataset import NO_LABELS, Labels, read_labels, read_pictures
from training.errors import DatasetError
from training.freeze.item import Batch, ClassNames, Drawn, Item, Split, labels_of
from training.scored_pictures import PICTURE_ENDINGS, beside
from training.sources import Source, Sources


class _Data(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)  # other people's files

    path: str = ""
    train: str | None = None
    val: str | None = None
    names: list[str] | dict[int, str]
    download: None = None  # a file that asks for a download is refused: nothing in it is ever executed


def read_street(folder: Path, sources: Sources) -> Batch:
    """Our own layout; the sources file says what each source labelled.

    Raises:
        DatasetError: something is missing or broken.
    """
    items: list[Item] = []
    for split in Split:
        listing = folder / f"{split}.txt"
        if not listing.is_file():
            continue
        for picture in read_pictures(listing, sources):
            count = len(sources.classes)
            completed = picture.labels(completed=True, classes=count)
            items.append(
                Item(
                    path=picture.path,
                    origin=picture.path.relative_to(folder).as_posix(),
                    source=picture.source,
                    labels=_inside(picture.labels(completed=False, classes=count), picture.path),
                    completed=_inside(completed, picture.path),
                    regions=picture.regions(count),
                    split=split,
                )
            )
    used = {item.source for item in items}
    return Batch(items=tuple(items), sources={name: sources.sources[name] for name in used})


def read_yolo(data_file: Path, source: str, names: ClassNames) -> Batch:
    """A `data.yaml`, with what it lists as train and val; all its classes count as labelled everywhere.

    Raises:
        DatasetError: the file, a picture or a label cannot be used, or the file asks for a download.
    """
    try:
        data = _Data.model_validate(yaml.safe_load(data_file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise DatasetError(f"{data_file} is not YAML that can be read: {error}") from error
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(str(at) for at in part['loc'])}: {part['msg']}" for part in error.errors())
        raise DatasetError(
            f"{data_file} is not a YOLO data file with train or val, names and no download ({wrong})"
        ) from error
    theirs = data.names if isinstance(data.names, list) else [data.names[key] for key in sorted(data.names)]
    numbers = [names.number(name, str(data_file)) for name in theirs]
    named = {Split.TRAIN: data.train, Split.VAL: data.val}
    listed = {split: _paths(data_file, data.path, part) for split, part in named.items() if part}
    if not listed:
        raise DatasetError(f"{data_file} names neither train nor val: add what is there")
    items = [
        Item(
            path=path,
            origin=_origin(path, data_file.parent),
            source=source,
            labels=_renumbered(beside(path), numbers),
            split=split if len(listed) == len(Split) else None,
        )
        for split, paths in listed.items()
        for path in paths
    ]
    labelled = tuple(names.ours[number] for number in sorted(set(numbers)))
    return Batch(items=tuple(items), sources={source: Source(labelled=labelled, licence="not stated")})


def _paths(data_file: Path, below: str, part: str) -> list[Path]:
    root = data_file.parent.resolve()
    place = (root / below / part).resolve()
    if not place.is_relative_to(root):
        raise DatasetError(f"{data_file} names {part}, which lies outside of its folder: move the pictures below it")
    if place.is_dir():
        paths = sorted(path for path in place.rglob("*") if path.suffix.lower() in PICTURE_ENDINGS)
    elif place.is_file():
        lines = place.read_text(encoding="utf-8").split("\n")
        paths = [(place.parent / line.strip()) for line in lines if line.strip()]
    else:
        raise DatasetError(f"{data_file} names {place}, which is not there: correct path, train and val")
    for path in paths:
        if not path.is_file() or not path.resolve().is_relative_to(root):
            raise DatasetError(f"{place} names {path}, which is not there or not below {root}: correct the list")
    if not paths:
        raise DatasetError(f"{place} holds no pictures: correct {data_file}")
    return paths


def _origin(path: Path, root: Path) -> str:
    return path.resolve().relative_to(root.resolve()).as_posix()


def _renumbered(path: Path, numbers: list[int]) -> Labels:
    """A missing label file means an empty picture, as everywhere in this format."""
    if not path.is_file():
        return NO_LABELS
    labels = _inside(read_labels(path, len(numbers)), path)
    return Labels(class_id=np.array(numbers, dtype=np.int64)[labels.class_id], xywh=labels.xywh)


def _inside(labels: Labels, path: Path) -> Labels:
    """Labels whose edges lie in the picture."""
    return labels_of(
        [
            Drawn(
                class_id=int(class_id),
                x1=float(x - w / 2),
                y1=float(y - h / 2),
                x2=float(x + w / 2),
                y2=float(y + h / 2),
                where=f"{path}, box {number}",
            )
            for number, (class_id, (x, y, w, h)) in enumerate(zip(labels.class_id, labels.xywh, strict=True), 1)
        ]
    )
