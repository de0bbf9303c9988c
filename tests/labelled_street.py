"""Small labelled data sets, drawn by the tests."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np

from training.sources import Source, Sources

Row = tuple[int, float, float, float, float]  # class, centre x, centre y, width, height as shares

SOURCES = Sources(
    classes=("thing", "bright"),
    sources={
        "town/spots": Source(labelled=("bright",), completed=("thing",), licence="CC0-1.0"),
        "town/things": Source(labelled=("thing",), licence="CC0-1.0"),
    },
)


def draw(path: Path, rows: Sequence[Row], size_wh: tuple[int, int] = (160, 90)) -> None:
    """A dark picture; every row of class 1 is a white rectangle, of class 0 a grey one."""
    pixels = np.zeros((size_wh[1], size_wh[0], 3), dtype=np.uint8)
    for class_id, x, y, w, h in rows:
        x1, y1, x2, y2 = (
            round(v)
            for v in (
                (x - w / 2) * size_wh[0],
                (y - h / 2) * size_wh[1],
                (x + w / 2) * size_wh[0],
                (y + h / 2) * size_wh[1],
            )
        )
        pixels[y1:y2, x1:x2] = 255 if class_id else 90
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), pixels)


def write_labels(path: Path, rows: Sequence[Row]) -> None:
    """One YOLO label file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(" ".join(str(v) for v in row) + "\n" for row in rows), encoding="utf-8")


def write_street(
    root: Path, split: str, pictures: Mapping[str, Sequence[Row]], plus: Mapping[str, Sequence[Row]] | None = None
) -> Path:
    """A data set in our own layout.

    Args:
        root: its folder.
        split: train or val; also the name of the list.
        pictures: `group/source/stem` → what people labelled, which is also what is drawn.
        plus: the same with machine-made boxes; where a picture is missing, its own labels.
    """
    lines: list[str] = []
    for name, rows in pictures.items():
        source, _, stem = name.rpartition("/")
        folder = root / source / split
        draw(folder / "images" / f"{stem}.png", rows)
        write_labels(folder / "labels" / f"{stem}.txt", rows)
        write_labels(folder / "labels_plus" / f"{stem}.txt", (plus or {}).get(name, rows))
        lines.append(f"./{source}/{split}/images/{stem}.png\n")
    listing = root / f"{split}.txt"
    listing.write_text("".join(lines), encoding="utf-8")
    return listing
