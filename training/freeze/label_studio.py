"""Exports of Label Studio (JSON): boxes in per cent of the picture."""

import re
from collections import Counter
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qs, urlsplit

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from training.errors import DatasetError
from training.freeze.item import Batch, ClassNames, Drawn, Item, labels_of
from training.freeze.picture_index import PictureIndex
from training.sources import Source

Percent = Annotated[float, Field(allow_inf_nan=False)]
UPLOADED = re.compile(r"^[0-9a-f]{8}-")
"""What Label Studio writes in front of the name of an uploaded file."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)  # every version adds keys of its own


class _Value(_Part):
    x: Percent
    y: Percent
    width: Percent
    height: Percent
    rotation: Percent = 0
    rectanglelabels: Annotated[list[str], Field(min_length=1, max_length=1)]


class _Result(_Part):
    type: str
    value: dict[str, Any]


class _Annotation(_Part):
    result: list[_Result]
    was_cancelled: bool = False


class _Task(_Part):
    id: int
    data: dict[str, Any]
    annotations: list[_Annotation]


def read_label_studio(path: Path, data: bytes, source: str, names: ClassNames, pictures: PictureIndex) -> Batch:
    """A Label Studio export; the classes that occur in it count as labelled everywhere, tasks without annotation not.

    Raises:
        DatasetError: it says something else, or names pictures or classes that do not exist.
    """
    try:
        tasks = TypeAdapter(list[_Task]).validate_json(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise DatasetError(f"{path} is not a Label Studio export of tasks: at {place}: {first['msg']}") from error
    left_out: Counter[str] = Counter()
    items: list[Item] = []
    for task in tasks:
        where = f"{path}, task {task.id}"
        done = [annotation for annotation in task.annotations if not annotation.was_cancelled]
        if not done:
            left_out["not annotated"] += 1
            continue
        if len(done) > 1:
            raise DatasetError(f"{where} has {len(done)} annotations: keep the one that is right")
        name = _picture_name(task, where)
        boxes = [_drawn(result, names, where) for result in done[0].result]
        items.append(Item(path=_find(pictures, name, where), origin=name, source=source, labels=labels_of(boxes)))
    occurring = sorted({int(number) for item in items for number in item.labels.class_id})
    labelled = tuple(names.ours[number] for number in occurring)
    sources = {source: Source(labelled=labelled, licence="not stated")}
    return Batch(items=tuple(items), sources=sources, left_out=left_out)


def _picture_name(task: _Task, where: str) -> str:
    """`/data/upload/3/0a1b2c3d-street.jpg` or `/data/local-files/?d=day1/street.jpg` → the path of the picture."""
    address = task.data.get("image") or task.data.get("img")
    if not isinstance(address, str):
        raise DatasetError(f"{where} names no picture in data.image: export tasks with pictures")
    parts = urlsplit(address)
    local = parse_qs(parts.query).get("d")
    return local[0] if local else parts.path.rpartition("/")[2] if parts.path.startswith("/") else parts.path


def _find(pictures: PictureIndex, name: str, where: str) -> Path:
    try:
        return pictures.find(name, where)
    except DatasetError:
        if not UPLOADED.match(name):
            raise
    return pictures.find(UPLOADED.sub("", name), where)


def _drawn(result: _Result, names: ClassNames, where: str) -> Drawn:
    if result.type != "rectanglelabels":
        raise DatasetError(f"{where} holds {result.type}: only rectangles with one label can be read")
    try:
        value = _Value.model_validate(result.value)
    except ValidationError as error:
        first = error.errors()[0]
        raise DatasetError(
            f"{where}: {'.'.join(map(str, first['loc']))}: {first['msg']}; draw the box again"
        ) from error
    if value.rotation:
        raise DatasetError(f"{where} has a rotated box: draw it upright")
    return Drawn(
        class_id=names.number(value.rectanglelabels[0], where),
        x1=value.x / 100,
        y1=value.y / 100,
        x2=(value.x + value.width) / 100,
        y2=(value.y + value.height) / 100,
        where=where,
    )
