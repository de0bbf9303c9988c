"""Contact sheets: a few pictures of every class and source with their boxes, to see at a glance what was labelled."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import cv2
import numpy as np

from inference.errors import InferenceError
from inference.frame import ImageBGR
from inference.sources.still_picture import still_picture
from training.dataset import Labels
from training.errors import DatasetError
from training.freeze.item import Item
from training.freeze.manifest import FrozenManifest

COLUMNS, ROWS = 5, 4
CELL_WH = (256, 192)
DRAWN, ADDED, ABSENT = (60, 200, 60), (200, 160, 60), (40, 40, 230)
"""Colours (BGR) of boxes that people drew, that a machine added, and of regions where a class is known to be absent."""


def contact_sheets(manifest: FrozenManifest, items: Mapping[str, Item]) -> dict[str, Callable[[], bytes]]:
    """`sheets/class-NAME.jpg` and `sheets/source-NAME.jpg`, each made when it is asked for."""
    by_class = {
        f"class-{name}": [p.sha256 for p in manifest.pictures if _holds(items[p.sha256], number)]
        for number, name in enumerate(manifest.classes)
    }
    by_source = {
        f"source-{name.replace('/', '-')}": [p.sha256 for p in manifest.pictures if p.source == name]
        for name in manifest.sources
    }
    return {
        f"sheets/{name}.jpg": partial(_sheet, name, members, items, manifest.classes)
        for name, members in {**by_class, **by_source}.items()
        if members
    }


def _holds(item: Item, number: int) -> bool:
    return number in item.labels.class_id or number in item.regions.class_id


def _some(name: str, members: Sequence[str]) -> list[str]:
    """As many as fit, always the same."""
    ordered = sorted(members, key=lambda sha256: hashlib.sha256(f"{name}{sha256}".encode()).digest())
    return ordered[: COLUMNS * ROWS]


def _sheet(name: str, members: Sequence[str], items: Mapping[str, Item], classes: Sequence[str]) -> bytes:
    width, height = CELL_WH
    chosen = [items[sha256] for sha256 in _some(name, members)]
    rows = -(-len(chosen) // COLUMNS)
    sheet = np.full((rows * height, COLUMNS * width, 3), 32, dtype=np.uint8)
    for number, item in enumerate(chosen):
        top, left = number // COLUMNS * height, number % COLUMNS * width
        cell = _cell(item, classes)
        sheet[top : top + cell.shape[0], left : left + cell.shape[1]] = cell
    done, encoded = cv2.imencode(".jpg", sheet, [cv2.IMWRITE_JPEG_QUALITY, 80])
    if not done:
        raise DatasetError(f"the contact sheet {name} cannot be drawn; freeze again")
    return encoded.tobytes()


def _cell(item: Item, classes: Sequence[str]) -> ImageBGR:
    try:
        pixels = still_picture(item.path.read_bytes()).bgr(CELL_WH).copy()
    except InferenceError as error:
        raise DatasetError(f"{item.path} cannot be used: {error}") from error
    for labels, colour in ((item.completed, ADDED), (item.regions, ABSENT), (item.labels, DRAWN)):
        if labels is not None:
            _draw(pixels, labels, classes, colour)
    return pixels


def _draw(pixels: ImageBGR, labels: Labels, classes: Sequence[str], colour: tuple[int, int, int]) -> None:
    height, width = pixels.shape[:2]
    for number, (x, y, w, h) in zip(labels.class_id, labels.xywh, strict=True):
        start = round((x - w / 2) * width), round((y - h / 2) * height)
        end = round((x + w / 2) * width), round((y + h / 2) * height)
        cv2.rectangle(pixels, start, end, colour, 1)
        at = (start[0], max(start[1] - 2, 8))
        cv2.putText(pixels, classes[int(number)], at, cv2.FONT_HERSHEY_SIMPLEX, 0.3, colour, 1, cv2.LINE_AA)
